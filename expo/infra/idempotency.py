"""Idempotency keys: a repeated API write gets the response of the first."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import ForeignKey, String, Table, Text, UniqueConstraint, bindparam, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from expo.errors import Invalid
from expo.infra.db import Base, atomic, core_connection, db
from expo.infra.direct import run_direct
from expo.infra.inserting import insert_new

IDEMPOTENCY_KEY_LIFETIME = timedelta(hours=24)


class IdempotencyKey(Base):
    """The response to an API write, returned again if the same write is repeated."""

    __tablename__ = "idempotency_key"
    __table_args__ = (UniqueConstraint("token_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_id: Mapped[int] = mapped_column(ForeignKey("api_token.id"))
    key: Mapped[str] = mapped_column(String(255))
    request_digest: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None]
    body: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True)
class StoredAnswer:
    """The stored response to an API write."""

    status: int
    body: str


def claim_idempotency_key(token_id: int, key: str, request_digest: str, now: datetime) -> StoredAnswer | None:
    """Claim a key for the write of the open transaction; return the stored response, or None if it is new.

    Waits for another transaction that has the key. Raises Invalid `idempotency_key_reused` if the key was used for
    another request.
    """
    claim = {"token_id": token_id, "key": key, "request_digest": request_digest, "created_at": now}
    if insert_new(IdempotencyKey, "token_id", "key", **claim) is not None:
        return None
    ours = (IdempotencyKey.token_id == token_id) & (IdempotencyKey.key == key)
    outdated = db.session.execute(
        delete(IdempotencyKey)
        .where(ours, IdempotencyKey.created_at < now - IDEMPOTENCY_KEY_LIFETIME)
        .returning(IdempotencyKey.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if outdated is not None and insert_new(IdempotencyKey, "token_id", "key", **claim) is not None:
        return None
    row = db.session.execute(
        select(IdempotencyKey.request_digest, IdempotencyKey.status, IdempotencyKey.body).where(ours)
    ).one()
    if row.request_digest != request_digest:
        raise Invalid("idempotency_key_reused")
    return StoredAnswer(row.status, row.body)


def store_answer(token_id: int, key: str, answer: StoredAnswer) -> None:
    """Store the response to the write that claimed a key in the open transaction."""
    values = {"its_token_id": token_id, "its_key": key, "its_status": answer.status, "its_body": answer.body}
    run_direct(core_connection(), _KEEP_ANSWER, [values])


_answer = cast("Table", IdempotencyKey.__table__)
_KEEP_ANSWER = (
    update(_answer)
    .where(_answer.c.token_id == bindparam("its_token_id"), _answer.c.key == bindparam("its_key"))
    .values(status=bindparam("its_status"), body=bindparam("its_body"))
)


def delete_expired_idempotency_keys(before: datetime) -> int:
    """Delete the stored responses to API writes from before `before`, and return their number."""
    with atomic():
        gone = db.session.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at < before))
        return int(getattr(gone, "rowcount", 0))
