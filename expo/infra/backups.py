"""Backups: a whole installation in one file: its database, the uploaded files, and its secret key if generated.

The file is a portable tar archive. It contains personal data and the secret key, so only its owner may read it.
Backups are written while the product is running, and restored while it is stopped.
"""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO, Any, cast

from sqlalchemy import make_url

from expo.infra.config import Settings

FORMAT = 1
SQLITE_MEMBER = "database.sqlite3"
POSTGRES_MEMBER = "database.sql"
SECRET_MEMBER = "secret_key"  # noqa: S105 - the name of a file
FILES_MEMBER = "files"
ABOUT_MEMBER = "about.json"
_FILE_MEMBER = re.compile(r"files/[0-9a-f]{2}/[0-9a-f]{32}")
_EMPTY_SCHEMA = b"DROP SCHEMA public CASCADE;\nCREATE SCHEMA public;\n"


class BackupError(Exception):
    """Why a backup cannot be written or restored, as a message for the operator."""


def write_backup(settings: Settings, path: Path, now: datetime, *, replace: bool = False) -> int:
    """Write a backup to `path` atomically and return its size in bytes.

    Raises BackupError if the file exists and may not be replaced, or the database cannot be read.
    """
    if path.exists() and not replace:
        raise BackupError(f"{path} already exists. Choose another name, or overwrite it with --replace.")
    with _scratch_folder(path.parent) as folder:
        if settings.effective_database_url.startswith("sqlite"):
            database = folder / SQLITE_MEMBER
            _copy_sqlite(_sqlite_path(settings), database)
        else:
            database = folder / POSTGRES_MEMBER
            _run_client(settings, "pg_dump", "--no-owner", "--no-privileges", "--file", str(database))
        about = folder / ABOUT_MEMBER
        about.write_text(json.dumps({"format": FORMAT, "product": "expo", "written_at": now.isoformat()}))
        archive = folder / "archive.tar.gz"
        archive.touch(mode=0o600)
        with tarfile.open(archive, "w:gz", compresslevel=3) as tar:
            tar.add(about, ABOUT_MEMBER)
            tar.add(database, database.name)
            if (secret := settings.data_dir / "secret_key").exists():
                tar.add(secret, SECRET_MEMBER)
            # After the database: a file that it names is there, unless it was deleted in the meantime.
            for file in sorted((settings.data_dir / FILES_MEMBER).glob("??/*")):
                with suppress(FileNotFoundError):
                    tar.add(file, f"{FILES_MEMBER}/{file.parent.name}/{file.name}")
        size = archive.stat().st_size
        archive.replace(path)
    return size


def restore_backup(settings: Settings, path: Path) -> None:
    """Replace the database of these settings with that of a backup, atomically.

    Raises BackupError for a file that is not a backup, is damaged, or is from the other kind of database.
    """
    on_sqlite = settings.effective_database_url.startswith("sqlite")
    member = SQLITE_MEMBER if on_sqlite else POSTGRES_MEMBER
    target = _sqlite_path(settings).parent if on_sqlite else settings.data_dir
    with _scratch_folder(target) as folder:
        names = _unpack(path, folder)
        if member not in names:
            raise BackupError(f"{path} is a backup of another kind of database. Check DATABASE_URL.")
        if on_sqlite:
            _check_sqlite(folder / member, path)
            _replace_sqlite(folder / member, _sqlite_path(settings))
        else:
            _load_postgres(settings, folder / member)
        if SECRET_MEMBER in names:
            kept = folder / SECRET_MEMBER
            kept.chmod(0o600)
            kept.replace(settings.data_dir / SECRET_MEMBER)
        _restore_files(folder / FILES_MEMBER, settings.data_dir / FILES_MEMBER)


def _restore_files(unpacked: Path, target: Path) -> None:
    """Add the files of a backup to those that are there; what no row refers to is cleaned up daily."""
    for file in unpacked.glob("??/*"):
        place = target / file.parent.name / file.name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(file, place)


