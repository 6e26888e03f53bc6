"""Forms of the help desk."""

from collections.abc import Sequence

from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, HiddenField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, Email, InputRequired, Length

from expo.checkin.queries.checkpoints import CheckpointRow
from expo.pure.fields import MAX_NAME_LENGTH, MAX_TEXT_LENGTH
from expo.registration.rules import AttendeeWish, OrderWish, Source
from expo.tickets.queries import TicketTypeRow
from expo.web.kit.choices import as_choices
from expo.web.kit.countries import countries_in
from expo.web.kit.formats import currency
from expo.web.kit.language import LANGUAGES, current_language, current_locale, localized


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

    def offer(self, checkpoints: Sequence[CheckpointRow]) -> None:
        """Fill in the checkpoints that are open."""
        self.checkpoint.choices = as_choices((each.code, localized(each.name)) for each in checkpoints if each.is_open)


class WalkInForm(FlaskForm):  # type: ignore[misc]
    """Somebody who registers at the counter."""

    # Made by the page: the same registration sent twice is one.
    client_key = HiddenField(validators=[Length(max=64)])
    ticket_type = SelectField(_l("Ticket"), validators=[InputRequired(_l("Choose a ticket."))])
    name = StringField(
        _l("Name"),
        description=_l("The name to print on the badge, in the attendee's own script."),
        validators=[DataRequired(_l("Enter a name.")), Length(max=MAX_NAME_LENGTH)],
        render_kw={"dir": "auto", "autocomplete": "off"},
    )
    latin_name = StringField(
        _l("Name in Latin letters"),
        description=_l("Printed below the name if it is in another script."),
        validators=[Length(max=MAX_NAME_LENGTH)],
        render_kw={"dir": "ltr", "autocomplete": "off"},
    )
    email = _email_field()
    country = SelectField(_l("Country or region"), validators=[InputRequired(_l("Choose a country or region."))])
    company = StringField(
        _l("Company or organization"),
        validators=[Length(max=MAX_TEXT_LENGTH)],
        render_kw={"dir": "auto", "autocomplete": "off"},
    )
    job_title = StringField(
        _l("Job title"), validators=[Length(max=MAX_TEXT_LENGTH)], render_kw={"dir": "auto", "autocomplete": "off"}
    )
    language = SelectField(_l("Language of e-mails"), choices=as_choices((each.code, each.name) for each in LANGUAGES))
    anyway = BooleanField(_l("This is a different person: register anyway"))

    def offer(self, offers: Sequence[TicketTypeRow]) -> None:
        """Fill in the choices: every ticket type, as the desk may give out those that are not on public sale."""
        self.ticket_type.choices = as_choices((each.code, ticket_label(each)) for each in offers)
        self.country.choices = [("", _("Choose …")), *countries_in(current_locale())]
        if not self.language.data:
            self.language.data = current_language().code

    def to_wish(self) -> OrderWish:
        """Return what was entered as a plain value."""
        email, language = self.email.data or "", self.language.data or ""
        person = AttendeeWish(
            ticket_type_code=self.ticket_type.data or "",
            name=self.name.data or "",
            latin_name=self.latin_name.data or "",
            country=self.country.data or "",
            company=self.company.data or "",
            job_title=self.job_title.data or "",
            language=language,
        )
        return OrderWish(
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
    left = _("sold out") if offer.places_left == 0 else _("%(count)s left", count=offer.places_left)
    return f"{localized(offer.name)} · {price} · {left}"
