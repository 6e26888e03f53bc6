"""Reads of the files that answer questions of an application."""

from sqlalchemy import select

from expo.errors import Missing
from expo.exhibitors.models import ApplicationFile
from expo.infra.db import db
from expo.infra.files import FileFacts, StoredFile, get_file


def list_pending_files(edition_id: int, person_id: int) -> dict[str, str]:
    """Return the names of the files that a person uploaded for an application not sent yet, by key."""
    rows = db.session.execute(
        select(StoredFile.key, StoredFile.name)
        .join(ApplicationFile, ApplicationFile.file_id == StoredFile.id)
        .where(
            ApplicationFile.person_id == person_id,
            ApplicationFile.exhibitor_id.is_(None),
            StoredFile.edition_id == edition_id,
        )
    )
    return dict(rows.all())


def list_application_files(exhibitor_id: int) -> dict[str, str]:
    """Return the names of the files of an application by key."""
    rows = db.session.execute(
        select(StoredFile.key, StoredFile.name)
        .join(ApplicationFile, ApplicationFile.file_id == StoredFile.id)
        .where(ApplicationFile.exhibitor_id == exhibitor_id)
    )
    return dict(rows.all())


def get_application_file(exhibitor_id: int, key: str) -> FileFacts:
    """Return a file of an application. Raises Missing `file_missing`."""
    file_id = db.session.scalar(
        select(StoredFile.id)
        .join(ApplicationFile, ApplicationFile.file_id == StoredFile.id)
        .where(ApplicationFile.exhibitor_id == exhibitor_id, StoredFile.key == key)
    )
    if file_id is None:
        raise Missing("file_missing")
    return get_file(file_id)
