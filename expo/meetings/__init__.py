"""Meetings between attendees and exhibitors: requests, free slots, tables and check-in.

NOUNS lists the file names allowed in this domain's packages.
"""

NOUNS = (
    "settings",
    "tables",
    "meetings",
    "parties",
    "requests",
    "answers",
    "changes",
    "holds",
    "diaries",
    "busy_marks",
    "messages",
    "blocks",
    "reports",
    "presence",
    "reminders",
    "figures",
)
