"""Forms of the settings: the edition, ticket types, quotas, people and their roles, API tokens."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    EmailField,
    FormField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from expo.accounts.rules import Permission, Role
from expo.editions.queries import EditionFacts
from expo.editions.rules import MAX_SLUG_LENGTH, EditionChange
from expo.tickets.queries import QuotaRow, TicketTypeRow
from expo.web.kit.choices import as_choices
from expo.web.kit.language import LANGUAGES
from expo.web.organizer.text_fields import LongTexts, ShortTexts, as_typed, in_zone, moment_field, texts_of
from expo.web.organizer.words import PERMISSIONS, ROLES

BANDS = 8
CODE_LENGTH = 32
MAX_PRICE = 1_000_000
MAX_PLACES = 10_000_000
# Roles that organizers give by hand.
GIVEN_ROLES = (Role.ORGANIZER, Role.PROGRAM_MANAGER, Role.DESK, Role.STEWARD, Role.REVIEWER)


def check_boxes(label: Any, description: Any = "", **options: Any) -> SelectMultipleField:
    """Return a field of check boxes, any number of which may be ticked."""
    return SelectMultipleField(
        label,
        description=description,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        **options,
    )


class EditionForm(FlaskForm):  # type: ignore[misc]
    """What pages, letters and badges say of an edition."""

    title = FormField(ShortTexts, label=_l("Title"))
    tagline = FormField(ShortTexts, label=_l("Tagline"))
    venue = FormField(ShortTexts, label=_l("Venue"))
    city = FormField(ShortTexts, label=_l("City"))
    starts_on = DateField(_l("First day"), validators=[InputRequired(_l("Choose the first day."))])
    ends_on = DateField(_l("Last day"), validators=[InputRequired(_l("Choose the last day."))])
    time_zone = StringField(
        _l("Time zone"),
        description=_l("As in the IANA list, such as Asia/Shanghai. All times are shown in it."),
        validators=[DataRequired(_l("Enter a time zone."))],
        render_kw={"dir": "ltr", "list": "time-zones", "autocomplete": "off"},
    )
    languages = check_boxes(
        _l("Languages"),
        _l("In which you offer texts of this expo."),
        choices=as_choices((each.code, each.name) for each in LANGUAGES),
    )
    currency = StringField(
        _l("Currency"),
        description=_l("Three letters, such as CNY. Orders placed before keep theirs."),
        validators=[DataRequired(_l("Enter a currency by its three letters, such as CNY.")), Length(3, 3)],
        filters=[lambda text: text.strip().upper() if text else text],
        render_kw={"dir": "ltr", "maxlength": 3},
    )
    contact_email = EmailField(
        _l("Contact address"),
        description=_l("Where people write to who have a question. Stands in letters and on pages."),
        validators=[Length(max=320)],
        render_kw={"dir": "ltr"},
    )
    accent_color = StringField(
        _l("Accent colour"),
        description=_l("As # and six digits or letters. It is darkened or lightened until texts in it can be read."),
        validators=[Length(max=7)],
        filters=[lambda text: text.strip() or None if text else None],
        render_kw={"dir": "ltr", "placeholder": "#0f766e", "maxlength": 7},
    )

    @classmethod
    def of(cls, edition: EditionFacts) -> "EditionForm":
        """Return the form filled in with the facts, or with what was just typed."""
        return cls(obj=edition)

    def to_change(self, before: EditionFacts) -> EditionChange:
        """Return what was typed as a plain value."""
        languages = tuple(each.code for each in LANGUAGES if each.code in (self.languages.data or ()))
        every = tuple(each.code for each in LANGUAGES)
        return EditionChange(
            title=texts_of(self.title, every),
            tagline=texts_of(self.tagline, every),
            venue=texts_of(self.venue, every),
            city=texts_of(self.city, every),
            starts_on=self.starts_on.data or before.starts_on,
            ends_on=self.ends_on.data or before.ends_on,
            time_zone=(self.time_zone.data or "").strip(),
            languages=languages,
            currency=self.currency.data or "",
            contact_email=(self.contact_email.data or "").strip(),
            accent_color=self.accent_color.data,
        )


class NewEditionForm(FlaskForm):  # type: ignore[misc]
    """A new expo: what it must have from the start."""

    slug = StringField(
        _l("Short name"),
        description=_l("Small letters, digits and dashes, such as expo-2028. It cannot be changed later."),
        validators=[DataRequired(_l("Enter a short name.")), Length(max=MAX_SLUG_LENGTH)],
        render_kw={"dir": "ltr", "autocapitalize": "none"},
    )
    title = FormField(ShortTexts, label=_l("Title"))
    starts_on = DateField(_l("First day"), validators=[InputRequired(_l("Choose the first day."))])
    ends_on = DateField(_l("Last day"), validators=[InputRequired(_l("Choose the last day."))])
    time_zone = StringField(
        _l("Time zone"),
        description=_l("As in the IANA list, such as Asia/Shanghai. All times are shown in it."),
        validators=[DataRequired(_l("Enter a time zone."))],
        render_kw={"dir": "ltr", "list": "time-zones", "autocomplete": "off"},
    )


class TicketTypeForm(FlaskForm):  # type: ignore[misc]
    """What people can register as."""

    code = StringField(
        _l("Code"),
        description=_l("Letters, digits and dashes, such as visitor. Programs use it; it cannot be changed later."),
        validators=[DataRequired(_l("Enter a code.")), Length(max=CODE_LENGTH)],
        render_kw={"dir": "ltr", "autocapitalize": "none"},
    )
    name = FormField(ShortTexts, label=_l("Name"))
    description = FormField(LongTexts, label=_l("Description"))
    price = DecimalField(
        _l("Price"),
        description=_l("0 is free."),
        places=2,
        default=Decimal(0),
        validators=[InputRequired(_l("Enter a price; 0 is free.")), NumberRange(0, MAX_PRICE)],
        render_kw={"inputmode": "decimal", "dir": "ltr"},
    )
    sale_starts_at = moment_field(_l("Sale begins"), _l("In the time of the expo. Empty: at once."))
    sale_ends_at = moment_field(_l("Sale ends"), _l("Empty: it does not."))
    max_per_order = IntegerField(
        _l("Most in one order"), default=10, validators=[InputRequired(), NumberRange(1, 50)], render_kw={"min": 1}
    )
    requires_approval = BooleanField(_l("We approve each person before the badge is issued"))
    is_public = BooleanField(_l("Offered on the public registration page"), default=True)
    band = RadioField(
        _l("Band on the badge"),
        coerce=int,
        choices=as_choices((number, str(number + 1)) for number in range(BANDS)),
        default=0,
    )
    valid_from = DateField(_l("First day of validity"), validators=[InputRequired(_l("Choose a day."))])
    valid_days = IntegerField(
        _l("Days of validity"), validators=[InputRequired(), NumberRange(1, 255)], render_kw={"min": 1}
    )
    quota_ids = check_boxes(_l("Quotas"), _l("The ticket takes a place from each of these."), coerce=int)

    @classmethod
    def of(cls, row: TicketTypeRow, edition: EditionFacts, quotas: list[QuotaRow]) -> "TicketTypeForm":
        """Return the form filled in with what is offered, or with what was just typed."""
        return cls(
            data={
                "code": row.code,
                "name": row.name,
                "description": row.description,
                "price": Decimal(row.price_cents) / 100,
                "sale_starts_at": as_typed(row.sale_starts_at, edition.zone),
                "sale_ends_at": as_typed(row.sale_ends_at, edition.zone),
                "max_per_order": row.max_per_order,
                "requires_approval": row.requires_approval,
                "is_public": row.is_public,
                "band": row.band,
                "valid_from": row.valid_from,
                "valid_days": row.valid_days,
                "quota_ids": [each.id for each in quotas if row.code in each.ticket_type_codes],
            }
        )

    @classmethod
    def blank(cls, edition: EditionFacts) -> "TicketTypeForm":
        """Return the form of a new ticket type: valid on every day of the expo."""
        return cls(data={"valid_from": edition.starts_on, "valid_days": len(edition.days), "is_public": True})

    def offer(self, quotas: list[QuotaRow]) -> None:
        """Fill in what can be chosen."""
        self.quota_ids.choices = as_choices((each.id, each.name) for each in quotas)

    def to_values(self, edition: EditionFacts, before: TicketTypeRow | None = None) -> dict[str, Any]:
        """Return what was typed as the values of a ticket type."""
        return {
            "name": texts_of(self.name, edition.languages, before.name if before else None),
            "description": texts_of(self.description, edition.languages, before.description if before else None),
            "price_cents": round((self.price.data or Decimal(0)) * 100),
            "sale_starts_at": in_zone(self.sale_starts_at.data, edition.zone),
            "sale_ends_at": in_zone(self.sale_ends_at.data, edition.zone),
            "max_per_order": self.max_per_order.data,
            "requires_approval": self.requires_approval.data,
            "is_public": self.is_public.data,
            "band": self.band.data,
            "valid_from": self.valid_from.data,
            "valid_days": self.valid_days.data,
        }


class QuotaForm(FlaskForm):  # type: ignore[misc]
    """A number of places, and the tickets that take from it."""

    name = StringField(
        _l("Name"),
        description=_l("For you alone, such as Seats in the great hall."),
        validators=[DataRequired(_l("Enter a name.")), Length(max=100)],
        render_kw={"dir": "auto"},
    )
    size = IntegerField(
        _l("Places"),
        description=_l("Leave it empty to count without a limit."),
        validators=[Optional(), NumberRange(0, MAX_PLACES)],
        render_kw={"inputmode": "numeric", "min": 0},
    )
    ticket_types = check_boxes(_l("Tickets that take a place"))


class RoleForm(FlaskForm):  # type: ignore[misc]
    """Invite a person with a role."""

    email = EmailField(
        _l("E-mail address"),
        description=_l(
            "We send an invitation to this address. People sign in with a link by e-mail; no password is needed."
        ),
        validators=[DataRequired(_l("Enter an e-mail address.")), Length(max=320)],
        render_kw={"dir": "ltr", "autocomplete": "off"},
    )
    role = SelectField(_l("Role"), choices=as_choices((role.value, ROLES[role]) for role in GIVEN_ROLES))


class ApiTokenForm(FlaskForm):  # type: ignore[misc]
    """A secret for a program."""

    name = StringField(
        _l("Name"),
        description=_l("What uses it, such as Scanners at the north gate."),
        validators=[DataRequired(_l("Enter a name.")), Length(max=100)],
        render_kw={"dir": "auto"},
    )
    permissions = check_boxes(
        _l("It may"),
        choices=as_choices((each.value, PERMISSIONS[each]) for each in Permission if each is not Permission.REGISTER),
    )


def first_free_start(editions: list[EditionFacts]) -> dict[str, Any]:
    """Return when the next expo may be: a year after the last, on the same days of the week; no days for the first."""
    if not editions:
        return {"time_zone": "Asia/Shanghai"}
    last = max(editions, key=lambda each: each.starts_on)
    return {
        "starts_on": last.starts_on + timedelta(weeks=52),
        "ends_on": last.ends_on + timedelta(weeks=52),
        "time_zone": last.time_zone,
    }
