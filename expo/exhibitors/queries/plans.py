"""Reads of floor plans: the halls of an edition, and the plan of each."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from expo.editions.models import Hall
from expo.exhibitors.errors import PlanMissing
from expo.exhibitors.models import Booth, FloorPlan
from expo.infra.db import db
from expo.infra.files import StoredFile


@dataclass(frozen=True)
class Background:
    """The picture under a plan."""

    key: str
    media_type: str


@dataclass(frozen=True)
class HallPlan:
    """A hall and its plan; a hall that nobody has drawn yet has no size."""

    hall_id: int
    code: str
    name: dict[str, str]
    width: float = 0
    depth: float = 0
    x: float = 0
    y: float = 0
    structures: tuple[dict[str, Any], ...] = ()
    background: Background | None = None
    # 0: nobody has drawn it yet.
    version: int = 0
    booths: int = 0
    placed: int = 0

    @property
    def is_drawn(self) -> bool:
        """Return whether the hall has a plan."""
        return self.version > 0


def list_plans(edition_id: int) -> list[HallPlan]:
    """Return the halls of an edition in their order, each with its plan and its number of booths."""
    counts = (
        select(Booth.hall_id, func.count().label("booths"), func.count(Booth.x).label("placed"))
        .where(Booth.edition_id == edition_id)
        .group_by(Booth.hall_id)
        .subquery()
    )
    rows = db.session.execute(
        select(
            Hall.id, Hall.code, Hall.name, FloorPlan, StoredFile.key, StoredFile.media_type,
            counts.c.booths, counts.c.placed,
        )
        .outerjoin(FloorPlan, FloorPlan.hall_id == Hall.id)
        .outerjoin(StoredFile, StoredFile.id == FloorPlan.background_file_id)
        .outerjoin(counts, counts.c.hall_id == Hall.id)
        .where(Hall.edition_id == edition_id)
        .order_by(Hall.position, Hall.id)
    )  # fmt: skip
    return [
        HallPlan(
            hall_id=hall_id,
            code=code,
            name=name,
            width=plan.width if plan else 0,
            depth=plan.depth if plan else 0,
            x=plan.x if plan else 0,
            y=plan.y if plan else 0,
            structures=tuple(plan.structures) if plan else (),
            background=Background(key, media_type) if key else None,
            version=plan.version if plan else 0,
            booths=booths or 0,
            placed=placed or 0,
        )
        for hall_id, code, name, plan, key, media_type, booths, placed in rows
    ]


def get_plan(edition_id: int, code: str) -> HallPlan:
    """Return a hall with its plan. Raises PlanMissing."""
    found = next((each for each in list_plans(edition_id) if each.code == code), None)
    if found is None:
        raise PlanMissing
    return found
