"""The audit log: who did what to which object, and when. Written in the act's transaction and never changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base, atomic, db
from expo.infra.inserting import insert_at_commit


class Identity(Protocol):
    """The identity of an actor."""

    @property
    def kind(self) -> str:
        """`person`, `device`, `system` or `anonymous`."""

    @property
    def id(self) -> int | None:
        """The id of the person or device; None for the system and for anonymous visitors."""


class AuditEntry(Base):
    """One act."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_subject", "subject", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    edition_id: Mapped[int | None] = mapped_column(index=True)
    actor_kind: Mapped[str] = mapped_column(String(16))
    actor_id: Mapped[int | None]
    action: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[int | None]
    details: Mapped[dict[str, Any]]


@dataclass(frozen=True)
class AuditRecord:
    """One entry of a history, as shown to an organizer."""

    at: datetime
    actor_kind: str
    actor_id: int | None
    action: str
    details: dict[str, Any]


def record_act(
    by: Identity,
    action: str,
    at: datetime,
    *,
    edition_id: int | None,
    subject: str,
    subject_id: int | None,
    **details: Any,
) -> None:
    """Record an act in the open transaction. `action` is `<domain>.<verb>`, `details` has changes, never secrets."""
    insert_at_commit(
        AuditEntry,
        at=at,
        edition_id=edition_id,
        actor_kind=by.kind,
        actor_id=by.id,
        action=action,
        subject=subject,
        subject_id=subject_id,
        details=details,
    )


def record_export(by: Identity, what: str, at: datetime, edition_id: int | None, **wanted: Any) -> None:
    """Record an export of personal data and its filter. Without an edition it covers all of them."""
    with atomic():
        record_act(by, f"export.{what}", at, edition_id=edition_id, subject="edition", subject_id=edition_id, **wanted)


def list_audit_records(subject: str, subject_id: int, limit: int = 100) -> list[AuditRecord]:
    """Return the acts on one subject, newest first."""
    rows = db.session.execute(
        select(AuditEntry.at, AuditEntry.actor_kind, AuditEntry.actor_id, AuditEntry.action, AuditEntry.details)
        .where(AuditEntry.subject == subject, AuditEntry.subject_id == subject_id)
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    return [AuditRecord(*row) for row in rows]
