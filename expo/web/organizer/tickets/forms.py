"""The form of a ticket type."""

from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    FormField,
    IntegerField,
    RadioField,
    StringField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from expo.editions.queries import EditionFacts
from expo.tickets.queries import QuotaRow, TicketTypeRow
from expo.web.kit.choices import as_choices, check_boxes
from expo.web.kit.text_fields import LongTexts, ShortTexts, from_local, moment_field, texts_of, to_local

BANDS = 8
CODE_LENGTH = 32
MAX_PARTY = 1000
MAX_PRICE = 1_000_000


class TicketTypeForm(FlaskForm):  # type: ignore[misc]
    """A ticket type."""

    code = StringField(
        _l("Code"),
        description=_l(
            "Letters, digits and hyphens, such as visitor. Used by other programs, so it cannot be changed later."
        ),
        validators=[DataRequired(_l("Enter a code.")), Length(max=CODE_LENGTH)],
        render_kw={"dir": "ltr", "autocapitalize": "none"},
    )
    name = FormField(ShortTexts, label=_l("Ticket name"))
    description = FormField(LongTexts, label=_l("Description"))
    price = DecimalField(
        _l("Price"),
        description=_l("Enter 0 for a free ticket."),
        places=2,
        default=Decimal(0),
        validators=[InputRequired(_l("Enter a price, or 0 for a free ticket.")), NumberRange(0, MAX_PRICE)],
        render_kw={"inputmode": "decimal", "dir": "ltr"},
    )
    sale_starts_at = moment_field(_l("Sales start"), _l("In the expo’s time zone. Leave empty to start immediately."))
    sale_ends_at = moment_field(_l("Sales end"), _l("Leave empty for no end."))
    max_per_order = IntegerField(
        _l("Maximum per order"), default=10, validators=[InputRequired(), NumberRange(1, 50)], render_kw={"min": 1}
    )
    requires_approval = BooleanField(_l("Require approval before the badge is issued"))
    is_public = BooleanField(_l("Show on the public registration page"), default=True)
    band = RadioField(
        _l("Colour band on the badge"),
        coerce=int,
        choices=as_choices((number, str(number + 1)) for number in range(BANDS)),
        default=0,
    )
    valid_from = DateField(_l("First day of validity"), validators=[InputRequired(_l("Choose a day."))])
    valid_days = IntegerField(
        _l("Days of validity"), validators=[InputRequired(), NumberRange(1, 255)], render_kw={"min": 1}
    )
    party = IntegerField(
        _l("People per badge"),
        description=_l("A group ticket admits several people with one scan."),
        default=1,
        validators=[Optional(), NumberRange(1, MAX_PARTY)],
        render_kw={"min": 1, "inputmode": "numeric"},
    )
    door_note = FormField(ShortTexts, label=_l("Note for check-in staff"))
    quota_ids = check_boxes(
        _l("Quotas"), _l("A registration with this ticket takes a place in each of these quotas."), coerce=int
    )

    @classmethod
    def of(cls, row: TicketTypeRow, edition: EditionFacts, quotas: list[QuotaRow]) -> "TicketTypeForm":
        """Return the form filled in with the ticket type, or with what was just submitted."""
        return cls(
            data={
                "code": row.code,
                "name": row.name,
                "description": row.description,
                "price": Decimal(row.price_cents) / 100,
                "sale_starts_at": to_local(row.sale_starts_at, edition.zone),
                "sale_ends_at": to_local(row.sale_ends_at, edition.zone),
                "max_per_order": row.max_per_order,
                "requires_approval": row.requires_approval,
                "is_public": row.is_public,
                "band": row.band,
                "valid_from": row.valid_from,
                "valid_days": row.valid_days,
                "party": row.party,
                "door_note": row.door_note,
                "quota_ids": [each.id for each in quotas if row.code in each.ticket_type_codes],
            }
        )

    @classmethod
    def blank(cls, edition: EditionFacts) -> "TicketTypeForm":
        """Return an empty form for a new ticket type, valid on all days of the expo."""
        return cls(data={"valid_from": edition.starts_on, "valid_days": len(edition.days), "is_public": True})

    def offer(self, quotas: list[QuotaRow]) -> None:
        """Set the choices."""
        self.quota_ids.choices = as_choices((each.id, each.name) for each in quotas)

    def to_values(self, edition: EditionFacts, before: TicketTypeRow | None = None) -> dict[str, Any]:
        """Return the submitted values of a ticket type."""
        return {
            "name": texts_of(self.name, edition.languages, before.name if before else None),
            "description": texts_of(self.description, edition.languages, before.description if before else None),
            "price_cents": round((self.price.data or Decimal(0)) * 100),
            "sale_starts_at": from_local(self.sale_starts_at.data, edition.zone),
            "sale_ends_at": from_local(self.sale_ends_at.data, edition.zone),
            "max_per_order": self.max_per_order.data,
            "requires_approval": self.requires_approval.data,
            "is_public": self.is_public.data,
            "band": self.band.data,
            "valid_from": self.valid_from.data,
            "valid_days": self.valid_days.data,
            "party": self.party.data or 1,
            "door_note": texts_of(self.door_note, edition.languages, before.door_note if before else None),
        }
