"""Asks before it is too late whether a badge can show a text."""

from collections.abc import Mapping

from expo.documents.text import unprintable
from expo.errors import Invalid

PRINTED_FIELDS = ("name", "latin_name", "company", "job_title")


def check_printable(texts: Mapping[str, str], prefix: str = "") -> None:
    """Accept texts that our typefaces can draw.

    Raises Invalid `text_unprintable` with the field and the characters that cannot be drawn, such as emoji.
    """
    for field in PRINTED_FIELDS:
        missing = unprintable(texts.get(field, ""))
        if missing:
            raise Invalid("text_unprintable", field=f"{prefix}{field}", characters=" ".join(sorted(missing)))
