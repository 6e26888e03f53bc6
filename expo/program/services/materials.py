"""Acts on the files of a session, by programme managers and by its speakers: add, replace, remove."""

from collections.abc import Sequence
from datetime import datetime
from typing import IO

from sqlalchemy import func, select

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import Actor, Permission
from expo.editions.services import increment_content_version
from expo.errors import Conflict, Invalid, Missing
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, lock, retried
from expo.infra.files import StoredFile, delete_file, store_file
from expo.program.errors import SessionMissing
from expo.program.models import Session, SessionMaterial
from expo.program.queries.materials import speaks_in
from expo.program.rules.materials import MAX_MATERIALS, MAX_TITLE_LENGTH


def add_material(
    actor: Actor,
    edition_id: int,
    slug: str,
    content: IO[bytes],
    name: str,
    media_type: str,
    now: datetime,
    *,
    title: str = "",
) -> None:
    """Store a file, whose content has been checked, with a session.

    Raises PermissionMissing, SessionMissing, Invalid `text_too_long`, Conflict `materials_too_many`.
    """
    _require_editor(actor, edition_id, slug)
    title = " ".join(title.split())
    if len(title) > MAX_TITLE_LENGTH:
        raise Invalid("text_too_long", field="title", maximum=MAX_TITLE_LENGTH)
    with atomic():
        session = _lock_session(edition_id, slug)
        count = select(func.count()).where(SessionMaterial.session_id == session.id)
        if (db.session.scalar(count) or 0) >= MAX_MATERIALS:
            raise Conflict("materials_too_many", maximum=MAX_MATERIALS)
        stored = store_file(content, name, media_type, now, edition_id)
        db.session.add(SessionMaterial(session_id=session.id, file_id=stored.id, title=title, uploaded_at=now))
        _record(actor, "add", session, stored.name, now)


@retried
def replace_material(
    actor: Actor, edition_id: int, slug: str, key: str, content: IO[bytes], name: str, media_type: str, now: datetime
) -> None:
    """Put another file, whose content has been checked, in the place of one; its address changes, its title stays.

    Raises PermissionMissing, SessionMissing, Missing `file_missing`.
    """
    _require_editor(actor, edition_id, slug)
    content.seek(0)
    with atomic():
        session = _lock_session(edition_id, slug)
        material = _find_material(session, key)
        former = material.file_id
        material.file_id = store_file(content, name, media_type, now, edition_id).id
        material.uploaded_at = now
        db.session.flush()
        delete_file(former)
        _record(actor, "replace", session, name, now)


@retried
def remove_material(actor: Actor, edition_id: int, slug: str, key: str, now: datetime) -> None:
    """Delete a file of a session. Raises PermissionMissing, SessionMissing, Missing `file_missing`."""
    _require_editor(actor, edition_id, slug)
    with atomic():
        session = _lock_session(edition_id, slug)
        material = _find_material(session, key)
        file_id = material.file_id
        name = db.session.scalars(select(StoredFile.name).where(StoredFile.id == file_id)).one()
        db.session.delete(material)
        db.session.flush()
        delete_file(file_id)
        _record(actor, "remove", session, name, now)


def delete_materials(session_ids: Sequence[int]) -> None:
    """Delete all files of sessions that are being deleted, in the open transaction."""
    for material in db.session.scalars(select(SessionMaterial).where(SessionMaterial.session_id.in_(session_ids))):
        file_id = material.file_id
        db.session.delete(material)
        db.session.flush()
        delete_file(file_id)


def _require_editor(actor: Actor, edition_id: int, slug: str) -> None:
    """Check that the actor manages the programme, or speaks in this session. Raises PermissionMissing."""
    if actor.may(Permission.PROGRAM_MANAGE, edition_id):
        return
    if actor.kind != "person" or actor.id is None or not speaks_in(edition_id, slug, actor.id):
        raise PermissionMissing(Permission.PROGRAM_MANAGE.value)


def _lock_session(edition_id: int, slug: str) -> Session:
    query = select(Session.id).where(Session.edition_id == edition_id, Session.slug == slug)
    session_id = db.session.scalar(query)
    session = lock(Session, session_id) if session_id is not None else None
    if session is None:
        raise SessionMissing
    return session


def _find_material(session: Session, key: str) -> SessionMaterial:
    material = db.session.scalars(
        select(SessionMaterial)
        .join(StoredFile, StoredFile.id == SessionMaterial.file_id)
        .where(SessionMaterial.session_id == session.id, StoredFile.key == key)
    ).one_or_none()
    if material is None:
        raise Missing("file_missing")
    return material


def _record(actor: Actor, act: str, session: Session, name: str, now: datetime) -> None:
    db.session.flush()
    record_act(
        actor,
        f"program.{act}_material",
        now,
        edition_id=session.edition_id,
        subject="session",
        subject_id=session.id,
        file=name,
    )
    increment_content_version(session.edition_id, now)
