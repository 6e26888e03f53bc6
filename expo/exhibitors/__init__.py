"""Exhibiting companies with their teams, categories and booths, floor plans, and the public directory.

NOUNS lists the file names allowed in this domain's packages.
"""

NOUNS = ("companies", "booths", "plans", "drawings", "sales", "directory", "favourites", "members", "imports")
