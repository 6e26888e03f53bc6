"""Rules of profiles. Pure."""

from expo.profiles.rules.contact_sharing import (
    DEFAULT_FIELDS,
    Contact,
    SharedField,
    limit_contact,
    read_fields,
    read_phone,
)
from expo.profiles.rules.facets import (
    COMPANY_SIZES,
    INDUSTRIES,
    LANGUAGES,
    PURPOSES,
    REGIONS,
    ROLES,
    regions_of_country,
)
from expo.profiles.rules.profiles import (
    AS_ATTENDEE,
    AS_EXHIBITOR,
    MAX_ABOUT_LENGTH,
    MAX_CODES,
    MAX_HEADLINE_LENGTH,
    MAX_NOTE_LENGTH,
    ProfileRequest,
    Viewer,
    Visibility,
    check_profile,
    viewer_of,
)

__all__ = [
    "AS_ATTENDEE",
    "AS_EXHIBITOR",
    "COMPANY_SIZES",
    "DEFAULT_FIELDS",
    "INDUSTRIES",
    "LANGUAGES",
    "MAX_ABOUT_LENGTH",
    "MAX_CODES",
    "MAX_HEADLINE_LENGTH",
    "MAX_NOTE_LENGTH",
    "PURPOSES",
    "REGIONS",
    "ROLES",
    "Contact",
    "ProfileRequest",
    "SharedField",
    "Viewer",
    "Visibility",
    "check_profile",
    "limit_contact",
    "read_fields",
    "read_phone",
    "regions_of_country",
    "viewer_of",
]
