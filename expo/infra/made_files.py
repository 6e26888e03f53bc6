"""Files that were dear to make, kept for all processes of this machine while they may be asked for again."""

import hashlib
import os
import time
from pathlib import Path

import structlog
from flask import current_app

from expo.infra.config import Settings

log = structlog.get_logger(__name__)


def find_made(key: str, seconds: int) -> bytes | None:
    """Return what another process made under `key` in the last `seconds`, or None."""
    path = _path(key)
    try:
        if path.stat().st_mtime < time.time() - seconds:
            return None
        return path.read_bytes()
    except OSError:
        return None


def keep_made(key: str, content: bytes, seconds: int) -> None:
    """Keep what was made under `key` for the other processes, and forget what is older than `seconds`.

    A disk that is full is logged: each process makes the file for itself then.
    """
    path = _path(key)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(exist_ok=True)
        unfinished.write_bytes(content)
        unfinished.replace(path)
    except OSError as error:
        log.warning("made_file_not_kept", error=error.strerror)
        return
    oldest = time.time() - seconds
    for each in path.parent.iterdir():
        try:
            if each.stat().st_mtime < oldest:
                each.unlink()
        except FileNotFoundError:  # another process was first
            continue


def forget_made(settings: Settings) -> None:
    """Forget every file: called once, before the first process serves, as the code or the database may be another."""
    folder = _folder(settings)
    if folder.is_dir():
        for each in folder.iterdir():
            each.unlink(missing_ok=True)


def _folder(settings: Settings) -> Path:
    return settings.data_dir / "made"


def _path(key: str) -> Path:
    settings: Settings = current_app.config["SETTINGS"]
    return _folder(settings) / hashlib.sha256(key.encode()).hexdigest()
