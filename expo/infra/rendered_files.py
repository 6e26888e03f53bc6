"""Files that are expensive to render, shared for a limited time between the processes of this machine."""

import hashlib
import os
import time
from pathlib import Path

import structlog
from flask import current_app

from expo.infra.config import Settings

log = structlog.get_logger(__name__)


def find_rendered_file(key: str, seconds: int) -> bytes | None:
    """Return the file that any process rendered under `key` in the last `seconds`, or None."""
    path = _path(key)
    try:
        if path.stat().st_mtime < time.time() - seconds:
            return None
        return path.read_bytes()
    except OSError:
        return None


def store_rendered_file(key: str, content: bytes, seconds: int) -> None:
    """Store the file rendered under `key` for the other processes, and delete files older than `seconds`.

    A full disk is logged; each process then renders the file on its own.
    """
    path = _path(key)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(exist_ok=True)
        unfinished.write_bytes(content)
        unfinished.replace(path)
    except OSError as error:
        log.warning("rendered_file_not_stored", error=error.strerror)
        return
    oldest = time.time() - seconds
    for each in path.parent.iterdir():
        try:
            if each.stat().st_mtime < oldest:
                each.unlink()
        except FileNotFoundError:  # another process was first
            continue


def delete_rendered_files(settings: Settings) -> None:
    """Delete all files; called once before the first process serves, as code or database may have changed."""
    folder = _folder(settings)
    if folder.is_dir():
        for each in folder.iterdir():
            each.unlink(missing_ok=True)


def _folder(settings: Settings) -> Path:
    return settings.data_dir / "rendered"


def _path(key: str) -> Path:
    settings: Settings = current_app.config["SETTINGS"]
    return _folder(settings) / hashlib.sha256(key.encode()).hexdigest()
