"""Files that are kept for a while: an upload between its preview and the word to take it in."""

import re
import secrets
import time
from pathlib import Path

from flask import current_app

from expo.errors import Missing

KEPT_SECONDS = 3600


def keep_for_a_while(data: bytes) -> str:
    """Keep a file for an hour and return the name to read it by. Files that are older are deleted."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if path.stat().st_mtime < time.time() - KEPT_SECONDS:
            path.unlink(missing_ok=True)
    name = secrets.token_hex(16)
    (folder / name).write_bytes(data)
    return name


def read_kept(name: str) -> bytes:
    """Return a kept file. Raises Missing `upload_missing` for one that is not kept any more."""
    try:
        return _path(name).read_bytes()
    except FileNotFoundError:
        raise Missing("upload_missing") from None


def forget_kept(name: str) -> None:
    """Delete a kept file; it need not be there."""
    _path(name).unlink(missing_ok=True)


def _folder() -> Path:
    folder: Path = current_app.config["SETTINGS"].data_dir / "uploads"
    return folder


def _path(name: str) -> Path:
    if not re.fullmatch(r"[0-9a-f]{32}", name):
        raise Missing("upload_missing")
    return _folder() / name
