"""Codes that people read out and type, without characters that look or sound alike."""

import unicodedata
from collections.abc import Callable

# Without 0 and O, 1, I and L, U (mistaken for V): 30 characters.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
ORDER_CODE_LENGTH = 6
ATTENDEE_CODE_LENGTH = 8


def make_code(length: int, choose: Callable[[str], str]) -> str:
    """Return a code of `length` characters, each picked from the alphabet by `choose` (such as `secrets.choice`)."""
    return "".join(choose(ALPHABET) for _ in range(length))


def normalize_code(text: str) -> str:
    """Return the stored form of a typed code; full-width characters, lower case, spaces and dashes are tolerated.

    Return an empty text for one with any other character.
    """
    code = "".join(
        char for char in unicodedata.normalize("NFKC", text).upper() if char.isalnum() or char not in " -_.\u2010\u2013"
    )
    return code if code and all(char in ALPHABET for char in code) else ""


def show_code(code: str) -> str:
    """Format a code for print: eight characters in two groups of four."""
    return f"{code[:4]}-{code[4:]}" if len(code) == ATTENDEE_CODE_LENGTH else code
