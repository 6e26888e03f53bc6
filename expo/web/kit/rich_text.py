"""Speakers' and exhibitors' texts as safe HTML, from the Markdown or HTML that they wrote."""

import html
import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "div", "dl", "dt", "em", "h3", "h4", "h5", "h6", "hr",
    "i", "li", "ol", "p", "pre", "s", "span", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_LOOKS_LIKE_HTML = re.compile(r"</?(p|br|a|ul|ol|li|div|em|strong|b|i|h[1-6]|pre|code)\b[^>]*>", re.IGNORECASE)
_HEADINGS = re.compile(r"<(/?)h[12]\b", re.IGNORECASE)
_markdown = MarkdownIt("commonmark", {"html": True, "breaks": True, "linkify": False}).enable("table")


@lru_cache(maxsize=2048)
def rich_text(text: str) -> Markup:
    """Return a text as safe HTML; links send no referrer, and headings are ranked below the page's own."""
    if not text:
        return Markup("")
    source = text if _LOOKS_LIKE_HTML.search(text) else _markdown.render(text)
    clean = nh3.clean(
        _HEADINGS.sub(r"<\1h3", source),
        tags=_TAGS,
        attributes={"a": {"href", "title"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan", "scope"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow ugc",
    )
    return Markup(clean)  # noqa: S704 - cleaned above


def plain_text(text: str, limit: int = 300) -> str:
    """Return the beginning of a text without markup, for summaries and search results."""
    bare = re.sub(r"<[^>]+>", " ", str(rich_text(text)))
    bare = " ".join(html.unescape(bare).split())
    return bare if len(bare) <= limit else bare[: limit - 1].rsplit(" ", 1)[0] + "…"
