"""Rules of the services that organizers offer to exhibitors, and of orders for them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from expo.errors import Conflict, Invalid
from expo.exhibitors.rules.pages import check_line, check_text

MAX_SERVICE_NAME_LENGTH = 200
MAX_SERVICE_TEXT_LENGTH = 2_000
MAX_UNIT_LENGTH = 40
MAX_SERVICES = 200
MAX_AMOUNT = 10_000
MAX_SERVICE_PRICE_CENTS = 1_000_000_000


@dataclass(frozen=True)
class ServiceRequest:
    """A service: name, text and unit by language, price, last day to order, and how much there is.

    `maximum` limits each company, `stock` all of them together; None does not limit.
    """

    name: Mapping[str, str]
    text: Mapping[str, str]
    unit: Mapping[str, str]
    price_cents: int
    last_day: date | None = None
    maximum: int | None = None
    stock: int | None = None


def check_service(request: ServiceRequest) -> ServiceRequest:
    """Return the request with clean texts.

    Raises Invalid `service_name_empty`, `text_too_long`, `amount_out_of_range`, `price_out_of_range`.
    """
    name = check_line(request.name, "name", MAX_SERVICE_NAME_LENGTH)
    if not name:
        raise Invalid("service_name_empty", field="name")
    for field, amount, least in (("maximum", request.maximum, 1), ("stock", request.stock, 0)):
        if amount is not None and not least <= amount <= MAX_AMOUNT:
            raise Invalid("amount_out_of_range", field=field, minimum=least, maximum=MAX_AMOUNT)
    if not 0 <= request.price_cents <= MAX_SERVICE_PRICE_CENTS:
        raise Invalid("price_out_of_range", field="price")
    return ServiceRequest(
        name=name,
        text=check_text(request.text, "text", MAX_SERVICE_TEXT_LENGTH),
        unit=check_line(request.unit, "unit", MAX_UNIT_LENGTH),
        price_cents=request.price_cents,
        last_day=request.last_day,
        maximum=request.maximum,
        stock=request.stock,
    )


def check_order(amount: int, maximum: int | None, last_day: date | None, today: date) -> None:
    """Check an order against the service's limits; an amount of 0 cancels.

    Raises Conflict `service_closed`, Invalid `amount_out_of_range`.
    """
    if last_day is not None and today > last_day:
        raise Conflict("service_closed")
    most = MAX_AMOUNT if maximum is None else maximum
    if not 0 <= amount <= most:
        raise Invalid("amount_out_of_range", field="amount", minimum=0, maximum=most)
