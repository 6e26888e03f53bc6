"""Checkpoints, scans and verdicts: who is let in, where, once.

A scan is a row whatever its verdict. An admission is one conditional statement on `presence`, so the same badge at
two gates in the same instant is admitted once. The same `scan_id` gives the same answer and no second row.

NOUNS names the files that a room of this domain may be divided into.
"""

NOUNS = ("checkpoints", "scans", "verdicts", "passages", "admissions", "presence", "days", "figures")
