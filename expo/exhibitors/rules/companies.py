"""Rules for a row about a company: what it must contain, and how each field is parsed. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from urllib.parse import urlsplit

from expo.errors import Invalid
from expo.formats.header_names import COMPANIES, COUNTRIES
from expo.pure.countries import read_country
from expo.pure.private_use import replace_private_use_characters

MAX_NAME_LENGTH = 200
MAX_DESCRIPTION_LENGTH = 10_000
MAX_WEBSITE_LENGTH = 500
MAX_BOOTHS = 50
MAX_BOOTH_LENGTH = 100
MAX_SLUG_LENGTH = 120
MAX_NOTES_LENGTH = 10_000
MAX_EXTRA_PASSES = 10_000

# Common column names in exhibitor lists from other systems.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": (
        "company", "company name", "exhibitor", "exhibitor name", "organisation", "organization",
        "company/organization",
        "organisation name", "organization name", "aussteller", "entreprise", "empresa", "nom",
        "firma", "名称", "公司", "公司名称", "企业名称", "展商名称", "展商",
        "参展商", "单位名称", "الشركة", "اسم الشركة", *COMPANIES,
    ),
    "venue": ("booth venue", "hall", "hall name", "halle", "pavilion", "展馆", "馆", "القاعة"),
    "booth": (
        "booth number", "booth no", "booth no.", "booth #", "booth code", "booths", "stand", "stand number", "stand no",
        "stand no.", "stands", "table", "展位", "展位号", "展台", "展台号", "الجناح",
    ),
    "description": ("about", "profile", "简介", "公司简介", "介绍"),
    "website": ("url", "homepage", "web", "web site", "company website", "webseite", "网址", "官网"),
    "categories": ("product categories", "category", "类别", "产品类别", "分类"),
    "country": (
        "country/region", "country or region", "country name", "nation", "land",
        "pays", "país", "国家", "国家/地区", "国家或地区", *COUNTRIES,
    ),
    "slug": ("short name", "exhibitor slug", "company slug"),
}  # fmt: skip
# Characters that databases refuse: controls except tabs and line breaks, and lone surrogates.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class ExhibitorState(StrEnum):
    """How far a company is on its way into the expo. Visitors see only approved ones."""

    APPLIED = "applied"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class CompanyRequest:
    """A company as requested by a row, validated."""

    name: str
    venue: str = ""
    booths: tuple[str, ...] = ()
    description: str = ""
    website: str = ""
    categories: tuple[str, ...] = ()
    country: str = ""
    # Booths in further halls, by hall.
    elsewhere: tuple[tuple[str, tuple[str, ...]], ...] = ()
    # The end of the company's address, by which a company that was renamed in the file is recognized.
    slug: str = ""

    @property
    def booths_by_hall(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Every hall with its booths."""
        return ((self.venue, self.booths), *self.elsewhere)


@dataclass(frozen=True)
class CompanyDetails:
    """A company as organizers enter it, with what only they see: its package, further passes and notes."""

    name: str
    description: Mapping[str, str] = field(default_factory=dict)
    website: str = ""
    country: str = ""
    # The slug of a package; empty for none.
    package: str = ""
    extra_passes: int = 0
    is_hidden: bool = False
    notes: str = ""


def check_company(details: CompanyDetails) -> CompanyDetails:
    """Return the details with cleaned texts.

    Raises Invalid with the field: `company_name_empty`, `text_too_long`, `website_invalid`, `country_not_known`,
    `number_out_of_range`.
    """
    description = {code: _UNPRINTABLE.sub("", text).strip() for code, text in details.description.items()}
    notes = _UNPRINTABLE.sub("", details.notes).strip()
    for name, texts, longest in (
        ("description", description.values(), MAX_DESCRIPTION_LENGTH),
        ("notes", [notes], MAX_NOTES_LENGTH),
    ):
        if any(len(text) > longest for text in texts):
            raise Invalid("text_too_long", field=name, maximum=longest)
    if not 0 <= details.extra_passes <= MAX_EXTRA_PASSES:
        raise Invalid("number_out_of_range", field="extra_passes", minimum=0, maximum=MAX_EXTRA_PASSES)
    return replace(
        details,
        name=read_name(details.name),
        description={code: text for code, text in description.items() if text},
        website=read_website(details.website),
        country=read_country(details.country),
        notes=notes,
    )


def read_name(text: str) -> str:
    """Return a company's name, cleaned. Raises Invalid `company_name_empty`, `text_too_long`."""
    name = _clean(text)
    if not name:
        raise Invalid("company_name_empty", field="name")
    if len(name) > MAX_NAME_LENGTH or len(fold_name(name)) > MAX_NAME_LENGTH:
        raise Invalid("text_too_long", field="name", maximum=MAX_NAME_LENGTH)
    return name


