"""Signed notices to the systems of partners: a row per event and endpoint, delivered by jobs.

An endpoint belongs to an owner of a higher floor, such as an exhibitor, which this domain knows by kind and id. A
delivery stores which event happened to which object, never its data: the body is written when it is sent.

NOUNS lists the file names allowed in this domain's packages.
"""

NOUNS = ("endpoints", "deliveries", "signatures")
