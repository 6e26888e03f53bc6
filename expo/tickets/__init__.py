"""Tickets: what can be had, at what price, and how many places there are.

A ticket type takes its places from every quota it belongs to. Who holds the places is not known here: an act above
counts them and passes the number down, and takes or gives back places in the statement before its commit.

NOUNS names the files that a room of this domain may be divided into.
"""

NOUNS = ("types", "quotas", "places")
