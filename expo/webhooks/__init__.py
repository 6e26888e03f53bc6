"""Signed notices to the systems of partners: a row per event and endpoint, delivered by jobs.

An endpoint belongs to an exhibitor; this domain knows only its id. A delivery stores which event happened to
which object, never its data: the body is written when it is sent.

NOUNS lists the file names allowed in this domain's packages.
"""

NOUNS = ("endpoints", "deliveries", "signatures")
