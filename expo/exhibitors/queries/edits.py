"""Reads of the log of changes of booths, and the mark by which editors notice that something changed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, or_, select

from expo.accounts.models import Person
from expo.exhibitors.models import Booth, BoothEdit, FloorPlan
from expo.exhibitors.rules import BoothShape, BoothState, EditKind, kind_of_edit
from expo.infra.db import db

# An editor that was away for longer is only told that the plan changed.
MAX_EDITS = 200


@dataclass(frozen=True)
class PlanMark:
    """What is different after every change of a hall: the last edit, and figures that sales and holds change."""

    edit_id: int
    versions: int
    held: int
    plan_version: int

    def __str__(self) -> str:
        """Return the mark as editors send it back."""
        return f"{self.edit_id}.{self.versions}.{self.held}.{self.plan_version}"


@dataclass(frozen=True)
class EditRow:
    """A change of one booth, with the name of who made it (empty if unknown)."""

    id: int
    booth_id: int
    code: str
    kind: EditKind
    before: BoothShape | None
    after: BoothShape | None
    name: str
    request_id: str


def read_mark(hall_id: int, now: datetime) -> PlanMark:
    """Return the mark of a hall: one statement, whatever the number of booths.

    Edits raise their id, which is never used again because edits are not deleted. Between two edits no booth comes or
    goes, and a sale, hold or price only raises the version of a booth, so that the sum of versions rises.
    """
    is_held = (Booth.state == BoothState.HELD.value) & or_(Booth.held_until.is_(None), Booth.held_until > now)
    last = select(func.max(BoothEdit.id)).where(BoothEdit.hall_id == hall_id).scalar_subquery()
    plan = select(FloorPlan.version).where(FloorPlan.hall_id == hall_id).scalar_subquery()
    versions, held, edit_id, plan_version = db.session.execute(
        select(func.sum(Booth.version), func.sum(case((is_held, 1), else_=0)), last, plan).where(
            Booth.hall_id == hall_id
        )
    ).one()
    return PlanMark(edit_id or 0, int(versions or 0), int(held or 0), plan_version or 0)


def list_edits(hall_id: int, since: int) -> list[EditRow]:
    """Return the changes of a hall's booths after an edit, oldest first, at most MAX_EDITS of them."""
    return _read(BoothEdit.hall_id == hall_id, BoothEdit.id > since, newest_first=False, limit=MAX_EDITS)


def find_last_edit(booth_id: int) -> EditRow | None:
    """Return the last change of a booth's number or place."""
    return next(iter(_read(BoothEdit.booth_id == booth_id, newest_first=True, limit=1)), None)


def list_edits_of_request(hall_id: int, request_id: str) -> list[EditRow]:
    """Return what a request changed, in the order of the request."""
    return _read(BoothEdit.hall_id == hall_id, BoothEdit.request_id == request_id, newest_first=False, limit=None)


def _read(*conditions: object, newest_first: bool, limit: int | None) -> list[EditRow]:
    query = (
        select(BoothEdit, Person.name, Person.email)
        .outerjoin(Person, Person.id == BoothEdit.changed_by)
        .where(*conditions)  # type: ignore[arg-type]
        .order_by(BoothEdit.id.desc() if newest_first else BoothEdit.id)
        .limit(limit)
    )
    return [_row(edit, name or email or "") for edit, name, email in db.session.execute(query)]


def _row(edit: BoothEdit, name: str) -> EditRow:
    before, after = (BoothShape.from_json(each) if each else None for each in (edit.before, edit.after))
    known = after or before
    return EditRow(
        edit.id,
        edit.booth_id,
        known.code if known else "",
        kind_of_edit(before, after),
        before,
        after,
        name,
        edit.request_id or "",
    )
