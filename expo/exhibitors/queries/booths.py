"""Reads of booths: where they are, whether they are free, and who exhibits at them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from expo.editions.models import Hall
from expo.exhibitors.errors import BoothMissing
from expo.exhibitors.models import Booth, Exhibitor, ExhibitorBooth
from expo.exhibitors.queries.companies import is_listed
from expo.exhibitors.rules import BoothState, Geometry, state_at
from expo.infra.db import db
from expo.pure.booth_rows import number_key
from expo.pure.plane import Box, area_of


@dataclass(frozen=True)
class BoothCompany:
    """A company at a booth."""

    id: int
    slug: str
    name: str


@dataclass(frozen=True)
class BoothRow:
    """A booth; without a place if nobody has placed it yet."""

    id: int
    code: str
    hall_id: int | None
    place: Geometry | None
    state: BoothState
    held_until: datetime | None
    holder: BoothCompany | None
    price: int | None
    version: int
    # The holder comes first, then those who share the booth.
    companies: tuple[BoothCompany, ...] = ()

    @property
    def area(self) -> float:
        """Return the area in square metres; 0 without a place."""
        return area_of(self.place.corners) if self.place else 0


@dataclass(frozen=True)
class BoothFigures:
    """How many booths of a hall are in each state, and what the sold ones bring in."""

    free: int = 0
    held: int = 0
    sold: int = 0
    unplaced: int = 0
    revenue: int = 0


def list_booths(edition_id: int, hall_id: int | None, now: datetime) -> list[BoothRow]:
    """Return the booths of a hall, or those without a hall, with everybody at them, in the order of their numbers."""
    return _rows(now, Booth.edition_id == edition_id, _in_hall(hall_id))


def list_public_booths(edition_id: int, now: datetime) -> list[BoothRow]:
    """Return the booths of all halls with the companies that visitors may see."""
    listed = {each for (each,) in db.session.execute(select(Exhibitor.id).where(is_listed(edition_id)))}
    return _rows(now, Booth.edition_id == edition_id, Booth.hall_id.is_not(None), shown=listed)


def get_booth(edition_id: int, booth_id: int, now: datetime) -> BoothRow:
    """Return one booth. Raises BoothMissing."""
    rows = _rows(now, Booth.edition_id == edition_id, Booth.id == booth_id)
    if not rows:
        raise BoothMissing
    return rows[0]


def read_booths(edition_id: int, booth_ids: Sequence[int], now: datetime) -> list[BoothRow]:
    """Return the booths with these ids, in the order of halls and numbers; without those that were deleted."""
    return _rows(now, Booth.edition_id == edition_id, Booth.id.in_(booth_ids)) if booth_ids else []


def summarize_booths(rows: Sequence[BoothRow]) -> BoothFigures:
    """Return how many booths are in each state."""
    states = [each.state for each in rows]
    return BoothFigures(
        free=states.count(BoothState.FREE),
        held=states.count(BoothState.HELD),
        sold=states.count(BoothState.SOLD),
        unplaced=sum(each.place is None for each in rows),
        revenue=sum(each.price or 0 for each in rows if each.state is BoothState.SOLD),
    )


def list_unassigned(edition_id: int) -> list[BoothCompany]:
    """Return the listed companies that have no booth yet, by name."""
    rows = db.session.execute(
        select(Exhibitor.id, Exhibitor.slug, Exhibitor.name)
        .where(is_listed(edition_id), Exhibitor.id.not_in(select(ExhibitorBooth.exhibitor_id)))
        .order_by(func.lower(Exhibitor.name), Exhibitor.id)
    )
    return [BoothCompany(*row) for row in rows]


def list_assignable(edition_id: int) -> list[BoothCompany]:
    """Return all companies that may get a booth, by name."""
    rows = db.session.execute(
        select(Exhibitor.id, Exhibitor.slug, Exhibitor.name)
        .where(is_listed(edition_id))
        .order_by(func.lower(Exhibitor.name), Exhibitor.id)
    )
    return [BoothCompany(*row) for row in rows]


def find_booth_halls(edition_id: int, exhibitor_id: int) -> list[tuple[str, str]]:
    """Return the placed booths of a company as (hall code, booth number), in the order of its list."""
    rows = db.session.execute(
        select(Hall.code, Booth.code)
        .join(Booth, Booth.hall_id == Hall.id)
        .join(ExhibitorBooth, ExhibitorBooth.booth_id == Booth.id)
        .where(Booth.edition_id == edition_id, ExhibitorBooth.exhibitor_id == exhibitor_id, Booth.x.is_not(None))
        .order_by(ExhibitorBooth.position, Booth.id)
    )
    return [(hall, code) for hall, code in rows]


def _in_hall(hall_id: int | None) -> ColumnElement[bool]:
    return Booth.hall_id.is_(None) if hall_id is None else Booth.hall_id == hall_id


def _rows(now: datetime, *conditions: ColumnElement[bool], shown: set[int] | None = None) -> list[BoothRow]:
    booths = db.session.scalars(select(Booth).where(*conditions)).all()
    companies: dict[int, list[BoothCompany]] = {}
    for booth_id, exhibitor_id, slug, name in db.session.execute(
        select(ExhibitorBooth.booth_id, Exhibitor.id, Exhibitor.slug, Exhibitor.name)
        .join(Exhibitor, Exhibitor.id == ExhibitorBooth.exhibitor_id)
        .join(Booth, Booth.id == ExhibitorBooth.booth_id)
        .where(*conditions)
        .order_by(ExhibitorBooth.booth_id, ExhibitorBooth.position, Exhibitor.id)
    ):
        if shown is None or exhibitor_id in shown:
            companies.setdefault(booth_id, []).append(BoothCompany(exhibitor_id, slug, name))
    holders = _holders(conditions) if shown is None else {}
    return sorted(
        (_row(each, holders.get(each.id), companies.get(each.id, []), now) for each in booths),
        key=lambda row: (row.hall_id or 0, number_key(row.code), row.id),
    )


def _holders(conditions: Sequence[ColumnElement[bool]]) -> dict[int, BoothCompany]:
    rows = db.session.execute(
        select(Booth.id, Exhibitor.id, Exhibitor.slug, Exhibitor.name)
        .join(Exhibitor, Exhibitor.id == Booth.holder_id)
        .where(*conditions)
    )
    return {booth_id: BoothCompany(exhibitor_id, slug, name) for booth_id, exhibitor_id, slug, name in rows}


def _row(booth: Booth, holder: BoothCompany | None, companies: list[BoothCompany], now: datetime) -> BoothRow:
    state = state_at(booth.state, booth.held_until, now)
    if state is BoothState.FREE:
        holder = None
    return BoothRow(
        id=booth.id,
        code=booth.code,
        hall_id=booth.hall_id,
        place=place_of(booth),
        state=state,
        held_until=booth.held_until if state is BoothState.HELD else None,
        holder=holder,
        price=booth.price,
        version=booth.version,
        companies=tuple(sorted(companies, key=lambda each: holder is None or each.id != holder.id)),
    )


def place_of(booth: Booth) -> Geometry | None:
    """Return where a booth is; None if nobody has placed it."""
    if booth.x is None or booth.y is None or booth.width is None or booth.depth is None:
        return None
    corners = tuple((x, y) for x, y in booth.polygon or ())
    return Geometry(Box(booth.x, booth.y, booth.width, booth.depth), booth.rotation, corners)
