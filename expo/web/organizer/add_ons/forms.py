"""The form of an add-on."""

from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DecimalField, FormField, IntegerField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from expo.editions.queries import EditionFacts
from expo.tickets.queries import AddOnRow, QuotaRow, TicketTypeRow
from expo.web.kit.choices import as_choices, check_boxes
from expo.web.kit.language import localized
from expo.web.kit.text_fields import LongTexts, ShortTexts, from_local, moment_field, texts_of, to_local

CODE_LENGTH = 32
MAX_PLACES = 10_000_000
MAX_PRICE = 1_000_000
MAX_PER_ATTENDEE = 20


class AddOnForm(FlaskForm):  # type: ignore[misc]
    """An add-on."""

    code = StringField(
        _l("Code"),
        description=_l(
            "Letters, digits and hyphens, such as gala-dinner. Used by checkpoints and other programs, so it cannot be "
            "changed later."
        ),
        validators=[DataRequired(_l("Enter a code.")), Length(max=CODE_LENGTH)],
        render_kw={"dir": "ltr", "autocapitalize": "none"},
    )
    name = FormField(ShortTexts, label=_l("Name of the add-on"))
    description = FormField(LongTexts, label=_l("Description"))
    price = DecimalField(
        _l("Price"),
        description=_l("For each unit. Enter 0 if it is free."),
        places=2,
        default=Decimal(0),
        validators=[InputRequired(_l("Enter a price, or 0 if it is free.")), NumberRange(0, MAX_PRICE)],
        render_kw={"inputmode": "decimal", "dir": "ltr"},
    )
    size = IntegerField(
        _l("Places"),
        description=_l("How many can be booked in total. Leave empty for no limit."),
        validators=[Optional(), NumberRange(0, MAX_PLACES)],
        render_kw={"inputmode": "numeric", "min": 0},
    )
    max_per_attendee = IntegerField(
        _l("Maximum per person"),
        default=1,
        validators=[InputRequired(), NumberRange(1, MAX_PER_ATTENDEE)],
        render_kw={"min": 1, "max": MAX_PER_ATTENDEE},
    )
    sale_starts_at = moment_field(_l("Sales start"), _l("In the expo’s time zone. Leave empty to start immediately."))
    sale_ends_at = moment_field(_l("Sales end"), _l("Leave empty for no end."))
    ticket_types = check_boxes(_l("Offered with"), _l("Choose none to offer it with every ticket."))
    quota_ids = check_boxes(
        _l("Shared quotas"), _l("Each unit also takes a place in these quotas, which tickets may use too."), coerce=int
    )
    is_public = BooleanField(_l("Show on the public registration page"), default=True)

    @classmethod
    def of(cls, row: AddOnRow, edition: EditionFacts) -> "AddOnForm":
        """Return the form filled in with the add-on, or with what was just submitted."""
        return cls(
            data={
                "code": row.code,
                "name": row.name,
                "description": row.description,
                "price": Decimal(row.price_cents) / 100,
                "size": row.size,
                "max_per_attendee": row.max_per_attendee,
                "sale_starts_at": to_local(row.sale_starts_at, edition.zone),
                "sale_ends_at": to_local(row.sale_ends_at, edition.zone),
                "ticket_types": list(row.ticket_type_codes),
                "quota_ids": [each.id for each in row.shared_quotas],
                "is_public": row.is_public,
            }
        )

    def offer(self, ticket_types: list[TicketTypeRow], quotas: list[QuotaRow], own: QuotaRow | None = None) -> None:
        """Set the choices. The quota of its own is the number of places."""
        self.ticket_types.choices = as_choices((each.code, localized(each.name)) for each in ticket_types)
        self.quota_ids.choices = as_choices((each.id, each.name) for each in quotas if own is None or each.id != own.id)

    def to_values(self, edition: EditionFacts, before: AddOnRow | None = None) -> dict[str, Any]:
        """Return the submitted values of an add-on, other than its places."""
        return {
            "name": texts_of(self.name, edition.languages, before.name if before else None),
            "description": texts_of(self.description, edition.languages, before.description if before else None),
            "price_cents": round((self.price.data or Decimal(0)) * 100),
            "max_per_attendee": self.max_per_attendee.data,
            "sale_starts_at": from_local(self.sale_starts_at.data, edition.zone),
            "sale_ends_at": from_local(self.sale_ends_at.data, edition.zone),
            "ticket_type_codes": tuple(self.ticket_types.data or ()),
            "is_public": self.is_public.data,
        }
