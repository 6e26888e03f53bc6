"""What attendees let others know about them.

NOUNS lists the file names allowed in this domain's packages.
"""

NOUNS = ("contact_sharing",)
