"""Store at a hub what it copied from the centre.

Rows keep their ids. Only rows that differ are written, and an attendee whose door data differs is dated now, so that
the devices of the hall get it with their next delta.
"""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Column, Date, LargeBinary, Table, delete, select, tuple_, update
from sqlalchemy.dialects.sqlite import insert

from expo.accounts.models import Person
from expo.badges.models import Badge
from expo.checkin.models import Checkpoint, Device, Scan
from expo.checkin.queries.checkpoints import clear_checkpoint_cache
from expo.checkin.queries.copies import COPIED_TABLES, in_chunks
from expo.checkin.rules.copies import COPIED, DESCRIPTION
from expo.checkin.services.presence import merge_passages, recount_zones
from expo.infra.db import UtcDateTime, atomic, db
from expo.registration.models import Attendee

Row = dict[str, Any]
# Attendees, and scans of others, in one transaction: those at the hub's own doors must not wait longer for it.
PEOPLE_AT_ONCE = 500
SCANS_AT_ONCE = 2000
# Rows that only say which things go together; they are replaced as a whole.
_LINKS = ("checkpoint_ticket_type", "device_checkpoint")
_ORDER = tuple(DESCRIPTION)
# Only the centre knows who made a registration.
_NOBODY = 1
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
# What a hub fills in where a column must have a value and is not copied.
_FILLED: dict[str, Row] = {
    "edition": {"is_current": False},
    "signing_key": {"encrypted_private_key": b""},
    "session": {"title": {}},
    "order": {"person_id": _NOBODY, "email": "", "language": "", "currency": "", "source": "hub"},
    "attendee": {"person_id": _NOBODY, "email": "", "language": ""},
    "order_line": {"price_cents": 0, "total_cents": 0},
}


class CopyError(Exception):
    """The answer of the centre is not a copy that this version understands."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a copy, as the centre sent it. See `checkin.queries.copies.HubCopy`."""

    edition_id: int
    cursor: str
    rows: dict[str, Any]
    covers: tuple[int, int | None] | None
    left: int

    @classmethod
    def of(cls, answer: dict[str, Any]) -> "Part":
        """Return the part that an answer contains. Raises CopyError."""
        try:
            covers = answer["covers"]
            return cls(
                int(answer["edition_id"]),
                str(answer["cursor"]),
                dict(answer["rows"]),
                (int(covers[0]), None if covers[1] is None else int(covers[1])) if covers is not None else None,
                int(answer["left"]),
            )
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise CopyError(f"the copy is unreadable: {error}") from None


def apply_part(part: Part, now: datetime) -> int:
    """Store a part of a copy, and return how many attendees changed. Raises CopyError."""
    rows = {name: _read(name, part.rows) for name in COPIED}
    _apply_description(part.edition_id, rows)
    changed = _apply_people(rows, now)
    if part.covers is not None:
        _revoke_others(part.covers, {each["id"] for each in rows["badge"]}, now)
    _apply_scans(part.edition_id, rows["scan"], now)
    return changed


def _apply_description(edition_id: int, rows: dict[str, list[Row]]) -> None:
    with atomic() as session:
        _store_nobody()
        for name in _ORDER:
            if name in _LINKS:
                session.execute(delete(COPIED_TABLES[name]))
            _store(name, _with_own_tokens(rows[name]) if name == "device" else rows[name])
        _show_only(edition_id)
        _close_the_rest(rows)
        recount_zones(edition_id)
    clear_checkpoint_cache(edition_id)


def _store_nobody() -> None:
    if db.session.get(Person, _NOBODY) is None:
        db.session.add(Person(id=_NOBODY, email="", created_at=_EPOCH))
        db.session.flush()


def _show_only(edition_id: int) -> None:
    """Make the edition of this hub the current one."""
    table = COPIED_TABLES["edition"]
    db.session.execute(update(table).values(is_current=False).where(table.c.id != edition_id))
    db.session.execute(update(table).values(is_current=True).where(table.c.id == edition_id))


def _with_own_tokens(devices: list[Row]) -> list[Row]:
    """Return the devices with the tokens that they got from this hub, if that was later than from the centre."""
    stored = {row.id: row for row in db.session.execute(select(Device.id, Device.token_digest, Device.enrolled_at))}
    kept = []
    for each in devices:
        here, since = stored.get(each["id"]), each["enrolled_at"] or _EPOCH
        if here is not None and here.enrolled_at is not None and here.enrolled_at > since:
            each = each | {"token_digest": here.token_digest, "enrolled_at": here.enrolled_at}  # noqa: PLW2901
        kept.append(each)
    return kept


