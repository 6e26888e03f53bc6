"""What people offer and seek, who may find them, and which contact details they share.

NOUNS lists the file names allowed in this domain's packages.
"""

NOUNS = (
    "profiles",
    "topics",
    "contact_sharing",
    "directory",
    "facets",
)
