"""Sending a letter with what is attached to it."""

from datetime import datetime

from expo.mail.rules import LetterState
from expo.mail.services import send_letter


def send_letter_with_attachments(letter_id: int, now: datetime) -> LetterState:
    """Send one letter. Raises LetterMissing, MailUnavailable (try again later)."""
    return send_letter(letter_id, (), now)
