"""Check early whether a text can be printed on a badge."""

from collections.abc import Mapping

from expo.documents.text import unprintable
from expo.errors import Invalid
from expo.pure.private_use import replace_private_use_characters

PRINTED_FIELDS = ("name", "latin_name", "company", "job_title")


def check_printable(texts: Mapping[str, str], prefix: str = "") -> None:
    """Check that our typefaces can draw these texts.

    Raises Invalid `text_unprintable` with the field and the characters that cannot be drawn, each with its code point.
    """
    for field in PRINTED_FIELDS:
        missing = unprintable(replace_private_use_characters(texts.get(field, "")))
        if missing:
            named = ", ".join(f"{char} (U+{ord(char):04X})" for char in sorted(missing))
            raise Invalid("text_unprintable", field=f"{prefix}{field}", characters=named)
