"""Isolate what is filled into texts on pages written from right to left.

Without it, the text around a booth `4-C11`, an address or a Latin name would reorder it: `C11-4`.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from babel import Locale
from flask import Flask
from flask_babel import Babel, Domain, LazyString, get_domain, get_locale
from jinja2 import pass_context
from jinja2.runtime import Context

_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"
# Digits joined by these are a code or a number, and run from left to right. Ranges of times run like the text.
_JOINTS = "-+/"
_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]")
_JINJA_FUNCTIONS = ("gettext", "ngettext", "pgettext", "npgettext")


class _Isolated:
    """Values to fill into a text, isolated; in one that is not translated, only those that run from right to left."""

    def __init__(self, values: Any, *, is_translated: bool) -> None:
        self._values = values
        self._needs_isolation = _is_word_or_code if is_translated else _has_letters_from_right

    def __getitem__(self, name: str) -> Any:
        value = self._values[name]
        text = str(value) if isinstance(value, LazyString) else value
        if isinstance(text, str) and self._needs_isolation(text):
            return _FIRST_STRONG_ISOLATE + text + _POP_ISOLATE
        return value


def fill(text: str, values: Any) -> str:
    """Fill values into a text; on pages from right to left isolate them, or the whole text if it is not translated."""
    if not _runs_from_right(get_locale()):
        return str(text % values)
    if _is_written_from_right(text):
        return str(text % _Isolated(values, is_translated=True))
    return f"{_FIRST_STRONG_ISOLATE}{text % _Isolated(values, is_translated=False)}{_POP_ISOLATE}"


@cache
def _runs_from_right(locale: Locale | None) -> bool:
    return locale is not None and locale.text_direction == "rtl"


@lru_cache(maxsize=4096)
def _is_written_from_right(text: str) -> bool:
    own = _PLACEHOLDER.sub("", text)
    if not any(character.isalpha() for character in own):
        return True
    return _has_letters_from_right(own)


def _has_letters_from_right(text: str) -> bool:
    return any(unicodedata.bidirectional(character) in ("R", "AL") for character in text)


def _is_word_or_code(text: str) -> bool:
    return any(character.isalpha() or character in _JOINTS for character in text)


class IsolatingDomain(Domain):
    """Translate as Flask-Babel does, with isolated values."""

    def gettext(self, string: str, **variables: Any) -> str:
        """Translate a text."""
        text = self.get_translations().ugettext(string)
        return fill(text, variables) if variables else text

    def ngettext(self, singular: str, plural: str, num: int, **variables: Any) -> str:
        """Translate a text that counts something."""
        text = self.get_translations().ungettext(singular, plural, num)
        return fill(text, {"num": num, **variables})

    def pgettext(self, context: str, string: str, **variables: Any) -> str:
        """Translate a text in one of its meanings."""
        text = self.get_translations().upgettext(context, string)
        return fill(text, variables) if variables else text


def _isolating(name: str, function: Any) -> Callable[..., str]:
    @pass_context
    def translate(context: Context, *texts: Any, **variables: Any) -> str:
        is_whole = False
        if variables and _runs_from_right(get_locale()):
            text = getattr(get_domain().get_translations(), f"u{name}")(*texts)
            is_whole = not _is_written_from_right(text)
            values = _Isolated(variables, is_translated=not is_whole)
            variables = {each: values[each] for each in variables}
        filled: str = function(context, *texts, **variables)
        return _FIRST_STRONG_ISOLATE + filled + _POP_ISOLATE if is_whole else filled

    return translate


def init_isolation(app: Flask, babel: Babel) -> None:
    """Isolate the values in all texts of code and templates."""
    babel.domain_instance = IsolatingDomain()
    for name in _JINJA_FUNCTIONS:
        app.jinja_env.globals[name] = _isolating(name, app.jinja_env.globals[name])
