"""Acts on who gets a booth: selling, holding and freeing it, and sharing it with other companies."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update

from expo.accounts.rules import Actor, Permission, require
from expo.editions.services import increment_content_version
from expo.errors import Conflict, Invalid
from expo.exhibitors.errors import BoothMissing, BoothTaken, ExhibitorMissing
from expo.exhibitors.models import Booth, Exhibitor, ExhibitorBooth
from expo.exhibitors.rules import BoothState, ExhibitorState
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, retried
from expo.infra.inserting import insert_missing


@retried
def sell_booth(actor: Actor, edition_id: int, booth_id: int, slug: str, now: datetime) -> None:
    """Sell a booth to a company: once, however many ask at the same moment.

    Raises ExhibitorMissing, BoothMissing, or BoothTaken if it is sold or held for another company.
    """
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    with atomic():
        exhibitor_id = _exhibitor_id(edition_id, slug)
        code = take_booth(edition_id, booth_id, exhibitor_id, BoothState.SOLD, None, now)
        _link(exhibitor_id, booth_id)
        _record(actor, edition_id, booth_id, "exhibitors.sell_booth", now, booth=code, company=slug)


@retried
def hold_booth(actor: Actor, edition_id: int, booth_id: int, slug: str, until: datetime | None, now: datetime) -> None:
    """Hold a booth, for a company if one is named, until a moment if one is given.

    Raises ExhibitorMissing, BoothMissing, BoothTaken, Invalid `hold_in_the_past`.
    """
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    if until is not None and until <= now:
        raise Invalid("hold_in_the_past", field="until")
    with atomic():
        exhibitor_id = _exhibitor_id(edition_id, slug) if slug else None
        code = take_booth(edition_id, booth_id, exhibitor_id, BoothState.HELD, until, now)
        _record(actor, edition_id, booth_id, "exhibitors.hold_booth", now, booth=code, company=slug)


def free_booths_of(exhibitor_id: int) -> None:
    """Free the booths of a company in the open transaction; those that it shares pass to another company there."""
    other = (
        select(func.min(ExhibitorBooth.exhibitor_id))
        .where(ExhibitorBooth.booth_id == Booth.id, ExhibitorBooth.exhibitor_id != exhibitor_id)
        .correlate(Booth)
        .scalar_subquery()
    )
    db.session.execute(
        update(Booth)
        .where(Booth.holder_id == exhibitor_id, other.is_not(None))
        .values(holder_id=other, version=Booth.version + 1)
        .execution_options(synchronize_session=False)
    )
    db.session.execute(
        update(Booth)
        .where(Booth.holder_id == exhibitor_id)
        .values(state=BoothState.FREE.value, holder_id=None, held_until=None, version=Booth.version + 1)
        .execution_options(synchronize_session=False)
    )


def release_sold_booths(exhibitor_id: int) -> list[int]:
    """Free the booths of a company in the open transaction, and return the ids of those that it had bought.

    Booths that it shares stay with the companies that exhibit there.
    """
    bought = list(
        db.session.scalars(
            select(Booth.id)
            .join(ExhibitorBooth, (ExhibitorBooth.booth_id == Booth.id) & (ExhibitorBooth.exhibitor_id == exhibitor_id))
            .where(Booth.holder_id == exhibitor_id, Booth.state == BoothState.SOLD.value)
            .order_by(ExhibitorBooth.position, Booth.id)
        )
    )
    free_booths_of(exhibitor_id)
    db.session.execute(
        delete(ExhibitorBooth).where(ExhibitorBooth.exhibitor_id == exhibitor_id, ExhibitorBooth.booth_id.in_(bought))
    )
    return bought


def return_booth(edition_id: int, booth_id: int, exhibitor_id: int, now: datetime) -> str:
    """Sell a company a booth again in the open transaction, and return its number. Raises BoothMissing, BoothTaken."""
    code = take_booth(edition_id, booth_id, exhibitor_id, BoothState.SOLD, None, now)
    _link(exhibitor_id, booth_id)
    return code


@retried
def free_booth(actor: Actor, edition_id: int, booth_id: int, now: datetime) -> None:
    """Free a booth and remove all companies from it. Raises BoothMissing."""
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    with atomic():
        code = db.session.scalar(
            update(Booth)
            .where(Booth.id == booth_id, Booth.edition_id == edition_id)
            .values(state=BoothState.FREE.value, holder_id=None, held_until=None, version=Booth.version + 1)
            .returning(Booth.code)
        )
        if code is None:
            raise BoothMissing
        db.session.execute(delete(ExhibitorBooth).where(ExhibitorBooth.booth_id == booth_id))
        _record(actor, edition_id, booth_id, "exhibitors.free_booth", now, booth=code)


@retried
def share_booth(actor: Actor, edition_id: int, booth_id: int, slug: str, now: datetime) -> None:
    """Let another company exhibit at a sold booth. Raises ExhibitorMissing, BoothMissing, Conflict `booth_not_sold`."""
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    with atomic():
        exhibitor_id = _exhibitor_id(edition_id, slug)
        booth = _lock_booth(edition_id, booth_id)
        if booth.state != BoothState.SOLD:
            raise Conflict("booth_not_sold", booth=booth.code)
        _link(exhibitor_id, booth_id)
        _record(actor, edition_id, booth_id, "exhibitors.share_booth", now, booth=booth.code, company=slug)


@retried
def leave_booth(actor: Actor, edition_id: int, booth_id: int, slug: str, now: datetime) -> None:
    """Remove a company that shares a booth; the one that bought it stays until the booth is freed.

    Raises ExhibitorMissing, BoothMissing, Conflict `booth_holder`.
    """
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    with atomic():
        exhibitor_id = db.session.scalar(
            select(Exhibitor.id).where(Exhibitor.edition_id == edition_id, Exhibitor.slug == slug)
        )
        if exhibitor_id is None:
            raise ExhibitorMissing
        booth = _lock_booth(edition_id, booth_id)
        if booth.holder_id == exhibitor_id:
            raise Conflict("booth_holder", booth=booth.code)
        db.session.execute(
            delete(ExhibitorBooth).where(
                ExhibitorBooth.booth_id == booth_id, ExhibitorBooth.exhibitor_id == exhibitor_id
            )
        )
        _record(actor, edition_id, booth_id, "exhibitors.leave_booth", now, booth=booth.code, company=slug)


def take_booth(
    edition_id: int, booth_id: int, exhibitor_id: int | None, state: BoothState, until: datetime | None, now: datetime
) -> str:
    """Take a booth in the open transaction and return its number. The conditional statement is the lock.

    Raises BoothMissing or BoothTaken.
    """
    code = db.session.scalar(
        update(Booth)
        .where(Booth.id == booth_id, Booth.edition_id == edition_id, is_takeable(exhibitor_id, now))
        .values(state=state.value, holder_id=exhibitor_id, held_until=until, version=Booth.version + 1)
        .returning(Booth.code)
        .execution_options(synchronize_session=False)
    )
    if code is not None:
        return code
    taken = db.session.scalar(select(Booth.code).where(Booth.id == booth_id, Booth.edition_id == edition_id))
    if taken is None:
        raise BoothMissing
    raise BoothTaken(taken)


def is_takeable(exhibitor_id: int | None, now: datetime) -> ColumnElement[bool]:
    """Return the condition that a company may take a booth: it is free, or held for this company or nobody by name."""
    held = Booth.state == BoothState.HELD.value
    return or_(
        Booth.state == BoothState.FREE.value,
        and_(held, or_(Booth.holder_id.is_(None), Booth.held_until <= now, Booth.holder_id == exhibitor_id)),
    )


def settle_imported_booths(edition_id: int) -> None:
    """Mark booths to which a list has assigned companies as sold, and free those whose buyer is gone from the list."""
    linked = exists().where(ExhibitorBooth.booth_id == Booth.id)
    first = select(func.min(ExhibitorBooth.exhibitor_id)).where(ExhibitorBooth.booth_id == Booth.id).scalar_subquery()
    holds = exists().where(ExhibitorBooth.booth_id == Booth.id, ExhibitorBooth.exhibitor_id == Booth.holder_id)
    sold, free = BoothState.SOLD.value, BoothState.FREE.value
    db.session.execute(
        update(Booth)
        .where(Booth.edition_id == edition_id, linked, or_(Booth.state != sold, ~holds))
        .values(state=sold, holder_id=first, held_until=None, version=Booth.version + 1)
        .execution_options(synchronize_session=False)
    )
    db.session.execute(
        update(Booth)
        .where(Booth.edition_id == edition_id, Booth.state == sold, ~linked)
        .values(state=free, holder_id=None, version=Booth.version + 1)
        .execution_options(synchronize_session=False)
    )


def _exhibitor_id(edition_id: int, slug: str) -> int:
    """Return an approved company; others get no booth."""
    exhibitor_id = db.session.scalar(
        select(Exhibitor.id).where(
            Exhibitor.edition_id == edition_id,
            Exhibitor.slug == slug,
            Exhibitor.state == ExhibitorState.APPROVED.value,
        )
    )
    if exhibitor_id is None:
        raise ExhibitorMissing
    return exhibitor_id


def _lock_booth(edition_id: int, booth_id: int) -> Booth:
    booth = db.session.scalars(
        select(Booth)
        .where(Booth.id == booth_id, Booth.edition_id == edition_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if booth is None:
        raise BoothMissing
    return booth


def _link(exhibitor_id: int, booth_id: int) -> None:
    booths = db.session.scalar(select(func.count()).where(ExhibitorBooth.exhibitor_id == exhibitor_id)) or 0
    insert_missing(ExhibitorBooth, [{"exhibitor_id": exhibitor_id, "booth_id": booth_id, "position": booths}])


def _record(actor: Actor, edition_id: int, booth_id: int, action: str, now: datetime, **details: Any) -> None:
    increment_content_version(edition_id, now)
    record_act(actor, action, now, edition_id=edition_id, subject="booth", subject_id=booth_id, **details)
