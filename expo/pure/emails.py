"""E-mail addresses: the canonical form for storage, and the form for mail servers.

The local part retains every letter, as `straße` and `strasse` are different mailboxes. The domain is processed by IDNA
2008 with the non-transitional mapping of UTS 46: `faß.de` never becomes `fass.de`, which belongs to somebody else.
"""

import re
import unicodedata
from functools import lru_cache

import idna

# Characters that East Asian keyboards produce in place of ASCII.
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xFE6B: 0x40}
# In Persian and Sinhala domains these distinguish names.
_JOINERS = "\u200c\u200d"
_DOTS = re.compile("[\u3002\uff0e\uff61]")


# A name before the address in angle brackets; not a text with two addresses.
_NAMED = re.compile(r"[^<>@]*<([^<>@]+@[^<>@]+)>")
_PAIRS = frozenset({("<", ">"), ("(", ")"), ("[", "]"), ("'", "'"), ("“", "”"), ("«", "»"), ("„", "“"), ("‘", "’")})
_AROUND = " \t\r\n\xa0;,.，；。、"


class NoDomain(ValueError):
    """A domain that cannot exist in the DNS."""


def fold_email(text: str) -> str:
    """Normalize an address so that spellings compare equal; unusable addresses are accepted too."""
    local, at, domain = _parts(text)
    if not at:
        return local
    try:
        return f"{local}@{fold_domain(domain)}"
    except NoDomain:
        return f"{local}@{domain.lower()}"


# Many addresses share a domain, and processing one by IDNA takes longer than inserting a row.
@lru_cache(maxsize=4096)
def fold_domain(domain: str) -> str:
    """Return a domain in lower case in its own script. Raises NoDomain."""
    try:
        return str(idna.decode(ascii_domain(domain)))
    except (idna.IDNAError, UnicodeError):
        raise NoDomain from None


@lru_cache(maxsize=4096)
def ascii_domain(domain: str) -> str:
    """Return a domain in its DNS form: `maßanfertigung.example` is `xn--maanfertigung-cdb.example`.

    Raises NoDomain for a domain that IDNA 2008 does not allow.
    """
    try:
        return idna.encode(_DOTS.sub(".", domain), uts46=True, transitional=False, std3_rules=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        raise NoDomain from None


def address_for_server(email: str) -> str:
    """Return an address for a mail server, with its domain in ASCII. Raises NoDomain."""
    local, at, domain = email.rpartition("@")
    return f"{local}{at}{ascii_domain(domain)}"


def _parts(text: str) -> tuple[str, str, str]:
    """Return the local part in lower case, the last @, and the domain as typed."""
    kept = (char for char in text.translate(_FULL_WIDTH) if char in _JOINERS or not _is_invisible(char))
    typed = _unwrap(unicodedata.normalize("NFC", "".join(kept)).strip(f" {_JOINERS}"))
    local, at, domain = typed.rpartition("@")
    return (_lower(local.strip()), at, domain.strip()) if at else (_lower(typed), "", "")


def _unwrap(text: str) -> str:
    """Return an address without the decoration added by mail programs and lists: `Anna Lee <anna@lee.example>;`."""
    text = text.strip(_AROUND)
    if named := _NAMED.fullmatch(text):
        text = named[1].strip(_AROUND)
    text = re.sub("^mailto:", "", text, flags=re.IGNORECASE)
    while len(text) > 1 and (text[0], text[-1]) in _PAIRS:
        text = text[1:-1].strip(_AROUND)
    # Spreadsheets show the text after an apostrophe as typed.
    return text.removeprefix("'") if text.count("'") == 1 else text


def _is_invisible(char: str) -> bool:
    return unicodedata.category(char) in {"Cf", "Cc"}


def _lower(text: str) -> str:
    """Return a text in lower case, except for letters that become two characters."""
    lowered = "".join(small if len(small := char.lower()) == 1 else char for char in text)
    return unicodedata.normalize("NFC", lowered)
