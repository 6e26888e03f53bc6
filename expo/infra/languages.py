"""Which languages an installation offers: the translated ones, and the pseudo-translation where it is asked for."""

from flask import current_app

from expo.infra.config import Settings

TRANSLATED = ("en", "zh")
# Written from right to left, so that developers and tests see mirrored pages. It is not a translation for visitors.
PSEUDO_LANGUAGE = "ar"


def languages_offered(settings: Settings | None = None) -> tuple[str, ...]:
    """Return the codes of the languages that visitors can choose, the default first."""
    settings = settings or current_app.config["SETTINGS"]
    return (*TRANSLATED, PSEUDO_LANGUAGE) if settings.pseudo_language else TRANSLATED
