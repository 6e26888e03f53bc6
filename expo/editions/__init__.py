"""One year's expo: its dates, time zone, languages, halls and rooms.

Several editions stand side by side, one of them current: the public pages show that one. Every other domain's rows
belong to one edition, and every query names it.

NOUNS names the files that a room of this domain may be divided into.
"""

NOUNS = ("editions", "halls", "rooms", "places")
