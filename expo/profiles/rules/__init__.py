"""Rules of profiles. Pure."""

from expo.profiles.rules.contact_sharing import (
    Contact,
    DEFAULT_FIELDS,
    SharedField,
    limit_contact,
    read_fields,
    read_phone,
)

__all__ = [
    "Contact",
    "DEFAULT_FIELDS",
    "SharedField",
    "limit_contact",
    "read_fields",
    "read_phone",
]
