"""Acts on the files that answer questions of an application: uploading, attaching to the application, deleting."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import IO

from sqlalchemy import Select, select

from expo.accounts.rules import Actor
from expo.errors import Conflict, Missing
from expo.exhibitors.models import ApplicationFile
from expo.exhibitors.queries.applications import find_window
from expo.exhibitors.rules import WindowState
from expo.infra.db import atomic, db
from expo.infra.files import FileFacts, StoredFile, delete_file, store_file

# Files that one person uploaded and did not send with an application yet; the oldest give way.
MAX_PENDING = 20
# How long they are kept for a form that was not sent successfully.
PENDING_FOR = timedelta(days=2)


def add_application_file(
    actor: Actor, edition_id: int, content: IO[bytes], name: str, media_type: str, now: datetime
) -> FileFacts:
    """Store a file for the application that the actor is filling in; its content has been checked.

    It stays theirs until the application is sent, so that it need not be uploaded again if something else is missing.
    Raises Missing `file_missing` for anyone but people, Conflict `applications_closed`.
    """
    if actor.kind != "person" or actor.id is None:
        raise Missing("file_missing")
    with atomic():
        window = find_window(edition_id)
        if window is None or window.state_at(now) is not WindowState.OPEN:
            raise Conflict("applications_closed")
        pending = _list_pending(edition_id, actor.id)
        _delete(pending[: max(0, len(pending) - MAX_PENDING + 1)])
        stored = store_file(content, name, media_type, now, edition_id)
        db.session.add(ApplicationFile(file_id=stored.id, person_id=actor.id))
        db.session.flush()
        return stored


def attach_files(edition_id: int, person_id: int, exhibitor_id: int, keys: Sequence[str]) -> None:
    """Give the files of a form to the application that was sent with them, in the open transaction.

    Others that the person uploaded for it were replaced, so they are deleted.
    """
    spare = []
    for row, key in db.session.execute(_pending(edition_id, person_id)):
        if key in keys:
            row.exhibitor_id = exhibitor_id
        else:
            spare.append(row)
    db.session.flush()
    _delete(spare)


def delete_application_files(exhibitor_id: int) -> None:
    """Delete the files of an application that is about to be deleted, in the open transaction."""
    _delete(db.session.scalars(select(ApplicationFile).where(ApplicationFile.exhibitor_id == exhibitor_id)).all())


def purge_application_files(now: datetime) -> int:
    """Delete the files of forms that were not sent for two days, and return how many."""
    with atomic():
        abandoned = db.session.scalars(
            select(ApplicationFile)
            .join(StoredFile, StoredFile.id == ApplicationFile.file_id)
            .where(ApplicationFile.exhibitor_id.is_(None), StoredFile.stored_at < now - PENDING_FOR)
        ).all()
        _delete(abandoned)
    return len(abandoned)


def _pending(edition_id: int, person_id: int) -> Select[ApplicationFile, str]:
    """Return the query of the files that a person uploaded for an application not sent yet, with their keys."""
    return (
        select(ApplicationFile, StoredFile.key)
        .join(StoredFile, StoredFile.id == ApplicationFile.file_id)
        .where(
            ApplicationFile.person_id == person_id,
            ApplicationFile.exhibitor_id.is_(None),
            StoredFile.edition_id == edition_id,
        )
        .order_by(ApplicationFile.file_id)
    )


def _list_pending(edition_id: int, person_id: int) -> list[ApplicationFile]:
    return [row for row, _key in db.session.execute(_pending(edition_id, person_id))]


def _delete(rows: Sequence[ApplicationFile]) -> None:
    file_ids = [row.file_id for row in rows]
    for row in rows:
        db.session.delete(row)
    db.session.flush()
    for file_id in file_ids:
        delete_file(file_id)
