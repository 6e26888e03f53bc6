"""Meetings between attendees and exhibitors: requests, free slots, tables and check-in.

NOUNS lists the file names allowed in this domain's packages.
"""

NOUNS = (
    "settings",
    "tables",
    "meetings",
    "parties",
    "people",
    "requests",
    "limits",
    "answers",
    "changes",
    "places",
    "representatives",
    "holds",
    "diaries",
    "free_times",
    "busy_marks",
    "messages",
    "blocks",
    "reports",
    "presence",
    "reminders",
    "figures",
)
