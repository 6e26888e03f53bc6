"""Validation of form fields: names, short texts, countries and languages."""

import unicodedata

from expo.errors import Invalid
from expo.pure import texts
from expo.pure.countries import country_codes
from expo.pure.languages import BY_CODE
from expo.pure.private_use import replace_private_use_characters

MAX_NAME_LENGTH = 200
MAX_TEXT_LENGTH = 200


def clean_text(text: str) -> str:
    """Return a text for storage: NFC, single spaces between words, no control characters or direction overrides.

    Joiners stay, as Persian and Indian names need them; so do private-use and recently added characters, which may be
    part of somebody's name: whether a badge can show them is checked elsewhere.
    """
    composed = unicodedata.normalize("NFC", replace_private_use_characters(text))
    kept = "".join(
        " " if char.isspace() else char
        for char in composed
        if char.isspace() or char in "\u200c\u200d\u180e" or not _is_forbidden(char)
    )
    return " ".join(kept.split()).strip("\u200c\u200d ")


def _is_forbidden(char: str) -> bool:
    is_non_character = "\ufdd0" <= char <= "\ufdef" or ord(char) & 0xFFFE == 0xFFFE  # noqa: PLR2004 - the last two of each plane
    return is_non_character or unicodedata.category(char) in {"Cc", "Cf", "Cs"}


def check_name(text: str, field: str) -> str:
    """Return a person's name for storage. Raises Invalid `name_empty` or `name_too_long` with the field."""
    name = clean_text(text)
    if not any(unicodedata.category(char)[0] in "LN" for char in name):
        raise Invalid("name_empty", field=field)
    if len(name) > MAX_NAME_LENGTH:
        raise Invalid("name_too_long", field=field, maximum=MAX_NAME_LENGTH)
    return name


def check_text(text: str, field: str) -> str:
    """Return a short text for storage; it may be empty. Raises Invalid `text_too_long` with the field."""
    cleaned = clean_text(text)
    if len(cleaned) > MAX_TEXT_LENGTH:
        raise Invalid("text_too_long", field=field, maximum=MAX_TEXT_LENGTH)
    return cleaned


def check_message(text: str, maximum: int) -> str:
    """Return a message of several lines for storage. Raises Invalid `message_empty` or `text_too_long`."""
    message = texts.clean_text(text).strip()
    if not message:
        raise Invalid("message_empty", field="text")
    if len(message) > maximum:
        raise Invalid("text_too_long", field="text", maximum=maximum)
    return message


def check_country(code: str, field: str) -> str:
    """Return a country's two letters in upper case. Raises Invalid `country_unknown` with the field."""
    country = code.strip().upper()
    if country not in country_codes():
        raise Invalid("country_unknown", field=field, country=code[:20])
    return country


def check_language(code: str, field: str) -> str:
    """Return the code of a language for e-mails. Raises Invalid `language_unknown` with the field."""
    if code not in BY_CODE:
        raise Invalid("language_unknown", field=field, language=code[:20])
    return code
