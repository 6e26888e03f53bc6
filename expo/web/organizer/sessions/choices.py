"""What the form of a session offers: types, tracks, languages, levels, speakers and equipment."""

from dataclasses import dataclass

from flask_babel import gettext as _

from expo.editions.queries import EditionFacts, list_equipment
from expo.program.queries import (
    list_all_speakers,
    list_all_tracks,
    list_types,
    list_used_words,
)
from expo.pure.levels import LEVELS, order_levels
from expo.web.kit.formats import kind_in_words, language_in_words, level_in_words
from expo.web.kit.language import localized
from expo.web.organizer.speaker_names import label_speakers

# The languages offered besides those of the expo and of its sessions: the most common ones at conferences in China.
COMMON_LANGUAGES = ("zh", "en", "ar", "de", "es", "fr", "ja", "ko", "pt", "ru")
Pair = tuple[str, str]


@dataclass(frozen=True)
class SessionChoices:
    """Each as (value, label)."""

    types: tuple[Pair, ...]
    tracks: tuple[Pair, ...]
    languages: tuple[Pair, ...]
    levels: tuple[Pair, ...]
    # The slugs of speakers by the name that is shown for them.
    speakers: dict[str, str]
    equipment: tuple[str, ...]


def load_choices(edition: EditionFacts) -> SessionChoices:
    """Return the choices of an edition."""
    used = list_used_words(edition.id)
    languages = dict.fromkeys([*edition.languages, *COMMON_LANGUAGES, *used["language"]])
    types = {each.code: localized(each.name) for each in list_types(edition.id)}
    return SessionChoices(
        types=(
            ("", _("None")),
            *((code, kind_in_words(name)) for code, name in types.items()),
            *((code, kind_in_words(code)) for code in used["kind"] if code not in types),
        ),
        tracks=(("", _("None")), *((each.slug, localized(each.name)) for each in list_all_tracks(edition.id))),
        languages=tuple((code, language_in_words(code)) for code in languages),
        levels=(
            ("", _("None")),
            *((each, level_in_words(each)) for each in order_levels({*LEVELS, *used["level"]})),
        ),
        speakers=label_speakers(list_all_speakers(edition.id)),
        equipment=tuple(list_equipment(edition.id)),
    )
