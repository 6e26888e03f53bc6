"""Checks of the texts, links and words in the programme. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from expo.errors import Invalid
from expo.pure.fields import clean_text
from expo.pure.texts import clean_text as clean_long_text

MAX_URL_LENGTH = 500
MAX_LINKS = 50
MAX_LINK_TITLE_LENGTH = 200
MAX_WORDS = 50
Texts = dict[str, str]


@dataclass(frozen=True)
class Link:
    """A link with its title, which may be empty."""

    url: str
    title: str = ""


def check_texts(texts: Mapping[str, str], field: str, maximum: int, *, is_long: bool = False) -> Texts:
    """Return texts by language, cleaned and without empty ones; long texts keep their line breaks. Raises Invalid."""
    clean = clean_long_text if is_long else clean_text
    found = {code: cleaned for code, text in texts.items() if (cleaned := clean(text).strip())}
    if any(len(text) > maximum for text in found.values()):
        raise Invalid("text_too_long", field=field, maximum=maximum)
    return found


def check_words(words: Iterable[str], field: str, maximum: int) -> tuple[str, ...]:
    """Return distinct words, such as tags, in their order. Raises Invalid `text_too_long` or `too_many_words`."""
    found = tuple(dict.fromkeys(word for each in words if (word := clean_text(each))))
    if any(len(word) > maximum for word in found):
        raise Invalid("text_too_long", field=field, maximum=maximum)
    if len(found) > MAX_WORDS:
        raise Invalid("too_many_words", field=field, maximum=MAX_WORDS)
    return found


def check_url(url: str, field: str, schemes: tuple[str, ...] = ("https",)) -> str:
    """Return a web address, with one of these schemes. Raises Invalid `url_invalid` or `text_too_long`."""
    address = url.strip()
    if len(address) > MAX_URL_LENGTH:
        raise Invalid("text_too_long", field=field, maximum=MAX_URL_LENGTH)
    try:
        parts = urlsplit(address)
        is_good = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_good = False
    if not is_good or clean_text(address) != address or any(char in address for char in ' "<>\\^`{|}'):
        raise Invalid("url_invalid", field=field)
    return address


def check_links(links: Iterable[Link], field: str) -> tuple[Link, ...]:
    """Return links with checked addresses and cleaned titles. Raises Invalid."""
    found = []
    for each in links:
        title = clean_text(each.title)
        if len(title) > MAX_LINK_TITLE_LENGTH:
            raise Invalid("text_too_long", field=field, maximum=MAX_LINK_TITLE_LENGTH)
        if title and not each.url.strip():
            raise Invalid("url_missing", field=field)
        if each.url.strip():
            # Imported programmes still have http links, which are edited along with the rest.
            found.append(Link(check_url(each.url, field, ("https", "http")), title))
    if len(found) > MAX_LINKS:
        raise Invalid("too_many_links", field=field, maximum=MAX_LINKS)
    return tuple(found)
