"""What a note may be. Pure."""

from expo.errors import Invalid
from expo.pure.texts import clean_text

MAX_NOTE_LENGTH = 4000


def check_note(text: str) -> str:
    """Return a note as it is stored. Raises Invalid `lead_note_too_long`."""
    note = clean_text(text).replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(note) > MAX_NOTE_LENGTH:
        raise Invalid("lead_note_too_long", field="note", maximum=MAX_NOTE_LENGTH)
    return note
