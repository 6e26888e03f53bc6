"""Rules of a company's products. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from expo.errors import Invalid
from expo.exhibitors.rules.pages import check_line, check_text, read_link

MAX_PRODUCTS = 100
MAX_PICTURES = 8
MAX_PRODUCT_NAME_LENGTH = 200
MAX_PRODUCT_TEXT_LENGTH = 4_000
# A deleted product can be restored for this long.
RESTORABLE_FOR = timedelta(days=7)


@dataclass(frozen=True)
class ProductRequest:
    """A product: name and text by language, a link, and a category of the directory (slug)."""

    name: Mapping[str, str]
    text: Mapping[str, str]
    link: str = ""
    category: str = ""


def check_product(request: ProductRequest) -> ProductRequest:
    """Return the request with clean texts. Raises Invalid `product_name_empty`, `text_too_long`, `link_invalid`."""
    name = check_line(request.name, "name", MAX_PRODUCT_NAME_LENGTH)
    if not name:
        raise Invalid("product_name_empty", field="name")
    return ProductRequest(
        name=name,
        text=check_text(request.text, "text", MAX_PRODUCT_TEXT_LENGTH),
        link=read_link(request.link, "link"),
        category=request.category,
    )
