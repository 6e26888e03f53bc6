"""Reads of the files that are uploaded for sessions."""

from dataclasses import dataclass

from sqlalchemy import exists, select

from expo.infra.db import db
from expo.infra.files import StoredFile
from expo.program.models import Session, SessionMaterial, SessionSpeaker, Speaker
from expo.program.queries.sessions import is_public


@dataclass(frozen=True)
class MaterialRow:
    """A file of a session; `key` is part of its address, `size` in bytes."""

    key: str
    name: str
    title: str
    media_type: str
    size: int

    @property
    def label(self) -> str:
        """What to call it: its title, or else the name of the file."""
        return self.title or self.name


def list_materials(session_id: int) -> list[MaterialRow]:
    """Return the files of a session in the order in which they were added."""
    rows = db.session.execute(
        select(StoredFile.key, StoredFile.name, SessionMaterial.title, StoredFile.media_type, StoredFile.size)
        .join(SessionMaterial, SessionMaterial.file_id == StoredFile.id)
        .where(SessionMaterial.session_id == session_id)
        .order_by(SessionMaterial.id)
    )
    return [MaterialRow(*row) for row in rows]


def speaks_in(edition_id: int, slug: str, person_id: int) -> bool:
    """Return whether a person speaks in or moderates this session, and it is public."""
    held = (
        exists()
        .where(
            SessionSpeaker.session_id == Session.id,
            SessionSpeaker.speaker_id == Speaker.id,
            Speaker.person_id == person_id,
        )
        .correlate(Session)
    )
    found = db.session.scalar(select(Session.id).where(*is_public(edition_id), Session.slug == slug, held))
    return found is not None
