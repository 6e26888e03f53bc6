"""Sessions, speakers and tracks: the public programme, its import and its export.

A programme is imported from a file (frab, OPass, Sessionize) or created in the product. What a file contains beyond our
columns is stored in each row's `source`, so that an export equals the import. An attendee's agenda is the list of
sessions that they want to see.

NOUNS lists the file names allowed when a room of this domain is split into a package.
"""

NOUNS = (
    "sessions",
    "drafts",
    "types",
    "tracks",
    "filters",
    "texts",
    "speakers",
    "speaker_accounts",
    "speaker_tickets",
    "materials",
    "schedules",
    "versions",
    "notices",
    "agendas",
    "grids",
    "seats",
    "feedback",
    "reminders",
    "screens",
    "timetable",
    "conflicts",
    "identities",
    "merges",
    "renames",
)
