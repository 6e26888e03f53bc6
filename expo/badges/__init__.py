"""Badges: issuing, reissuing and revoking the signed token that an attendee wears as a QR code.

A badge has one serial for life; a reissue raises its issue counter, and every token with a lower one is revoked.

NOUNS names the files that a room of this domain may be divided into.
"""

NOUNS = ("badges", "keys")
