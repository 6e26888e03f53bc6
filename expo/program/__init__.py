"""Sessions, speakers and tracks: the public programme, and its exchange with other systems.

A programme comes in as a frab or OPass file, or is made here. What a file says beyond our columns is kept in each row's
`source`, so that the programme exported again is the programme that came in. An attendee's agenda is the list of
sessions that they want to see.

NOUNS names the files that a room of this domain may be divided into.
"""

NOUNS = ("sessions", "filters", "speakers", "agendas", "schedules")
