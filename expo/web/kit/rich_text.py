"""Speakers' and exhibitors' texts as safe HTML, from the Markdown or HTML that they wrote."""

import html
import re
import unicodedata
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_inline.state_inline import Delimiter, Scanned, StateInline
from markupsafe import Markup

_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "div", "dl", "dt", "em", "h3", "h4", "h5", "h6", "hr",
    "i", "li", "ol", "p", "pre", "s", "span", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_LOOKS_LIKE_HTML = re.compile(r"</?(p|br|a|ul|ol|li|div|em|strong|b|i|h[1-6]|pre|code)\b[^>]*>", re.IGNORECASE)
_HEADINGS = re.compile(r"<(/?)h[12]\b", re.IGNORECASE)
# Wide, full-width and half-width characters, by Unicode's East Asian width.
_CJK_WIDTHS = {"W", "F", "H"}


def _mark_emphasis(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - as the library calls it
    """Mark asterisks and underscores as the library's own rule does, but with `_scan`."""
    marker = state.src[state.pos]
    if silent or marker not in "*_":
        return False
    scanned = _scan(state, marker)
    for _number in range(scanned.length):
        state.push("text", "", 0).content = marker
        state.delimiters.append(
            Delimiter(
                marker=ord(marker),
                length=scanned.length,
                token=len(state.tokens) - 1,
                end=-1,
                open=scanned.can_open,
                close=scanned.can_close,
            )
        )
    state.pos += scanned.length
    return True


def _scan(state: StateInline, marker: str) -> Scanned:
    """Return whether a run of markers can open or close emphasis.

    CommonMark wants a space or punctuation after `**important!**`, but Chinese and Japanese have no spaces: beside
    their characters only white space decides. This is the amendment of https://github.com/tats-u/markdown-cjk-friendly.
    """
    scanned = state.scanDelims(state.pos, marker == "*")
    end = state.pos + scanned.length
    before = state.src[state.pos - 1] if state.pos else " "
    after = state.src[end] if end < state.posMax else " "
    if marker == "*" and (_is_cjk(before) or _is_cjk(after)):
        return Scanned(not after.isspace(), not before.isspace(), scanned.length)
    return scanned


def _is_cjk(character: str) -> bool:
    # Emoji are wide, too, but symbols.
    return unicodedata.east_asian_width(character) in _CJK_WIDTHS and unicodedata.category(character) != "So"


_markdown = MarkdownIt("commonmark", {"html": True, "breaks": True, "linkify": False}).enable("table")
_markdown.inline.ruler.at("emphasis", _mark_emphasis)


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
