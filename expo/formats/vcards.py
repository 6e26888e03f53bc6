"""Writing contacts as vCard 4.0 files (RFC 6350), which phones and address books import."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from expo.pure.texts import clean_text

MAX_LINE_BYTES = 75


@dataclass(frozen=True)
class Card:
    """One contact; empty values are left out."""

    uid: str
    # What an address book lists it under; never empty.
    name: str
    company: str = ""
    job_title: str = ""
    country: str = ""
    email: str = ""
    # In E.164 form.
    phone: str = ""
    note: str = ""
    categories: tuple[str, ...] = ()
    changed_at: datetime | None = None
    # The name in Latin letters, which address books search too.
    latin_name: str = ""


def write_vcards(cards: Iterable[Card]) -> bytes:
    """Return the cards as one file in UTF-8."""
    return "".join(f"{_fold(line)}\r\n" for card in cards for line in _lines(card)).encode()


def _lines(card: Card) -> list[str]:
    values = [
        ("FN", _escape(card.name)),
        ("NICKNAME", _escape(card.latin_name)),
        ("ORG", _escape(card.company)),
        ("TITLE", _escape(card.job_title)),
        ("ADR", f";;;;;;{_escape(card.country)}" if card.country else ""),
        ("EMAIL", _escape(card.email)),
        ("TEL;VALUE=uri", f"tel:{card.phone}" if card.phone else ""),
        ("CATEGORIES", ",".join(_escape(each) for each in card.categories)),
        ("NOTE", _escape(card.note)),
        ("REV", f"{card.changed_at.astimezone(UTC):%Y%m%dT%H%M%SZ}" if card.changed_at else ""),
    ]
    shown = [f"{name}:{value}" for name, value in values if value]
    return ["BEGIN:VCARD", "VERSION:4.0", f"UID:{_escape(card.uid)}", *shown, "END:VCARD"]


def _escape(text: str) -> str:
    """Return a text as the value of a property (RFC 6350, 3.4): nothing in it begins another property."""
    text = clean_text(text).replace("\r\n", "\n").replace("\r", "\n")
    # Line separators of Unicode are not line breaks here, but some readers take them for such.
    for char in ("\u2028", "\u2029", "\x85"):
        text = text.replace(char, "\n")
    for char in ("\\", ",", ";"):
        text = text.replace(char, f"\\{char}")
    return text.replace("\n", "\\n")


def _fold(line: str) -> str:
    """Break a line into lines of at most 75 bytes, never within a character (RFC 6350, 3.2)."""
    parts, part, size = [], "", 0
    for char in line:
        length = len(char.encode())
        if size + length > MAX_LINE_BYTES:
            parts.append(part)
            part, size = "", 1  # the space that begins a continuation counts
        part += char
        size += length
    return "\r\n ".join([*parts, part])
