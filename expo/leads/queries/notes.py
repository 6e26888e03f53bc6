"""Reads of notes."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from expo.infra.db import db
from expo.leads.models import LeadNote


@dataclass(frozen=True)
class NoteRow:
    """A note, who wrote it and when."""

    id: int
    text: str
    author: str
    member_id: int | None
    written_at: datetime


def list_notes(*conditions: ColumnElement[bool]) -> dict[int, list[NoteRow]]:
    """Return the notes that say something, by lead id, oldest first."""
    rows = db.session.execute(
        select(
            LeadNote.lead_id,
            LeadNote.id,
            LeadNote.text,
            LeadNote.author,
            LeadNote.member_id,
            LeadNote.written_at,
        )
        .where(LeadNote.text != "", *conditions)
        .order_by(LeadNote.written_at, LeadNote.id)
    )
    found: dict[int, list[NoteRow]] = {}
    for lead_id, note_id, text, author, member_id, written_at in rows:
        found.setdefault(lead_id, []).append(NoteRow(note_id, text, author, member_id, written_at))
    return found
