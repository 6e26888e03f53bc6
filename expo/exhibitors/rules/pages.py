"""Rules of a company's page: its texts and links, which parts are still missing, and how complete it is. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from expo.errors import Invalid
from expo.exhibitors.rules.companies import MAX_DESCRIPTION_LENGTH, read_website
from expo.pure.texts import clean_text

MAX_TAGLINE_LENGTH = 160
MAX_LINKS = 8
MAX_VIDEOS = 6
# Videos are links to these sites and their subdomains; pages never embed what others serve.
VIDEO_HOSTS = (
    "youtube.com", "youtu.be", "vimeo.com", "bilibili.com", "b23.tv", "youku.com", "v.qq.com", "ixigua.com",
    "douyin.com", "tiktok.com", "dailymotion.com",
)  # fmt: skip

Texts = Mapping[str, str]


class PictureKind(StrEnum):
    """The two pictures of a company."""

    LOGO = "logo"
    BANNER = "banner"


class PagePart(StrEnum):
    """A part of a company's page that can be missing, in the order in which they are shown."""

    LOGO = "logo"
    TAGLINE = "tagline"
    DESCRIPTION = "description"
    LANGUAGES = "languages"
    CATEGORIES = "categories"
    TOPICS = "topics"
    PRODUCTS = "products"
    PICTURES = "pictures"
    WEBSITE = "website"
    BANNER = "banner"
    DOCUMENTS = "documents"


# How much each part helps visitors, in hundredths of the whole.
WEIGHTS: Mapping[PagePart, int] = {
    PagePart.LOGO: 15,
    PagePart.TAGLINE: 10,
    PagePart.DESCRIPTION: 15,
    PagePart.LANGUAGES: 10,
    PagePart.CATEGORIES: 10,
    PagePart.TOPICS: 10,
    PagePart.PRODUCTS: 10,
    PagePart.PICTURES: 5,
    PagePart.WEBSITE: 5,
    PagePart.BANNER: 5,
    PagePart.DOCUMENTS: 5,
}


@dataclass(frozen=True)
class PageRequest:
    """The texts, links, categories (slugs) and topics (codes) of a company's page."""

    tagline: Texts
    description: Texts
    website: str = ""
    links: tuple[str, ...] = ()
    videos: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    seeks: tuple[str, ...] = ()


@dataclass(frozen=True)
class PageFacts:
    """What a company's page has, as far as its completeness depends on it."""

    tagline: Texts
    description: Texts
    has_logo: bool = False
    has_banner: bool = False
    has_website: bool = False
    categories: int = 0
    topics: int = 0
    products: int = 0
    pictures: int = 0
    documents: int = 0


@dataclass(frozen=True)
class Completeness:
    """How complete a page is, and what is missing."""

    percent: int
    missing: tuple[PagePart, ...]


def check_page(request: PageRequest) -> PageRequest:
    """Return the request with clean texts and full addresses.

    Raises Invalid `text_too_long`, `website_invalid`, `link_invalid`, `links_too_many`, `video_host_unknown`.
    Topics are checked against those of the edition: see `check_topics`.
    """
    return PageRequest(
        tagline=check_line(request.tagline, "tagline", MAX_TAGLINE_LENGTH),
        description=check_text(request.description, "description", MAX_DESCRIPTION_LENGTH),
        website=read_website(request.website),
        links=_read_links(request.links, "links", MAX_LINKS),
        videos=tuple(_check_video(each) for each in _read_links(request.videos, "videos", MAX_VIDEOS)),
        categories=tuple(dict.fromkeys(request.categories)),
        offers=tuple(dict.fromkeys(request.offers)),
        seeks=tuple(dict.fromkeys(request.seeks)),
    )


def check_line(texts: Texts, field: str, maximum: int) -> dict[str, str]:
    """Return one-line texts by language, without empty ones. Raises Invalid `text_too_long`."""
    cleaned = {code: " ".join(clean_text(text).split()) for code, text in texts.items()}
    return _check_lengths(cleaned, field, maximum)


def check_text(texts: Texts, field: str, maximum: int) -> dict[str, str]:
    """Return texts of several lines by language, without empty ones. Raises Invalid `text_too_long`."""
    return _check_lengths({code: clean_text(text).strip() for code, text in texts.items()}, field, maximum)


def read_link(text: str, field: str) -> str:
    """Return an http or https address; empty if there is none. Raises Invalid `link_invalid`."""
    try:
        return read_website(text)
    except Invalid:
        raise Invalid("link_invalid", field=field, link=text.strip()[:100]) from None


def host_of(link: str) -> str:
    """Return the host of a link without `www.`, as its label."""
    return (urlsplit(link).hostname or "").removeprefix("www.")


def rate_page(facts: PageFacts) -> Completeness:
    """Return how complete a page is, and its missing parts, those that help most first."""
    present = {
        PagePart.LOGO: facts.has_logo,
        PagePart.TAGLINE: bool(facts.tagline),
        PagePart.DESCRIPTION: bool(facts.description),
        PagePart.LANGUAGES: {"en", "zh"} <= set(facts.description),
        PagePart.CATEGORIES: facts.categories > 0,
        PagePart.TOPICS: facts.topics > 0,
        PagePart.PRODUCTS: facts.products > 0,
        PagePart.PICTURES: facts.pictures > 0,
        PagePart.WEBSITE: facts.has_website,
        PagePart.BANNER: facts.has_banner,
        PagePart.DOCUMENTS: facts.documents > 0,
    }
    missing = sorted((part for part in PagePart if not present[part]), key=lambda part: -WEIGHTS[part])
    return Completeness(100 - sum(WEIGHTS[part] for part in missing), tuple(missing))


def matches_completeness(page: Completeness, wanted: str) -> bool:
    """Return whether a page is `complete`, `below-` a number of hundredths, or lacks the part with this name."""
    if wanted == "complete":
        return not page.missing
    if wanted.startswith("below-"):
        return page.percent < int(wanted.removeprefix("below-"))
    return wanted in {part.value for part in page.missing}


def _check_lengths(texts: Texts, field: str, maximum: int) -> dict[str, str]:
    if any(len(text) > maximum for text in texts.values()):
        raise Invalid("text_too_long", field=field, maximum=maximum)
    return {code: text for code, text in texts.items() if text}


def _read_links(lines: Iterable[str], field: str, maximum: int) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(link for line in lines if (link := read_link(line, field))))
    if len(found) > maximum:
        raise Invalid("links_too_many", field=field, maximum=maximum)
    return found


def _check_video(link: str) -> str:
    host = host_of(link)
    if not any(host == each or host.endswith(f".{each}") for each in VIDEO_HOSTS):
        raise Invalid("video_host_unknown", field="videos", host=host[:100])
    return link
