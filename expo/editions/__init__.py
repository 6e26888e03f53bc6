"""One year's expo: its dates, time zone, languages, halls and rooms.

There are several editions, one of which is current and shown on the public pages. The rows of every other domain belong
to one edition, and every query filters by it.

NOUNS lists the file names allowed in this domain's packages.
"""

NOUNS = ("editions", "halls", "rooms", "places")
