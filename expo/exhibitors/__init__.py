"""Exhibiting companies with their teams, categories and booths, and the public directory.

NOUNS lists the file names allowed in this domain's packages.
"""

NOUNS = (
    "companies",
    "booths",
    "members",
    "imports",
    "pages",
    "products",
    "documents",
    "tasks",
    "orders",
    "messages",
    "records",
    "packages",
    "applications",
    "passes",
    "references",
    "merges",
)
