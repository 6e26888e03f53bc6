"""Recommendations of companies, people and sessions, with reasons.

NOUNS lists the file names allowed in this domain's packages.
"""

NOUNS = (
    "topics",
    "parties",
    "vectors",
    "scores",
    "signals",
    "answers",
    "exposure",
    "exploration",
    "ranking",
    "reasons",
    "dismissals",
    "recommendations",
    "candidates",
    "capacity",
)
