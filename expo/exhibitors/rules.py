"""What a row about a company must hold, and how its parts are read. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from babel import Locale

from expo.errors import Invalid

MAX_NAME_LENGTH = 200
MAX_DESCRIPTION_LENGTH = 10_000
MAX_WEBSITE_LENGTH = 500
MAX_BOOTHS = 50
MAX_BOOTH_LENGTH = 100

# Usual names of the columns of a list of exhibitors, in files of others.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": ("company", "company name", "exhibitor", "firma", "名称", "公司", "公司名称", "企业名称", "展商名称"),
    "venue": ("booth venue", "hall", "展馆", "馆"),
    "booth": ("booth number", "booths", "stand", "stand number", "展位", "展位号"),
    "description": ("about", "profile", "简介", "公司简介", "介绍"),
    "website": ("url", "homepage", "web", "网址", "官网"),
    "categories": ("product categories", "category", "类别", "产品类别", "分类"),
    "country": ("country/region", "nation", "国家", "国家/地区", "国家或地区"),
}
# What no text holds and no database takes: controls except tabs and new lines, and halves of signs.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
# Names of countries and regions that CLDR writes otherwise.
_ALIASES = {
    "usa": "US", "u.s.a.": "US", "us": "US", "united states of america": "US", "uk": "GB", "u.k.": "GB",
    "great britain": "GB", "england": "GB", "scotland": "GB", "south korea": "KR", "korea": "KR",
    "korea, republic of": "KR", "republic of korea": "KR", "north korea": "KP", "turkey": "TR", "türkiye": "TR",
    "hong kong": "HK", "hong kong sar": "HK", "macau": "MO", "macao sar": "MO", "macao": "MO", "taiwan": "TW",
    "chinese taipei": "TW", "czech republic": "CZ", "viet nam": "VN", "uae": "AE", "russia": "RU",
    "russian federation": "RU", "the netherlands": "NL", "holland": "NL", "mainland china": "CN", "prc": "CN",
    "p.r. china": "CN", "中国大陆": "CN", "香港": "HK", "澳门": "MO", "台湾": "TW",
    "中国台湾": "TW", "中国香港": "HK", "中国澳门": "MO",
}  # fmt: skip


@dataclass(frozen=True)
class CompanyWish:
    """A company as a row asks for it, checked."""

    name: str
    venue: str = ""
    booths: tuple[str, ...] = ()
    description: str = ""
    website: str = ""
    categories: tuple[str, ...] = ()
    country: str = ""


def read_company(cells: Mapping[str, str]) -> CompanyWish:
    """Return the company that a row (cells by our field names) asks for.

    Raises Invalid with the field: `company_name_empty`, `text_too_long`, `website_invalid`, `country_not_known`,
    `booths_too_many`.
    """
    name = _clean(cells.get("name", ""))
    if not name:
        raise Invalid("company_name_empty", field="name")
    if len(name) > MAX_NAME_LENGTH or len(fold_name(name)) > MAX_NAME_LENGTH:
        raise Invalid("text_too_long", field="name", maximum=MAX_NAME_LENGTH)
    description = _UNPRINTABLE.sub("", cells.get("description", "")).strip()
    if len(description) > MAX_DESCRIPTION_LENGTH:
        raise Invalid("text_too_long", field="description", maximum=MAX_DESCRIPTION_LENGTH)
    booths = _split(cells.get("booth", ""))
    if len(booths) > MAX_BOOTHS:
        raise Invalid("booths_too_many", field="booth", maximum=MAX_BOOTHS)
    if any(len(booth) > MAX_BOOTH_LENGTH for booth in booths):
        raise Invalid("text_too_long", field="booth", maximum=MAX_BOOTH_LENGTH)
    return CompanyWish(
        name=name,
        venue=_clean(cells.get("venue", "")),
        booths=booths,
        description=description,
        website=read_website(cells.get("website", "")),
        categories=_split(cells.get("categories", "")),
        country=read_country(cells.get("country", "")),
    )


def fold_name(name: str) -> str:
    """Return the form in which two spellings of one company's name are equal."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def read_website(text: str) -> str:
    """Return an http or https address; `https://` is added where missing. Raises Invalid `website_invalid`."""
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


def read_country(text: str) -> str:
    """Return the code of a country or region given by code, or by name in English or Chinese; empty stays empty.

    Raises Invalid `country_not_known`.
    """
    folded = " ".join(text.casefold().split())
    if not folded:
        return ""
    found = _countries().get(folded)
    if found is None:
        raise Invalid("country_not_known", field="country", country=text[:60])
    return found


@cache
def _countries() -> dict[str, str]:
    known: dict[str, str] = {}
    for language in ("zh_Hans", "zh_Hant", "en"):
        for code, name in Locale.parse(language).territories.items():
            if len(code) == 2 and code.isalpha():  # noqa: PLR2004 - ISO 3166-1 alpha-2
                known[str(name).casefold()] = code
                known.setdefault(code.casefold(), code)
    return known | _ALIASES


def _clean(text: str) -> str:
    kept = "".join(sign for sign in text if sign.isspace() or unicodedata.category(sign)[0] != "C")
    return " ".join(unicodedata.normalize("NFC", kept).split())


def _split(text: str) -> tuple[str, ...]:
    """Return the parts of a cell that lists several, each once."""
    return tuple(dict.fromkeys(part for each in re.split(r"[;；\n]", text) if (part := _clean(each))))