def _close_the_rest(rows: dict[str, list[Row]]) -> None:
    """Close checkpoints that the centre deleted, and end the access of devices that it no longer sends."""
    checkpoints = {each["id"] for each in rows["checkpoint"]}
    devices = {each["id"] for each in rows["device"]}
    db.session.execute(update(Checkpoint).where(Checkpoint.id.not_in(checkpoints)).values(is_open=False))
    db.session.execute(update(Device).where(Device.id.not_in(devices)).values(token_digest=None, code_digest=None))


def _apply_people(rows: dict[str, list[Row]], now: datetime) -> int:
    """Store attendees with their orders, add-ons, badges and seats, some at a time."""
    orders = {each["id"]: each for each in rows["order"]}
    badges = {each["attendee_id"]: each for each in rows["badge"]}
    former = _by(rows["former_badge"], "badge_id")
    seats = _by(rows["seat_hold"], "attendee_id")
    add_ons = _by(rows["order_line"], "attendee_id")
    changed = 0
    for part in in_chunks(rows["attendee"], PEOPLE_AT_ONCE):
        ids = [each["id"] for each in part]
        part_badges = [badges[attendee_id] for attendee_id in ids if attendee_id in badges]
        with atomic():
            different = _store_orders(part, orders)
            different |= {key[0] for key in _store("attendee", part, updated_at=now)}
            owners = {each["id"]: each["attendee_id"] for each in part_badges}
            different |= {owners[key[0]] for key in _store("badge", part_badges, ignores="issued_at", issued_at=now)}
            tokens = [row for each in part_badges for row in former.get(each["id"], ())]
            different |= {owners[key[0]] for key in _store("former_badge", tokens)}
            lines = [row for attendee_id in ids for row in add_ons.get(attendee_id, ())]
            different |= _owners_of("order_line", lines)
            different |= _replace_seats(ids, [row for attendee_id in ids for row in seats.get(attendee_id, ())])
            db.session.execute(update(Attendee).where(Attendee.id.in_(different)).values(updated_at=now))
            changed += len(different)
    return changed


def _store_orders(attendees: list[Row], orders: dict[int, Row]) -> set[int]:
    """Store the orders of attendees, and return the attendees whose order differs."""
    wanted = {each["order_id"] for each in attendees}
    different = _store("order", [orders[order_id] | {"code": str(order_id)} for order_id in sorted(wanted)])
    changed = {key[0] for key in different}
    return {each["id"] for each in attendees if each["order_id"] in changed}


def _owners_of(name: str, rows: list[Row]) -> set[int]:
    """Store rows of attendees, and return the attendees whose rows differ."""
    owners = {each["id"]: each["attendee_id"] for each in rows}
    return {owners[key[0]] for key in _store(name, rows)}


def _replace_seats(attendee_ids: list[int], rows: list[Row]) -> set[int]:
    """Store who has a seat where, and return the attendees for whom this differs."""
    table = COPIED_TABLES["seat_hold"]
    names = COPIED["seat_hold"]
    query = select(*(table.c[name] for name in names)).where(table.c.attendee_id.in_(attendee_ids))
    stored = {tuple(row) for row in db.session.execute(query)}
    sent = {tuple(row[name] for name in names) for row in rows}
    different = {row[0] for row in stored ^ sent}
    if different:
        db.session.execute(delete(table).where(table.c.attendee_id.in_(different)))
        _store("seat_hold", [row for row in rows if row["attendee_id"] in different])
    return different


def _revoke_others(covers: tuple[int, int | None], badge_ids: set[int], now: datetime) -> None:
    """Revoke the other badges of attendees with ids in a range: the centre no longer has them."""
    after, until = covers
    query = select(Badge.id).where(Badge.revoked_at.is_(None), Badge.attendee_id > after)
    with atomic() as session:
        stored = set(session.scalars(query if until is None else query.where(Badge.attendee_id <= until)))
        for part in in_chunks(sorted(stored - badge_ids)):
            session.execute(update(Badge).where(Badge.id.in_(part)).values(revoked_at=now))


