"""Cleaning of texts: removal of characters that forms, feeds and databases refuse."""

import re

# NUL and the other C0 controls except tab, line feed and carriage return; DEL and C1; lone surrogates; and the two
# non-characters that XML 1.0 forbids.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


_BETWEEN_LINES = re.compile("[\x0b\x0c]")


def clean_text(text: str) -> str:
    """Return the text without control characters, lone surrogates and non-characters; line breaks and tabs stay.

    Vertical tabs and form feeds, which office programs write between lines, become spaces: words stay apart.
    """
    return _FORBIDDEN.sub("", _BETWEEN_LINES.sub(" ", text))


def has_forbidden_characters(text: str) -> bool:
    """Return whether `clean_text` would change the text."""
    return _FORBIDDEN.search(text) is not None
