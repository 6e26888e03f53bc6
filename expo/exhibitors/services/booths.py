"""Acts on booths: drawing, moving, numbering, pricing and deleting them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from unicodedata import normalize

from sqlalchemy import or_, select

from expo.accounts.rules import Actor, Permission, require
from expo.editions.services import increment_content_version
from expo.errors import Conflict, Invalid
from expo.exhibitors.errors import BoothChanged, BoothMissing
from expo.exhibitors.models import Booth, ExhibitorBooth
from expo.exhibitors.queries import find_last_edit, list_edits_of_request
from expo.exhibitors.rules import MAX_CHANGES, MAX_PRICE, BoothShape, BoothState, EditKind, Geometry, check_code
from expo.exhibitors.services.edits import log_edits, shape_of
from expo.exhibitors.services.plans import lock_plan
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, retried
from expo.pure.booth_rows import number_row
from expo.pure.plane import Box

MAX_ROW = 200
NAMED_IN_AUDIT = 20


@dataclass(frozen=True)
class BoothChange:
    """A booth as it should become. Without an id it is new; without a place it is removed from the plan.

    `seen` is the booth as the person saw it: the change is refused if its number or place differs by now, while a sale
    in the meantime does not matter. Without it `version` is compared, which every change raises.
    """

    code: str
    place: Geometry | None
    id: int | None = None
    version: int = 0
    is_deleted: bool = False
    seen: BoothShape | None = None


@dataclass(frozen=True)
class RowRequest:
    """A row of equal booths: the place of the first, how many, and their numbers."""

    prefix: str
    count: int
    place: Box
    start: int = 1
    step: int = 1
    digits: int = 2
    gap: float = 0
    is_vertical: bool = False
    price: int | None = None


@retried
def change_booths(
    actor: Actor,
    edition_id: int,
    hall_code: str,
    changes: Sequence[BoothChange],
    now: datetime,
    request_id: str = "",
) -> list[int]:
    """Apply all changes to the booths of a hall, or none, and return the ids of the booths in the same order.

    A request that was carried out before, as its id says, changes nothing. Raises PlanMissing, BoothMissing,
    BoothChanged if somebody else was faster, Conflict `booth_exists` if a number would be used twice, Conflict
    `booth_occupied` for deleting a booth that is held or sold, or Invalid.
    """
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    if not changes:
        return []
    if len(changes) > MAX_CHANGES:
        raise Invalid("changes_too_many", maximum=MAX_CHANGES)
    with atomic():
        hall_id = lock_plan(edition_id, hall_code)
        done = list_edits_of_request(hall_id, request_id) if request_id else []
        if len(done) == len(changes):
            return [each.booth_id for each in done]
        known = _lock_booths(edition_id, hall_id)
        before = [shape_of(known[each.id]) if each.id in known else None for each in changes]
        booths = [_apply(edition_id, hall_id, known, change) for change in changes]
        _give_numbers(booths, known, changes)
        ids = [booth.id for booth in booths]
        after = [None if each.is_deleted else shape_of(booth) for booth, each in zip(booths, changes, strict=True)]
        log_edits(actor, hall_id, list(zip(ids, before, after, strict=True)), now, request_id)
        increment_content_version(edition_id, now)
        record_act(
            actor,
            "exhibitors.change_booths",
            now,
            edition_id=edition_id,
            subject="hall",
            subject_id=hall_id,
            changed=sum(each.id is not None and not each.is_deleted for each in changes),
            added=sum(each.id is None for each in changes),
            deleted=sum(each.is_deleted for each in changes),
            booths=[each.code for each in changes[:NAMED_IN_AUDIT]],
        )
        return ids


def save_booth(
    actor: Actor, edition_id: int, hall_code: str, change: BoothChange, price: int | None, now: datetime
) -> int:
    """Store one booth with its price, and return its id. Raises as `change_booths` and `set_price` do."""
    with atomic():
        [booth_id] = change_booths(actor, edition_id, hall_code, [change], now)
        if db.session.scalar(select(Booth.price).where(Booth.id == booth_id)) != price:
            set_price(actor, edition_id, [booth_id], price, now)
        return booth_id


def add_row(actor: Actor, edition_id: int, hall_code: str, row: RowRequest, now: datetime) -> list[int]:
    """Add a row of booths. Raises as `change_booths` does."""
    if not 1 <= row.count <= MAX_ROW:
        raise Invalid("row_length_invalid", field="count", maximum=MAX_ROW)
    across, along = (0.0, row.place.depth + row.gap) if row.is_vertical else (row.place.width + row.gap, 0.0)
    codes = number_row(row.prefix, row.start, row.count, row.step, row.digits)
    changes = [
        BoothChange(
            check_code(code),
            Geometry(
                Box(
                    round(row.place.x + at * across, 2),
                    round(row.place.y + at * along, 2),
                    row.place.width,
                    row.place.depth,
                )
            ),
        )
        for at, code in enumerate(codes)
    ]
    with atomic():
        ids = change_booths(actor, edition_id, hall_code, changes, now)
        if row.price is not None:
            set_price(actor, edition_id, ids, row.price, now)
        return ids


def set_price(actor: Actor, edition_id: int, booth_ids: Sequence[int], price: int | None, now: datetime) -> None:
    """Set what booths cost, in the minor unit of the edition's currency. Raises BoothMissing or Invalid."""
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    if price is not None and not 0 <= price <= MAX_PRICE:
        raise Invalid("price_invalid", field="price")
    with atomic():
        booths = db.session.scalars(
            select(Booth).where(Booth.edition_id == edition_id, Booth.id.in_(booth_ids)).with_for_update()
        ).all()
        if len(booths) != len(set(booth_ids)):
            raise BoothMissing
        for booth in booths:
            booth.price = price
            booth.version += 1
        db.session.flush()
        record_act(
            actor,
            "exhibitors.price_booths",
            now,
            edition_id=edition_id,
            subject="edition",
            subject_id=edition_id,
            booths=[each.code for each in booths[:NAMED_IN_AUDIT]],
            price=price,
        )


