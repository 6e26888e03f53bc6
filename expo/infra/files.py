"""Stored files: photos, slides, logos. A row describes each file; its bytes are in `files` in the data folder.

The file is written before the row and deleted after the commit, so that a row never lacks its bytes; bytes without a
row, left by a transaction that failed, are removed by the daily clean-up.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from flask import current_app
from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from expo.errors import Missing
from expo.infra.db import Base, atomic, db, on_commit

# A file without a row is deleted once it is older than any transaction could be.
ORPHAN_AGE = timedelta(days=1)
_CHUNK = 1 << 20


class StoredFile(Base):
    """A file; the row that it belongs to refers to it."""

    __tablename__ = "stored_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    # Random; part of its public address.
    key: Mapped[str] = mapped_column(String(32), unique=True)
    # None: it belongs to a person, in every edition.
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id"), index=True)
    name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    stored_at: Mapped[datetime]


@dataclass(frozen=True)
class FileFacts:
    """What is known about a stored file; `size` in bytes."""

    id: int
    key: str
    edition_id: int | None
    name: str
    media_type: str
    size: int
    sha256: str
    path: Path


def store_file(
    content: IO[bytes], name: str, media_type: str, now: datetime, edition_id: int | None = None
) -> FileFacts:
    """Store a file whose content has been checked, and return what is known about it."""
    key = secrets.token_hex(16)
    path = _path(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with path.open("xb") as stored:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            stored.write(chunk)
    with atomic():
        row = StoredFile(
            key=key,
            edition_id=edition_id,
            name=name[-255:],
            media_type=media_type,
            size=size,
            sha256=digest.hexdigest(),
            stored_at=now,
        )
        db.session.add(row)
        db.session.flush()
        return _facts_of(row)


def write_file(key: str, content: bytes) -> None:
    """Write the bytes of a file whose row the caller inserts; used where rows are inserted in bulk."""
    path = _path(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def get_file(file_id: int) -> FileFacts:
    """Return a stored file. Raises Missing `file_missing`."""
    row = db.session.get(StoredFile, file_id)
    if row is None:
        raise Missing("file_missing")
    return _facts_of(row)


def find_file_by_key(key: str) -> FileFacts:
    """Return the stored file with this key. Raises Missing `file_missing`."""
    row = db.session.scalars(select(StoredFile).where(StoredFile.key == key)).one_or_none()
    if row is None:
        raise Missing("file_missing")
    return _facts_of(row)


def delete_file(file_id: int) -> None:
    """Delete a file that nothing refers to any longer; its bytes are removed after the commit."""
    with atomic():
        row = db.session.get(StoredFile, file_id)
        if row is None:
            return
        path = _path(row.key)
        db.session.delete(row)
        db.session.flush()
        on_commit(lambda: path.unlink(missing_ok=True))


def delete_orphans(now: datetime) -> int:
    """Delete the bytes that have had no row for a day, and return how many files that were."""
    deleted = 0
    for path in (files_folder()).glob("??/*"):
        is_old = path.stat().st_mtime < (now - ORPHAN_AGE).timestamp()
        if is_old and db.session.scalar(select(StoredFile.id).where(StoredFile.key == path.name)) is None:
            path.unlink(missing_ok=True)
            deleted += 1
    return deleted


def files_folder() -> Path:
    """Return the folder with the bytes of all stored files."""
    folder: Path = current_app.config["SETTINGS"].data_dir / "files"
    return folder


def _path(key: str) -> Path:
    return files_folder() / key[:2] / key


def _facts_of(row: StoredFile) -> FileFacts:
    return FileFacts(row.id, row.key, row.edition_id, row.name, row.media_type, row.size, row.sha256, _path(row.key))
