"""The form of a service for exhibitors."""

from decimal import Decimal

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, DecimalField, FormField, IntegerField
from wtforms.validators import InputRequired, NumberRange, Optional

from expo.editions.queries import EditionFacts
from expo.exhibitors.queries import ServiceRow
from expo.exhibitors.rules import MAX_AMOUNT, MAX_SERVICE_PRICE_CENTS, ServiceRequest
from expo.web.kit.language import lazy_pgettext
from expo.web.kit.text_fields import LongTexts, ShortTexts, texts_of

MAX_PRICE = Decimal(MAX_SERVICE_PRICE_CENTS) / 100


class ServiceForm(FlaskForm):  # type: ignore[misc]
    """A service to order."""

    name = FormField(ShortTexts, label=lazy_pgettext("object", "Name"))
    text = FormField(LongTexts, label=_l("Description"), description=_l("You can use Markdown."))
    unit = FormField(ShortTexts, label=_l("Unit"), description=_l("Such as piece, day or square metre."))
    price = DecimalField(
        _l("Price of one unit"),
        places=2,
        validators=[InputRequired(_l("Enter a price of 0 or more.")), NumberRange(0, MAX_PRICE)],
        render_kw={"inputmode": "decimal", "min": "0", "step": "0.01"},
    )
    last_day = DateField(
        _l("Last day to order"),
        description=_l("Companies can order, change and cancel until the end of this day. Leave empty for no limit."),
        validators=[Optional()],
    )
    maximum = IntegerField(
        _l("Maximum for each company"), validators=[Optional(), NumberRange(1, MAX_AMOUNT)], render_kw={"min": 1}
    )
    stock = IntegerField(
        _l("Available in total"),
        description=_l("Empty: no limit."),
        validators=[Optional(), NumberRange(0, MAX_AMOUNT)],
        render_kw={"min": 0},
    )

    @classmethod
    def of(cls, service: ServiceRow | None) -> "ServiceForm":
        """Return the form filled in with a service, or with what was just submitted."""
        if service is None:
            return cls()
        return cls(data={**vars(service), "price": Decimal(service.price_cents) / 100})

    def to_request(self, edition: EditionFacts, service: ServiceRow | None) -> ServiceRequest:
        """Return the submitted values as a service request."""
        return ServiceRequest(
            name=texts_of(self.name, edition.languages, dict(service.name) if service else None),
            text=texts_of(self.text, edition.languages, dict(service.text) if service else None),
            unit=texts_of(self.unit, edition.languages, dict(service.unit) if service else None),
            price_cents=round((self.price.data or Decimal(0)) * 100),
            last_day=self.last_day.data,
            maximum=self.maximum.data,
            stock=self.stock.data,
        )