@contextmanager
def _scratch_folder(beside: Path) -> Iterator[Path]:
    """Yield a temporary folder on the same file system, so that its files can be moved in one step."""
    try:
        folder = Path(tempfile.mkdtemp(prefix=".backup-", dir=beside))
    except OSError as error:
        raise BackupError(f"Cannot write to {beside}: {error.strerror}.") from None
    try:
        yield folder
    except OSError as error:
        raise BackupError(f"{error.filename or beside}: {error.strerror}.") from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unpack(path: Path, folder: Path) -> set[str]:
    try:
        with tarfile.open(path, "r:gz") as tar:
            members = [each for each in tar.getmembers() if each.isfile() and _is_wanted(each.name)]
            for each in members:
                (folder / each.name).parent.mkdir(parents=True, exist_ok=True)
                with (folder / each.name).open("wb") as out:
                    shutil.copyfileobj(cast("IO[bytes]", tar.extractfile(each)), out)
        about: Any = json.loads((folder / ABOUT_MEMBER).read_text())
        known = about["product"] == "expo" and about["format"] == FORMAT
    except FileNotFoundError:
        raise BackupError(f"{path} does not exist, or is not a backup.") from None
    except (tarfile.TarError, EOFError, OSError, ValueError, KeyError, TypeError):
        raise BackupError(f"{path} is not a backup, or is damaged.") from None
    if not known:
        raise BackupError(f"{path} was written by another version of the product.")
    return {each.name for each in members}


def _is_wanted(name: str) -> bool:
    """Whether a member of an archive is ours; names from an archive must not lead out of the folder."""
    if name in {SQLITE_MEMBER, POSTGRES_MEMBER, SECRET_MEMBER, ABOUT_MEMBER}:
        return True
    return _FILE_MEMBER.fullmatch(name) is not None


def _sqlite_path(settings: Settings) -> Path:
    return Path(str(make_url(settings.effective_database_url).database))


def _copy_sqlite(source: Path, target: Path) -> None:
    if not source.exists():
        raise BackupError(f"There is no database at {source} yet.")
    try:
        reader, writer = sqlite3.connect(source), sqlite3.connect(target)
        try:
            reader.backup(writer)
            writer.execute("PRAGMA journal_mode=DELETE")
        finally:
            reader.close()
            writer.close()
    except sqlite3.DatabaseError as error:
        raise BackupError(f"The database {source} cannot be read: {error}.") from None


def _check_sqlite(database: Path, archive: Path) -> None:
    try:
        connection = sqlite3.connect(database)
        try:
            [answer] = connection.execute("PRAGMA quick_check(1)").fetchone()
        finally:
            connection.close()
    except sqlite3.DatabaseError:
        answer = "damaged"
    if answer != "ok":
        raise BackupError(f"The database in {archive} is damaged.")


def _replace_sqlite(new: Path, path: Path) -> None:
    new.replace(path)
    # The write-ahead log of the previous file does not apply to the new one.
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _load_postgres(settings: Settings, dump: Path) -> None:
    script = dump.with_name("restore.sql")
    with script.open("wb") as out, dump.open("rb") as rows:
        out.write(_EMPTY_SCHEMA)
        shutil.copyfileobj(rows, out)
    arguments = ("--quiet", "--no-psqlrc", "--set", "ON_ERROR_STOP=1", "--single-transaction", "--file", str(script))
    _run_client(settings, "psql", *arguments)


def _run_client(settings: Settings, program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own programs on the database, keeping the password off its command line."""
    found = shutil.which(program) or next(
        iter(sorted(map(str, Path("/usr/lib/postgresql").glob(f"*/bin/{program}")), reverse=True)), None
    )
    if found is None:
        raise BackupError(f"{program} is required. Install PostgreSQL's client programs.")
    url = make_url(settings.effective_database_url).set(drivername="postgresql")
    environment = dict(os.environ)
    if url.password:
        environment["PGPASSWORD"] = str(url.password)
    # Not `set()`, which cannot remove a password.
    address = url._replace(password=None).render_as_string(hide_password=False)
    done = subprocess.run(  # noqa: S603 - the arguments are our own
        [found, "--dbname", address, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise BackupError(f"{program} failed: {reason}")
