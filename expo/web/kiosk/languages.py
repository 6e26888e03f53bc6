"""The languages of the kiosk: those of the product, and others that only the kiosk's few texts are translated into.

A file in `texts` is such a language: the English texts and their translations. Visitors choose their language; the
kiosk returns to its own, in which it was unlocked, when it clears itself.
"""

import json
from functools import cache
from pathlib import Path

from babel.support import NullTranslations
from flask import g, session
from flask_babel import refresh

from expo.pure.languages import Language
from expo.web.kit.isolation import IsolatingDomain
from expo.web.kit.language import offered_languages

TEXTS = Path(__file__).parent / "texts"
OWN_LANGUAGES = (
    Language("ar", "ar", "ar", "العربية"),
    Language("de", "de", "de", "Deutsch"),
    Language("es", "es", "es", "Español"),
    Language("fr", "fr", "fr", "Français"),
    Language("ja", "ja", "ja", "日本語"),
    Language("ko", "ko", "ko", "한국어"),
    Language("pt", "pt", "pt", "Português"),
    Language("ru", "ru", "ru", "Русский"),
)
_CHOSEN = "kiosk_language"


class _Texts(NullTranslations):
    """The texts of the kiosk in one language; others remain English."""

    def __init__(self, texts: dict[str, str]) -> None:
        super().__init__()
        self._texts = texts

    def gettext(self, message: str) -> str:
        """Return the translation of a text."""
        return self._texts.get(message, message)

    ugettext = gettext

    def upgettext(self, context: str, message: str) -> str:  # noqa: ARG002 - Flask-Babel passes it
        """Return the translation of a text; the kiosk has none with two meanings."""
        return self.gettext(message)


class _TextsOfKiosk(IsolatingDomain):
    """Makes all pages of a request use these texts, including the components that they share with others."""

    def __init__(self, texts: _Texts) -> None:
        super().__init__()
        self._texts = texts

    def get_translations(self) -> NullTranslations:
        """Return the texts, whatever the locale is called."""
        return self._texts


def list_kiosk_languages() -> list[Language]:
    """Return the languages that the kiosk is completely translated into: the product's, then its own."""
    texts = _read_texts()
    wanted = {text for each in texts.values() for text in each}
    own = [each for each in OWN_LANGUAGES if texts.get(each.code, {}).keys() == wanted]
    codes = {each.code for each in own}
    return [*(each for each in offered_languages() if each.code not in codes), *own]


def choose_kiosk_language(code: str) -> None:
    """Remember the language of the person at the kiosk; an unknown one changes nothing."""
    if code in {each.code for each in list_kiosk_languages()}:
        session[_CHOSEN] = code


def reset_kiosk_language() -> None:
    """Return to the kiosk's own language."""
    session.pop(_CHOSEN, None)


def is_language_chosen() -> bool:
    """Return whether somebody chose a language that the next person need not know."""
    return _CHOSEN in session


def use_chosen_language(own_code: str) -> None:
    """Let this request use the language chosen, or the kiosk's own."""
    code = session.get(_CHOSEN) or own_code
    language = next((each for each in list_kiosk_languages() if each.code == code), None)
    if language is None:
        return
    g.language = language
    refresh()
    texts = _read_texts().get(language.code)
    if texts is not None:
        _TextsOfKiosk(_Texts(texts)).as_default()


@cache
def _read_texts() -> dict[str, dict[str, str]]:
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(TEXTS.glob("*.json"))}
