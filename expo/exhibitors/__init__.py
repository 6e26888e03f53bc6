"""Exhibiting companies with their teams, categories and booths, and the public directory.

NOUNS lists the file names allowed in this domain's packages.
"""

NOUNS = (
    "companies",
    "records",
    "packages",
    "applications",
    "booths",
    "edits",
    "members",
    "imports",
    "pages",
    "products",
    "documents",
    "files",
    "tasks",
    "orders",
    "messages",
    "plans",
    "sales",
    "directory",
    "favourites",
    "page_views",
    "topics",
    "participations",
    "passes",
    "licences",
    "drawings",
    "references",
    "merges",
)
