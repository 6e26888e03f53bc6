"""Forms of the help desk."""

from collections.abc import Sequence

from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, HiddenField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, Email, InputRequired, Length, Optional

from expo.checkin.queries.checkpoints import CheckpointRow
from expo.checkin.rules import MAX_FORCE_NOTE, ForceReason
from expo.registration.rules import AttendeeRequest, OrderRequest, Source
from expo.tickets.queries import TicketTypeRow
from expo.web.forms.attendee_fields import (
    company_field,
    country_field,
    job_title_field,
    language_field,
    latin_name_field,
    name_field,
)
from expo.web.kit.choices import as_choices
from expo.web.kit.countries import countries_in
from expo.web.kit.formats import currency, number
from expo.web.kit.language import current_language, current_locale, localized
from expo.web.kit.scan_labels import FORCE_REASONS


def _email_field() -> EmailField:
    return EmailField(
        _l("E-mail address"),
        validators=[
            DataRequired(_l("Enter an e-mail address.")),
            Email(_l("This does not look like an e-mail address. Check it for typing errors.")),
        ],
        render_kw={"dir": "ltr", "autocomplete": "off", "inputmode": "email"},
    )


class EmailForm(FlaskForm):  # type: ignore[misc]
    """The correct address of an attendee."""

    email = _email_field()
    whole_order = BooleanField(
        _l("Also change it for the order and its other attendees with the old address"), default=True
    )


class TicketForm(FlaskForm):  # type: ignore[misc]
    """Another ticket for an attendee."""

    ticket_type = RadioField(_l("Ticket"), validators=[InputRequired(_l("Choose a ticket."))])

    def offer(self, offers: Sequence[TicketTypeRow], current: str) -> None:
        """Fill in every ticket type but the attendee's own."""
        self.ticket_type.choices = as_choices(
            (each.code, ticket_label(each)) for each in offers if each.code != current
        )


class CheckInForm(FlaskForm):  # type: ignore[misc]
    """Where somebody goes in."""

    # Made by the page: the same check-in sent twice is one.
    scan_id = HiddenField(validators=[InputRequired(), Length(max=64)])
    checkpoint = RadioField(_l("Checkpoint"), validators=[InputRequired(_l("Choose a checkpoint."))])
    forced = BooleanField(_l("Let in even if the checkpoint refuses"))
    force_reason = SelectField(_l("Why let them in?"), validators=[Optional()])
    force_note = StringField(
        _l("Note"), validators=[Length(max=MAX_FORCE_NOTE)], render_kw={"dir": "auto", "autocomplete": "off"}
    )

    @property
    def is_forced(self) -> bool:
        """Whether they are let in although the checkpoint refuses."""
        return "forced" in self and bool(self.forced.data)

    def remove_forcing(self) -> None:
        """Remove the fields of those who may force."""
        del self.forced, self.force_reason, self.force_note

    def read_force_reason(self) -> ForceReason | None:
        """Return why they are let in anyway."""
        return ForceReason(self.force_reason.data) if self.is_forced else None

    def read_force_note(self) -> str:
        """Return the same in words."""
        return " ".join((self.force_note.data or "").split()) if self.is_forced else ""

    def validate(self, extra_validators: object = None) -> bool:
        """Require a reason for letting somebody in anyway, and words where none of the reasons fits."""
        is_valid = bool(super().validate(extra_validators))
        if not self.is_forced:
            return is_valid
        if not self.force_reason.data:
            self.force_reason.errors = [_("Choose a reason.")]
            return False
        if self.force_reason.data == ForceReason.OTHER and not self.read_force_note():
            self.force_note.errors = [_("Say in a few words why.")]
            return False
        return is_valid

    def offer(self, checkpoints: Sequence[CheckpointRow]) -> None:
        """Fill in the checkpoints that are open, and why somebody may be let in anyway."""
        self.checkpoint.choices = as_choices((each.code, localized(each.name)) for each in checkpoints if each.is_open)
        if "force_reason" in self:
            reasons = [(each.value, str(words)) for each, words in FORCE_REASONS.items()]
            self.force_reason.choices = as_choices([("", _("Choose a reason")), *reasons])


class WalkInForm(FlaskForm):  # type: ignore[misc]
    """Somebody who registers at the counter."""

    # Made by the page: the same registration sent twice is one.
    client_key = HiddenField(validators=[Length(max=64)])
    ticket_type = SelectField(_l("Ticket"), validators=[InputRequired(_l("Choose a ticket."))])
    name = name_field(_l("The name to print on the badge, in the attendee's own script."), is_own=False)
    latin_name = latin_name_field(_l("Printed below the name if it is in another script."))
    email = _email_field()
    country = country_field(is_own=False)
    company = company_field(is_own=False)
    job_title = job_title_field(is_own=False)
    language = language_field()
    anyway = BooleanField(_l("This is a different person: register anyway"))

    def offer(self, offers: Sequence[TicketTypeRow]) -> None:
        """Fill in the choices: every ticket type, as the desk may give out those that are not on public sale."""
        self.ticket_type.choices = as_choices((each.code, ticket_label(each)) for each in offers)
        self.country.choices = [("", _("Choose …")), *countries_in(current_locale())]
        if not self.language.data:
            self.language.data = current_language().code

    def to_request(self) -> OrderRequest:
        """Return what was entered as a plain value."""
        email, language = self.email.data or "", self.language.data or ""
        person = AttendeeRequest(
            ticket_type_code=self.ticket_type.data or "",
            name=self.name.data or "",
            latin_name=self.latin_name.data or "",
            country=self.country.data or "",
            company=self.company.data or "",
            job_title=self.job_title.data or "",
            language=language,
        )
        return OrderRequest(
            email=email,
            language=language,
            attendees=(person,),
            source=Source.DESK.value,
            client_key=self.client_key.data or None,
        )


def ticket_label(offer: TicketTypeRow) -> str:
    """Return a ticket type's name with its price and what is left, for a list to choose from."""
    price = currency(offer.price_cents, offer.currency) if offer.price_cents else _("free")
    if offer.places_left is None:
        return f"{localized(offer.name)} · {price}"
    left = _("sold out") if offer.places_left == 0 else _("%(count)s left", count=number(offer.places_left))
    return f"{localized(offer.name)} · {price} · {left}"
