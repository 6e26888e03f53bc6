"""Temporary files, stored for an hour: an upload between the preview of an import and its confirmation."""

import re
import secrets
import time
from pathlib import Path

from flask import current_app

from expo.errors import Missing

LIFETIME_SECONDS = 3600


def store_temporary_file(data: bytes) -> str:
    """Store a file and return its name. Files older than an hour are deleted."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if path.stat().st_mtime < time.time() - LIFETIME_SECONDS:
            path.unlink(missing_ok=True)
    name = secrets.token_hex(16)
    (folder / name).write_bytes(data)
    return name


def read_temporary_file(name: str) -> bytes:
    """Return a temporary file. Raises Missing `upload_missing` once it has been deleted."""
    try:
        return _path(name).read_bytes()
    except FileNotFoundError:
        raise Missing("upload_missing") from None


def delete_temporary_file(name: str) -> None:
    """Delete a temporary file if it still exists."""
    _path(name).unlink(missing_ok=True)


def _folder() -> Path:
    folder: Path = current_app.config["SETTINGS"].data_dir / "uploads"
    return folder


def _path(name: str) -> Path:
    if not re.fullmatch(r"[0-9a-f]{32}", name):
        raise Missing("upload_missing")
    return _folder() / name
