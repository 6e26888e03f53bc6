"""What a package of exhibitors contains. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from expo.errors import Invalid

MAX_PACKAGE_NUMBER = 100_000
MAX_PRICE_CENTS = 1_000_000_000_00
MAX_PACKAGE_NAME_LENGTH = 200
MAX_PACKAGE_TEXT_LENGTH = 4_000


@dataclass(frozen=True)
class PackageRequest:
    """A package as an organizer enters it."""

    name: Mapping[str, str]
    description: Mapping[str, str] = field(default_factory=dict)
    booth_area: int = 0
    passes: int = 0
    meeting_tables: int = 0
    lead_licences: int = 0
    price_cents: int = 0
    # The code of the ticket type of its passes; empty until one is chosen.
    pass_ticket: str = ""
    # How many companies can have it; None for any number.
    size: int | None = None
    is_offered: bool = True


def check_package(request: PackageRequest) -> None:
    """Accept a package. Raises Invalid with the field: `name_empty`, `text_too_long`, `number_out_of_range`."""
    if not any(text.strip() for text in request.name.values()):
        raise Invalid("name_empty", field="name")
    for name, texts, longest in (
        ("name", request.name, MAX_PACKAGE_NAME_LENGTH),
        ("description", request.description, MAX_PACKAGE_TEXT_LENGTH),
    ):
        if any(len(text) > longest for text in texts.values()):
            raise Invalid("text_too_long", field=name, maximum=longest)
    for name in ("booth_area", "passes", "meeting_tables", "lead_licences", "size"):
        number = getattr(request, name)
        if number is not None and not 0 <= number <= MAX_PACKAGE_NUMBER:
            raise Invalid("number_out_of_range", field=name, minimum=0, maximum=MAX_PACKAGE_NUMBER)
    if not 0 <= request.price_cents <= MAX_PRICE_CENTS:
        raise Invalid("number_out_of_range", field="price", minimum=0, maximum=MAX_PRICE_CENTS // 100)
