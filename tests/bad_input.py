"""Strings that break programs, and what in a page would run as code."""

import json

from lxml import html

from tests.conftest import shared_file


def strings() -> list[str]:
    """Return the strings, as browsers can send them."""
    texts: list[str] = json.loads(shared_file("bad-input/blns.json").read_text("utf-8"))
    formulas = shared_file("bad-input/formula-injection.txt").read_text("utf-8").splitlines()
    return [*texts, *formulas, "\u202ereversed", "x" * 40_000, "\U0001f469\u200d\U0001f680" * 50, "a\x00b", "\ud800"]


def sendable_strings() -> list[str]:
    """Return the strings as a form sends them: a lone surrogate becomes a question mark."""
    return [text.encode("utf-8", "replace").decode() for text in strings()]


def _is_code(element: html.HtmlElement) -> bool:
    kind = str(element.get("type", ""))
    return element.tag == "script" and bool((element.text or "").strip()) and not kind.endswith("json")


def find_code(page: str) -> list[str]:
    """Return the handlers, inline scripts and script addresses in a page."""
    elements = [each for each in html.fromstring(page).iter() if isinstance(each.tag, str)]
    inline = [str(each.text) for each in elements if _is_code(each)]
    handlers = [str(name) for each in elements for name in each.attrib if str(name).startswith("on")]
    addresses = [str(each.get("href", "")) for each in elements]
    return inline + handlers + [url for url in addresses if url.lower().startswith("javascript:")]
