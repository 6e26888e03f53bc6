"""Acts on session types: create, change, move and delete."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from expo.accounts.rules import Actor, Permission, require
from expo.editions.models import Edition
from expo.editions.services import increment_content_version
from expo.errors import Conflict, Missing
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, lock, retried
from expo.program.models import Session, SessionType
from expo.program.rules import TypeRequest, check_type
from expo.pure.positions import move_by
from expo.pure.slugs import make_slug
from expo.pure.versions import require_version, version_of

MAX_CODE_LENGTH = 80


def create_type(actor: Actor, edition_id: int, request: TypeRequest, now: datetime) -> str:
    """Create a session type after the others and return its code, which never changes. Raises Invalid or Conflict."""
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    request = check_type(request)
    with atomic():
        others = _lock_types(edition_id)
        _check_name_is_free(request.name, others)
        name = request.name.get("en") or next(iter(request.name.values()))
        row = SessionType(
            edition_id=edition_id,
            code=make_slug(name, {each.code for each in others}, MAX_CODE_LENGTH),
            name=request.name,
            minutes=request.minutes,
            is_break=request.is_break,
            position=max((each.position for each in others), default=-1) + 1,
        )
        db.session.add(row)
        db.session.flush()
        _record(actor, "create", row, now)
        return row.code


@retried
def change_type(
    actor: Actor, edition_id: int, code: str, request: TypeRequest, version: str | None, now: datetime
) -> None:
    """Change a session type but not its code. Raises Missing `session_type_missing`, Outdated, Invalid or Conflict."""
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    request = check_type(request)
    with atomic():
        types = _lock_types(edition_id)
        row = _get_type(types, code, version)
        changed = [name for name in ("name", "minutes", "is_break") if getattr(row, name) != getattr(request, name)]
        if not changed:
            return
        _check_name_is_free(request.name, [each for each in types if each is not row])
        for name in changed:
            setattr(row, name, getattr(request, name))
        db.session.flush()
        _record(actor, "change", row, now, fields=changed)


def move_type(actor: Actor, edition_id: int, code: str, steps: int, now: datetime) -> None:
    """Move a session type up (negative steps) or down the list. Raises Missing `session_type_missing`."""
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    with atomic():
        types = _lock_types(edition_id)
        row = _get_type(types, code, None)
        at = types.index(row)
        move_by(types, at, steps)
        for position, each in enumerate(types):
            each.position = position
        db.session.flush()
        _record(actor, "move", row, now)


@retried
def delete_type(
    actor: Actor, edition_id: int, code: str, version: str | None, now: datetime, *, with_uses: bool = True
) -> None:
    """Delete a session type; its sessions have no type afterwards.

    Raises Missing `session_type_missing`, Outdated, or Conflict `session_type_in_use` if it has sessions and
    `with_uses` is false.
    """
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    with atomic():
        row = _get_type(_lock_types(edition_id), code, version)
        sessions = list(
            db.session.scalars(select(Session.id).where(Session.edition_id == edition_id, Session.kind == code))
        )
        if sessions and not with_uses:
            raise Conflict("session_type_in_use", sessions=len(sessions))
        db.session.execute(
            update(Session)
            .where(Session.id.in_(sessions))
            .values(kind="", version=Session.version + 1, changed_at=now)
            .execution_options(synchronize_session="fetch")
        )
        db.session.delete(row)
        db.session.flush()
        _record(actor, "delete", row, now, sessions=len(sessions))


def _lock_types(edition_id: int) -> list[SessionType]:
    """Return the session types in order; the edition is locked, as names and positions are compared."""
    lock(Edition, edition_id)
    query = select(SessionType).where(SessionType.edition_id == edition_id)
    ordered = query.order_by(SessionType.position, SessionType.id)
    return list(db.session.scalars(ordered.execution_options(populate_existing=True)))


def _get_type(types: list[SessionType], code: str, version: str | None) -> SessionType:
    row = next((each for each in types if each.code == code), None)
    if row is None:
        raise Missing("session_type_missing")
    require_version(version, _version(row))
    return row


def _check_name_is_free(name: dict[str, str], others: list[SessionType]) -> None:
    taken = {text.casefold() for each in others for text in each.name.values()}
    if any(text.casefold() in taken for text in name.values()):
        raise Conflict("session_type_exists", field="name")


def _version(row: SessionType) -> str:
    return version_of(row.name, row.minutes, row.is_break)


def _record(actor: Actor, act: str, row: SessionType, now: datetime, **details: Any) -> None:
    record_act(
        actor,
        f"program.{act}_session_type",
        now,
        edition_id=row.edition_id,
        subject="session_type",
        subject_id=row.id,
        version=_version(row),
        name=row.name,
        **details,
    )
    increment_content_version(row.edition_id, now)
