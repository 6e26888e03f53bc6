"""Tickets: the types and add-ons on offer, their prices, and the number of places.

A ticket type or add-on takes its places from every quota it belongs to. This domain does not know who holds the places:
a flow counts them and passes the number down. Places are taken or released in the last statement before the commit.

NOUNS lists the file names allowed in this domain's packages.
"""

NOUNS = ("types", "add_ons", "quotas", "places")
