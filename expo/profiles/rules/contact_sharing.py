"""Which contact details exhibitors get when they scan a badge. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers

from expo.errors import Invalid


class SharedField(StrEnum):
    """One contact detail that an attendee may share."""

    NAME = "name"
    COMPANY = "company"
    COUNTRY = "country"
    JOB_TITLE = "job_title"
    EMAIL = "email"
    PHONE = "phone"


# What a badge shows anyway.
DEFAULT_FIELDS = frozenset({SharedField.NAME, SharedField.COMPANY, SharedField.COUNTRY})


@dataclass(frozen=True)
class Contact:
    """Contact details; what is not shared is empty, as is what the attendee never entered."""

    name: str = ""
    latin_name: str = ""
    company: str = ""
    # ISO 3166-1 alpha-2.
    country: str = ""
    job_title: str = ""
    email: str = ""
    phone: str = ""


def limit_contact(contact: Contact, fields: Iterable[SharedField]) -> Contact:
    """Return the contact with only the shared fields; the Latin form belongs to the name."""
    shared = frozenset(fields)
    return Contact(
        name=contact.name if SharedField.NAME in shared else "",
        latin_name=contact.latin_name if SharedField.NAME in shared else "",
        company=contact.company if SharedField.COMPANY in shared else "",
        country=contact.country if SharedField.COUNTRY in shared else "",
        job_title=contact.job_title if SharedField.JOB_TITLE in shared else "",
        email=contact.email if SharedField.EMAIL in shared else "",
        phone=contact.phone if SharedField.PHONE in shared else "",
    )


def read_fields(names: Iterable[str]) -> frozenset[SharedField]:
    """Return the fields with these names; unknown names are dropped."""
    known = {each.value for each in SharedField}
    return frozenset(SharedField(name) for name in names if name in known)


def read_phone(text: str, country: str) -> str:
    """Return a phone number in E.164 form, empty for none. Raises Invalid `phone_invalid`.

    A number without a country code belongs to `country`.
    """
    if not text.strip():
        return ""
    try:
        number = phonenumbers.parse(text, country or None)
    except phonenumbers.NumberParseException:
        raise Invalid("phone_invalid", field="phone") from None
    if not phonenumbers.is_possible_number(number):
        raise Invalid("phone_invalid", field="phone")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
