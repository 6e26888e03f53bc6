"""Visitors whose badges an exhibitor's team scanned, with the details that they share.

A lead stores no contact details. They are read from the registration each time, limited to what the visitor shares at
that moment, so that a change of mind applies to earlier scans too (decision 0033).

NOUNS lists the file names allowed in this domain's packages.
"""

NOUNS = ("leads", "scans", "notes", "questions", "licences", "withdrawals")