def read_company(cells: Mapping[str, str]) -> CompanyRequest:
    """Parse a row (cells by our field names) into a company.

    Raises Invalid with the field: `company_name_empty`, `text_too_long`, `website_invalid`, `country_not_known`,
    `booths_too_many`.
    """
    name = read_name(cells.get("name", ""))
    description = _UNPRINTABLE.sub("", cells.get("description", "")).strip()
    if len(description) > MAX_DESCRIPTION_LENGTH:
        raise Invalid("text_too_long", field="description", maximum=MAX_DESCRIPTION_LENGTH)
    booths = tuple(dict.fromkeys(_restore_date_booth(booth) for booth in _split(cells.get("booth", ""))))
    if len(booths) > MAX_BOOTHS:
        raise Invalid("booths_too_many", field="booth", maximum=MAX_BOOTHS)
    if any(len(booth) > MAX_BOOTH_LENGTH for booth in booths):
        raise Invalid("text_too_long", field="booth", maximum=MAX_BOOTH_LENGTH)
    return CompanyRequest(
        name=name,
        venue=_clean(cells.get("venue", "")),
        booths=booths,
        description=description,
        website=read_website(cells.get("website", "")),
        categories=_split(cells.get("categories", "")),
        country=read_country(cells.get("country", "")),
        slug=_clean(cells.get("slug", ""))[:MAX_SLUG_LENGTH],
    )


def join_companies(one: CompanyRequest, other: CompanyRequest, line: int) -> CompanyRequest:
    """Merge two rows of the same company: its booths, categories and texts.

    Raises Invalid `company_twice` if their countries or websites differ, and `booths_too_many`.
    """
    for name in ("country", "website"):
        if getattr(one, name) and getattr(other, name) and getattr(one, name) != getattr(other, name):
            raise Invalid("company_twice", field="name", other_line=line)
    booths_by_hall = {venue: list(booths) for venue, booths in one.booths_by_hall}
    if set(booths_by_hall) == {""} and not booths_by_hall[""]:
        booths_by_hall = {}
    for venue, booths in other.booths_by_hall:
        booths_by_hall.setdefault(venue, []).extend(booths)
    if len(booths_by_hall) > 1 and not booths_by_hall.get("", ["x"]):
        del booths_by_hall[""]
    joined = [(venue, tuple(dict.fromkeys(booths))) for venue, booths in booths_by_hall.items()]
    if sum(len(booths) for _, booths in joined) > MAX_BOOTHS:
        raise Invalid("booths_too_many", field="booth", maximum=MAX_BOOTHS)
    first_venue, first_booths = joined[0]
    description = one.description
    if other.description not in description:
        description = (
            f"{description}\n\n{other.description}".strip()
            if description not in other.description
            else other.description
        )
    if len(description) > MAX_DESCRIPTION_LENGTH:
        raise Invalid("text_too_long", field="description", maximum=MAX_DESCRIPTION_LENGTH)
    return replace(
        one,
        venue=first_venue,
        booths=first_booths,
        description=description,
        website=one.website or other.website,
        categories=tuple(dict.fromkeys((*one.categories, *other.categories))),
        country=one.country or other.country,
        slug=one.slug or other.slug,
        elsewhere=tuple(joined[1:]),
    )


def _restore_date_booth(booth: str) -> str:
    """Restore a booth that a spreadsheet turned into a date: 5-12 is shown as 12-May, and 5-32 as May-32."""
    day = re.fullmatch(r"(\d{1,2})-([A-Z][a-z]{2})", booth)
    if day and day[2] in _MONTHS:
        return f"{_MONTHS.index(day[2]) + 1}-{int(day[1])}"
    year = re.fullmatch(r"([A-Z][a-z]{2})-(\d{2})", booth)
    return f"{_MONTHS.index(year[1]) + 1}-{year[2]}" if year and year[1] in _MONTHS else booth


def fold_name(name: str) -> str:
    """Return a company's name in the form in which different spellings are equal."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def read_website(text: str) -> str:
    """Return an http or https address, with `https://` added if missing. Raises Invalid `website_invalid`."""
    text = text.strip()
    if not text:
        return ""
    address = text if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", text) else f"https://{text}"
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        parts, host = None, ""
    is_web = parts is not None and parts.scheme in ("http", "https") and "." in host
    usable = is_web and not re.search(r"\s", address) and not _UNPRINTABLE.search(address)
    if not usable or len(address) > MAX_WEBSITE_LENGTH:
        raise Invalid("website_invalid", field="website", website=text[:100])
    return address


def _clean(text: str) -> str:
    text = replace_private_use_characters(text)
    kept = "".join(char for char in text if char.isspace() or unicodedata.category(char) not in {"Cc", "Cf", "Cs"})
    return " ".join(unicodedata.normalize("NFC", kept).split())


def _split(text: str) -> tuple[str, ...]:
    """Return the distinct parts of a cell with several values."""
    return tuple(dict.fromkeys(part for each in re.split(r"[;；\n]", text) if (part := _clean(each))))
