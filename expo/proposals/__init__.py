"""Calls for proposals, the proposals that they receive, speaker profiles, reviews and decisions.

A proposal that is accepted becomes a session of the programme; a flow does that, since the programme is a higher
floor. Tracks and session types are therefore referred to by their slugs and codes, and what a call offers to choose
from is passed in as an Offer.

NOUNS lists the file names allowed when a room of this domain is split into a package.
"""

NOUNS = (
    "calls",
    "proposals",
    "speakers",
    "files",
    "decisions",
    "profiles",
    "rounds",
    "assignments",
    "reviews",
    "discussions",
)
