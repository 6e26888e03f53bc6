"""The form of a package."""

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DecimalField, FormField, IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional

from expo.editions.queries import EditionFacts
from expo.exhibitors.queries import PackageRow
from expo.exhibitors.rules import MAX_PACKAGE_NUMBER, MAX_PRICE_CENTS, PackageRequest
from expo.web.kit.choices import as_choices
from expo.web.kit.language import lazy_pgettext
from expo.web.kit.text_fields import LongTexts, ShortTexts, texts_of
from expo.web.organizer.ticket_choices import ticket_choices


def _number(label: Any, description: Any = "") -> IntegerField:
    return IntegerField(
        label,
        description=description,
        default=0,
        validators=[InputRequired(_l("Enter a number, or 0.")), NumberRange(0, MAX_PACKAGE_NUMBER)],
        render_kw={"min": 0, "inputmode": "numeric"},
    )


class PackageForm(FlaskForm):  # type: ignore[misc]
    """A package of exhibitors."""

    name = FormField(ShortTexts, label=lazy_pgettext("object", "Name"))
    description = FormField(LongTexts, label=_l("Description"))
    price = DecimalField(
        _l("Price"),
        places=2,
        default=Decimal(0),
        validators=[InputRequired(_l("Enter a price, or 0.")), NumberRange(0, MAX_PRICE_CENTS // 100)],
        render_kw={"inputmode": "decimal", "dir": "ltr"},
    )
    booth_area = _number(_l("Booth (m²)"))
    passes = _number(_l("Passes"), _l("How many team members get a badge."))
    pass_ticket = SelectField(_l("Ticket of the passes"), default="", validate_choice=False)
    meeting_tables = _number(_l("Meeting tables"))
    lead_licences = _number(_l("Lead licences"), _l("How many team members can scan visitors’ badges."))
    size = IntegerField(
        lazy_pgettext("stock", "Available"),
        description=_l("How many companies can have it. Leave empty for no limit."),
        validators=[Optional(), NumberRange(0, MAX_PACKAGE_NUMBER)],
        render_kw={"min": 0, "inputmode": "numeric"},
    )
    is_offered = BooleanField(_l("Companies can ask for it when they apply"), default=True)

    @classmethod
    def of(cls, package: PackageRow | None, edition: EditionFacts) -> "PackageForm":
        """Return the form filled in with a package, or with what was just submitted."""
        data = asdict(package) | {"price": Decimal(package.price_cents) / 100} if package else None
        form = cls(data=data)
        tickets = ticket_choices(edition, package.pass_ticket if package else None)
        form.pass_ticket.choices = as_choices([("", _("Not chosen: passes cannot be issued yet")), *tickets])
        return form

    def to_request(self, edition: EditionFacts, before: PackageRow | None = None) -> PackageRequest:
        """Return the package as submitted."""
        return PackageRequest(
            name=texts_of(self.name, edition.languages, before.name if before else None),
            description=texts_of(self.description, edition.languages, before.description if before else None),
            booth_area=self.booth_area.data or 0,
            passes=self.passes.data or 0,
            meeting_tables=self.meeting_tables.data or 0,
            lead_licences=self.lead_licences.data or 0,
            price_cents=round((self.price.data or Decimal(0)) * 100),
            pass_ticket=self.pass_ticket.data or "",
            size=self.size.data,
            is_offered=self.is_offered.data,
        )
