"""The languages that an installation offers: the translated ones, and the pseudo-translation if enabled."""

from flask import current_app

from expo.infra.config import Settings
from expo.pure.languages import LANGUAGES, PSEUDO_LANGUAGE

TRANSLATED = tuple(each.code for each in LANGUAGES)


def languages_offered(settings: Settings | None = None) -> tuple[str, ...]:
    """Return the codes of the languages that visitors can choose, the default first."""
    settings = settings or current_app.config["SETTINGS"]
    return (*TRANSLATED, PSEUDO_LANGUAGE.code) if settings.pseudo_language else TRANSLATED
