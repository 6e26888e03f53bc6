"""Rules of profiles. Pure."""

from expo.profiles.rules.contact_sharing import (
    DEFAULT_FIELDS,
    Contact,
    SharedField,
    limit_contact,
    read_fields,
    read_phone,
)

__all__ = [
    "DEFAULT_FIELDS",
    "Contact",
    "SharedField",
    "limit_contact",
    "read_fields",
    "read_phone",
]
