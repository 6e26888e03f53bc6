"""Rules of profiles: what they contain, and who may see them. Pure."""

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
    "COMPANY_SIZES",
    "INDUSTRIES",
    "LANGUAGES",
    "MAX_ABOUT_LENGTH",
    "MAX_CODES",
    "MAX_HEADLINE_LENGTH",
    "MAX_NOTE_LENGTH",
    "PURPOSES",
    "REGIONS",
    "ROLES",
    "ProfileRequest",
    "Viewer",
    "Visibility",
    "check_profile",
    "regions_of_country",
    "viewer_of",
]
