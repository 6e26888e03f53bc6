"""Exhibiting companies with their teams, categories, topics and booths, and the public directory.

NOUNS lists the file names allowed in this domain's packages.
"""

NOUNS = ("companies", "booths", "members", "topics", "imports")
