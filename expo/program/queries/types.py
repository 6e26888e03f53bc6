"""Reads of session types."""

from dataclasses import dataclass

from sqlalchemy import func, select

from expo.errors import Missing
from expo.infra.db import db
from expo.program.models import Session, SessionType
from expo.pure.versions import version_of


@dataclass(frozen=True)
class TypeRow:
    """A session type as listed, with its number of sessions in all states."""

    id: int
    code: str
    name: dict[str, str]
    minutes: int | None
    is_break: bool
    session_count: int

    @property
    def version(self) -> str:
        """The version that a change of it must name."""
        return version_of(self.name, self.minutes, self.is_break)


def list_types(edition_id: int) -> list[TypeRow]:
    """Return the session types of an edition in order."""
    count = (
        select(func.count())
        .where(Session.edition_id == edition_id, Session.kind == SessionType.code)
        .correlate(SessionType)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(SessionType.id, SessionType.code, SessionType.name, SessionType.minutes, SessionType.is_break, count)
        .where(SessionType.edition_id == edition_id)
        .order_by(SessionType.position, SessionType.id)
    )
    return [TypeRow(*row) for row in rows]


def get_type(edition_id: int, code: str) -> TypeRow:
    """Return one session type. Raises Missing `session_type_missing`."""
    found = next((each for each in list_types(edition_id) if each.code == code), None)
    if found is None:
        raise Missing("session_type_missing")
    return found
