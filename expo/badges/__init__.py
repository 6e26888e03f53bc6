"""Badges: issuing, reissuing and revoking the signed token that attendees wear as a QR code.

A badge has one permanent serial. Reissuing it increments its issue counter, which revokes every token with a lower one.

NOUNS lists the file names allowed in this domain's packages.
"""

NOUNS = ("badges", "keys", "print_jobs", "desk_settings")
