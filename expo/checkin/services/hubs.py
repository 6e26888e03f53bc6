"""Services of a hub: where its centre is, and which of its scans the centre has.

Nobody is signed in at a hub: it acts on its own, and the centre decides with each call what it may do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, text, update

from expo.accounts.rules import Actor, Permission, require
from expo.checkin.models import HeldScan, Hub
from expo.checkin.queries.hubs import count_waiting, find_hub
from expo.errors import Conflict
from expo.infra.db import Base, atomic, db
from expo.infra.sealing import seal

SEAL = "hub"


@dataclass(frozen=True)
class Contact:
    """How the last attempt to reach the centre went; `error` is empty if it was reached."""

    at: datetime
    error: str = ""
    skew_ms: int | None = None
    is_revoked: bool = False
    is_wiped: bool = False


def create_hub(actor: Actor, centre_url: str, address: str, name: str, token: str) -> None:
    """Make this installation a hub, or give the hub that it is another token or address."""
    require(actor, Permission.CHECKPOINTS_MANAGE, None)
    with atomic() as session:
        hub = session.scalars(select(Hub)).one_or_none()
        if hub is not None and hub.centre_url != centre_url:
            raise Conflict("hub_has_another_centre", centre=hub.centre_url)
        if hub is None:
            hub = Hub(centre_url=centre_url)
            session.add(hub)
        hub.address, hub.name, hub.encrypted_token, hub.is_revoked = address, name, seal(SEAL, token.encode()), False
        session.flush()


def set_hub_address(address: str) -> None:
    """Store where the doors of the hall reach this hub."""
    with atomic() as session:
        session.execute(update(Hub).values(address=address))


def store_contact(contact: Contact) -> None:
    """Store whether the centre was reached."""
    values: dict[str, Any] = {"tried_at": contact.at, "error": contact.error[:200]}
    if not contact.error:
        values["is_revoked"] = contact.is_revoked
    if contact.skew_ms is not None:
        values["skew_ms"] = contact.skew_ms
    with atomic() as session:
        session.execute(update(Hub).values(values))


def store_copy(edition_id: int, cursor: str, now: datetime, *, is_complete: bool) -> None:
    """Store up to where this hub knows what the centre knows; its doors can work once a copy is complete."""
    values: dict[str, Any] = {"cursor": cursor}
    if is_complete:
        values |= {"edition_id": edition_id, "copied_at": now}
    with atomic() as session:
        session.execute(update(Hub).values(values))


def wipe_hub(*, is_forced: bool = False) -> bool:
    """Delete everything in this hub's database, unless the centre lacks a scan; return whether it was deleted.

    While it is decided and done, no door can add a scan. With `is_forced`, scans that the centre no longer accepts
    are deleted too. What is deleted is overwritten on the disk.
    """
    with atomic() as session:
        if find_hub() is None or (count_waiting() and not is_forced):
            return False
        session.execute(text("PRAGMA secure_delete = ON"))
        session.execute(text("PRAGMA defer_foreign_keys = ON"))
        for table in reversed(Base.metadata.sorted_tables):
            session.execute(table.delete())
    db.session.remove()
    connection = db.engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
    return True


def hold_scans(connection: Connection, scans: Sequence[Mapping[str, str]]) -> None:
    """Keep what the centre needs of new scans, in the transaction that stores them."""
    if scans:
        connection.execute(insert(HeldScan), list(scans))


def hold_undo(scan_id: str, now: datetime) -> None:
    """Keep in mind to tell the centre that a scan was taken back, even if it was not scanned here."""
    with atomic() as session:
        if session.get(HeldScan, scan_id) is None:
            session.add(HeldScan(scan_id=scan_id, token="", checkpoint="", sent_at=now))
            session.flush()


def mark_sent(problems: Mapping[str, str | None], now: datetime) -> None:
    """Note that the centre has these scans, or why it cannot take them. Their badges are forgotten here."""
    with atomic():
        for scan_id, problem in problems.items():
            db.session.execute(
                update(HeldScan)
                .where(HeldScan.scan_id == scan_id, HeldScan.sent_at.is_(None))
                .values(sent_at=now, token="", problem=problem)
            )


def mark_undos_sent(scan_ids: Sequence[str], now: datetime) -> None:
    """Note that the centre knows that these scans were taken back."""
    with atomic():
        db.session.execute(update(HeldScan).where(HeldScan.scan_id.in_(scan_ids)).values(undo_sent_at=now))