def _lock_booths(edition_id: int, hall_id: int) -> dict[int, Booth]:
    """Return the booths of a hall and those without a hall, freshly read."""
    rows = db.session.scalars(
        select(Booth)
        .where(Booth.edition_id == edition_id, or_(Booth.hall_id == hall_id, Booth.hall_id.is_(None)))
        .order_by(Booth.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {each.id: each for each in rows}


def _apply(edition_id: int, hall_id: int, known: dict[int, Booth], change: BoothChange) -> Booth:
    """Write everything but the number, which other changes may still use."""
    if change.id is None:
        booth = Booth(edition_id=edition_id, hall_id=hall_id, code="", version=0)
    else:
        booth = _get_unchanged(known, change)
    if change.is_deleted:
        _refuse_if_occupied(booth)
    booth.hall_id = hall_id
    _place(booth, change.place)
    booth.version = (booth.version or 0) + 1
    return booth


def _get_unchanged(known: dict[int, Booth], change: BoothChange) -> Booth:
    """Return a booth that is as the person saw it. Raises BoothMissing, or BoothChanged with what somebody did."""
    booth_id = change.id or 0
    booth = known.get(booth_id)
    if booth is None:
        last = find_last_edit(booth_id)
        if last is None or last.kind is not EditKind.DELETED:
            raise BoothMissing
        raise BoothChanged(last.code, last.kind, last.name)
    now_there = shape_of(booth)
    is_same = booth.version == change.version if change.seen is None else now_there == change.seen
    # What is wanted is there already: two people moved the booth to the same place.
    if is_same or (change.seen is not None and now_there == BoothShape(change.code, change.place)):
        return booth
    last = find_last_edit(booth_id)
    if last is None or change.seen is None:
        raise BoothChanged(booth.code)
    raise BoothChanged(booth.code, last.kind, last.name)


def _place(booth: Booth, place: Geometry | None) -> None:
    box = place.box if place else None
    booth.x, booth.y = (box.x, box.y) if box else (None, None)
    booth.width, booth.depth = (box.width, box.depth) if box else (None, None)
    booth.rotation = place.rotation if place else 0
    booth.polygon = [list(point) for point in place.polygon] if place and place.polygon else None


def _give_numbers(booths: Sequence[Booth], known: dict[int, Booth], changes: Sequence[BoothChange]) -> None:
    """Delete, add and number. Every changed number is released first, so that two booths may swap theirs."""
    pairs = list(zip(booths, changes, strict=True))
    changed = {booth.id for booth, change in pairs if change.id is not None}
    hall_id = booths[0].hall_id
    taken = {each.code for each in known.values() if each.hall_id == hall_id and each.id not in changed}
    # Nobody tells a-01 from A-01; booths that an import has numbered like this can still be moved.
    alike = {_folded(code) for code in taken}
    for booth, change in pairs:
        if change.is_deleted:
            db.session.delete(booth)
        elif change.id is not None and booth.code != change.code:
            booth.code = f"\x7f{booth.id}"
    db.session.flush()
    for booth, change in pairs:
        if change.is_deleted:
            continue
        code = check_code(change.code)
        if code in taken or (code != booth.code and _folded(code) in alike):
            raise Conflict("booth_exists", field="code", booth=code)
        taken.add(code)
        alike.add(_folded(code))
        booth.code = code
        db.session.add(booth)
    db.session.flush()


def _folded(code: str) -> str:
    """Return a number so that case and width do not matter."""
    return normalize("NFKC", code).casefold()


def _refuse_if_occupied(booth: Booth) -> None:
    used = db.session.scalar(select(ExhibitorBooth.booth_id).where(ExhibitorBooth.booth_id == booth.id).limit(1))
    if booth.state != BoothState.FREE or used is not None:
        raise Conflict("booth_occupied", booth=booth.code)
