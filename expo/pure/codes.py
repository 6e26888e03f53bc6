"""Codes that people read out and type: no letter that looks or sounds like another sign."""

import unicodedata
from collections.abc import Callable

# Without 0 and O, 1, I and L, U (read as V): 30 signs.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
ORDER_CODE_LENGTH = 6
ATTENDEE_CODE_LENGTH = 8


def make_code(length: int, choose: Callable[[str], str]) -> str:
    """Return a code of `length` signs, each drawn by `choose` (such as `secrets.choice`) from the alphabet."""
    return "".join(choose(ALPHABET) for _ in range(length))


def normalize_code(text: str) -> str:
    """Return the stored form of a code as typed: full-width signs, small letters, spaces and dashes are forgiven.

    What holds a sign that no code has is returned as an empty text.
    """
    code = "".join(
        sign for sign in unicodedata.normalize("NFKC", text).upper() if sign.isalnum() or sign not in " -_.\u2010\u2013"
    )
    return code if code and all(sign in ALPHABET for sign in code) else ""


def show_code(code: str) -> str:
    """Return a code as it is printed: eight signs in two groups of four."""
    return f"{code[:4]}-{code[4:]}" if len(code) == ATTENDEE_CODE_LENGTH else code
