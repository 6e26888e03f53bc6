"""E-mail addresses: the one form in which an address is stored, and the form in which a mail server takes it.

The name before the @ keeps every letter that was given, for `straße` and `strasse` are two mailboxes. The domain is
read by IDNA 2008 with the mapping of UTS 46, non-transitional: `faß.de` is never `fass.de`, which is somebody else's.
"""

import re
import unicodedata
from functools import lru_cache

import idna

# What an East Asian keyboard types for a sign of ASCII.
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xFE6B: 0x40}
# Within a domain of Persian or Sinhala these tell two names apart.
_JOINERS = "\u200c\u200d"
_DOTS = re.compile("[\u3002\uff0e\uff61]")


# A name before the address in angle brackets; nothing that holds two addresses.
_NAMED = re.compile(r"[^<>@]*<([^<>@]+@[^<>@]+)>")
_PAIRS = frozenset({("<", ">"), ("(", ")"), ("[", "]"), ("'", "'"), ("“", "”"), ("«", "»"), ("„", "“"), ("‘", "’")})
_AROUND = " \t\r\n\xa0;,.，；。、"


class NoDomain(ValueError):
    """A domain that no mail server can be found by."""


def fold_email(text: str) -> str:
    """Return the form in which two spellings of one address are equal, also of what is no usable address."""
    local, at, domain = _parts(text)
    if not at:
        return local
    try:
        return f"{local}@{fold_domain(domain)}"
    except NoDomain:
        return f"{local}@{domain.lower()}"


# Many addresses share a domain, and reading one by IDNA takes longer than inserting a row.
@lru_cache(maxsize=4096)
def fold_domain(domain: str) -> str:
    """Return a domain in small letters of its own script. Raises NoDomain."""
    try:
        return str(idna.decode(ascii_domain(domain)))
    except (idna.IDNAError, UnicodeError):
        raise NoDomain from None


@lru_cache(maxsize=4096)
def ascii_domain(domain: str) -> str:
    """Return a domain as the name system knows it: `maßanfertigung.example` is `xn--maanfertigung-cdb.example`.

    Raises NoDomain for what IDNA 2008 does not allow.
    """
    try:
        return idna.encode(_DOTS.sub(".", domain), uts46=True, transitional=False, std3_rules=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        raise NoDomain from None


def address_for_server(email: str) -> str:
    """Return an address as it is handed to a mail server: its domain in ASCII. Raises NoDomain."""
    local, at, domain = email.rpartition("@")
    return f"{local}{at}{ascii_domain(domain)}"


def _parts(text: str) -> tuple[str, str, str]:
    """Return what stands before the last @ in small letters, the @, and the domain as typed."""
    kept = (sign for sign in text.translate(_FULL_WIDTH) if sign in _JOINERS or not _is_invisible(sign))
    typed = _unwrapped(unicodedata.normalize("NFC", "".join(kept)).strip(f" {_JOINERS}"))
    local, at, domain = typed.rpartition("@")
    return (_lower(local.strip()), at, domain.strip()) if at else (_lower(typed), "", "")


def _unwrapped(text: str) -> str:
    """Return an address without what mail programs and lists write around it: `Anna Lee <anna@lee.example>;`."""
    text = text.strip(_AROUND)
    if named := _NAMED.fullmatch(text):
        text = named[1].strip(_AROUND)
    text = re.sub("^mailto:", "", text, flags=re.IGNORECASE)
    while len(text) > 1 and (text[0], text[-1]) in _PAIRS:
        text = text[1:-1].strip(_AROUND)
    # A spreadsheet shows what follows this sign as it was typed.
    return text.removeprefix("'") if text.count("'") == 1 else text


def _is_invisible(sign: str) -> bool:
    return unicodedata.category(sign) in {"Cf", "Cc"}


def _lower(text: str) -> str:
    """Return a text in small letters, but for letters that are two when small."""
    lowered = "".join(small if len(small := sign.lower()) == 1 else sign for sign in text)
    return unicodedata.normalize("NFC", lowered)