def _apply_scans(edition_id: int, rows: list[Row], now: datetime) -> None:
    """Add scans of other doors to the log, and compute again where their attendees stand."""
    for part in in_chunks(rows, SCANS_AT_ONCE):
        with atomic() as session:
            stored = _list_stored_scans(edition_id, part)
            new = [each | {"received_at": _received(each, now)} for each in part if each["scan_id"] not in stored]
            undone = {
                each["scan_id"]: each["attendee_id"]
                for each in part
                if each["undone_at"] and each["scan_id"] in stored and stored[each["scan_id"]] is None
            }
            for row in new:
                row["undone_at"] = row["undone_at"] and now
            if new:
                session.execute(insert(COPIED_TABLES["scan"]), new)
            for scan_ids in in_chunks(undone):
                changed = update(Scan).where(Scan.edition_id == edition_id, Scan.scan_id.in_(scan_ids))
                session.execute(changed.values(undone_at=now))
            people = {each["attendee_id"] for each in new} | set(undone.values())
            if people:
                merge_passages(edition_id, people, now)


def _list_stored_scans(edition_id: int, rows: list[Row]) -> dict[str, datetime | None]:
    """Return those of these scans that are in the log already, by id, with when they were taken back."""
    stored: dict[str, datetime | None] = {}
    for part in in_chunks(each["scan_id"] for each in rows):
        # Without the edition, the index of ids is of no use.
        query = select(Scan.scan_id, Scan.undone_at).where(Scan.edition_id == edition_id, Scan.scan_id.in_(part))
        stored |= dict(db.session.execute(query).all())
    return stored


def _received(row: Row, now: datetime) -> datetime:
    """Return now, so that devices learn of the scan, unless it matters when the centre got it."""
    return row["received_at"] if row["reason"] else now


def _store(name: str, rows: Sequence[Row], *, ignores: str = "", **more: Any) -> set[tuple[Any, ...]]:
    """Insert or replace the rows that differ from the stored ones, and return their keys."""
    table = COPIED_TABLES[name]
    keys = [column.name for column in table.primary_key]
    different: list[Row] = []
    for part in in_chunks(rows):
        stored = _read_stored(table, keys, part)
        different += [row | more for row in part if not _is_same(stored.get(_key(keys, row)), row, ignores)]
    if different:
        statement = insert(table)
        replaced = {column: statement.excluded[column] for column in different[0] if column not in keys}
        if replaced:
            statement = statement.on_conflict_do_update(index_elements=keys, set_=replaced)
        db.session.execute(statement, [_FILLED.get(name, {}) | row for row in different])
    return {_key(keys, row) for row in different}


def _read_stored(table: Table, keys: list[str], rows: list[Row]) -> dict[tuple[Any, ...], Row]:
    query = select(table)
    if len(keys) == 1:
        query = query.where(table.c[keys[0]].in_([row[keys[0]] for row in rows]))
    else:
        query = query.where(tuple_(*(table.c[key] for key in keys)).in_([_key(keys, row) for row in rows]))
    return {_key(keys, found): found for found in map(dict, db.session.execute(query).mappings())}


def _is_same(stored: Row | None, row: Row, ignores: str) -> bool:
    return stored is not None and all(stored[name] == value for name, value in row.items() if name != ignores)


def _key(keys: list[str], row: Row) -> tuple[Any, ...]:
    return tuple(row[key] for key in keys)


def _by(rows: list[Row], name: str) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row[name], []).append(row)
    return found


def _read(name: str, sent: dict[str, Any]) -> list[Row]:
    """Return the rows of a table as this database stores them."""
    table, names = COPIED_TABLES[name], COPIED[name]
    readers = [(place, _reader(table.c[each])) for place, each in enumerate(names)]
    converted = [(place, read) for place, read in readers if read is not None]
    try:
        return [_read_row(names, list(row), converted) for row in sent[name]]
    except (KeyError, TypeError, ValueError) as error:
        raise CopyError(f"{name}: {error}") from None


def _read_row(names: Sequence[str], values: list[Any], converted: Sequence[tuple[int, Callable[[Any], Any]]]) -> Row:
    for place, read in converted:
        if values[place] is not None:
            values[place] = read(values[place])
    return dict(zip(names, values, strict=True))


def _reader(column: Column[Any]) -> Callable[[Any], Any] | None:
    """Return what makes the value of a column of what JSON has; None if that is the value."""
    if isinstance(column.type, UtcDateTime):
        return datetime.fromisoformat
    if isinstance(column.type, Date):
        return date.fromisoformat
    return base64.b64decode if isinstance(column.type, LargeBinary) else None
