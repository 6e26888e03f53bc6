"""A disposable environment for benchmarks: database, demo data, server and worker."""

import contextlib
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
from sqlalchemy import create_engine, func, select

from expo.schema import metadata

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class World:
    """A running environment."""

    database: str
    url: str
    port: int
    folder: Path
    environment: dict[str, str]
    demo_seconds: float
    demo_rows: int
    process: subprocess.Popen[bytes]

    def flask(self, *arguments: str) -> str:
        """Run a `flask` command and return what it prints."""
        done = subprocess.run(
            [sys.executable, "-m", "flask", *arguments],
            cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True,
        )  # fmt: skip
        return done.stdout

    def processes(self) -> list[psutil.Process]:
        """Return the web server, the worker and their child processes."""
        parent = psutil.Process(self.process.pid)
        return [parent, *parent.children(recursive=True)]

    def cpu_seconds(self) -> dict[str, float]:
        """Return the processor time used so far by web server, worker (the one that gives way) and database."""
        processes = self.processes()
        worker = sum(_cpu_seconds_of(each) for each in processes if each.nice() > processes[0].nice())
        used = {"web": sum(_cpu_seconds_of(each) for each in processes) - worker, "worker": worker}
        if self.database == "postgresql":
            postmaster = int((self.folder / "postgres" / "postmaster.pid").read_text().split()[0])
            used["database"] = sum(_cpu_seconds_of(each) for each in psutil.Process(postmaster).children())
        return used

    def token(self) -> str:
        """Return a new API token with all permissions that the benchmarks need."""
        permissions = ("scan", "attendees.read", "attendees.write")
        out = self.flask("expo", "create-api-token", "bench", *(f"--permission={each}" for each in permissions))
        found = re.search(r"expo_\S+", out)
        if found is None:
            raise LookupError(out)
        return found.group(0)


@contextlib.contextmanager
def open_world(database: str, attendees: int) -> Iterator[World]:
    """Start an environment on `sqlite` or `postgresql`, with the same durability as in production."""
    folder = Path(tempfile.mkdtemp(prefix=f"expo-bench-{database}-"))
    folder.chmod(0o755)
    port = free_port()
    environment = os.environ | {
        "EXPO_DATA_DIR": str(folder / "data"),
        "PORT": str(port),
        "EXPO_RATE_LIMITS": "0",
        "EXPO_LOG_LEVEL": "WARNING",
    }
    environment.pop("DATABASE_URL", None)
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        url = ""
        if database == "postgresql":
            url = stack.enter_context(postgres_of(folder))
            environment["DATABASE_URL"] = url
        (folder / "data").mkdir()
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "flask", "expo", "demo", "--attendees", str(attendees)],
            cwd=ROOT, env=environment, check=True, capture_output=True,
        )  # fmt: skip
        demo_seconds = time.perf_counter() - began
        process = subprocess.Popen(
            [sys.executable, "-m", "flask", "expo", "serve", "--no-demo"],
            cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        stack.callback(_stop, process)
        wait_for(port)
        yield World(database, url, port, folder, environment, demo_seconds, _count_rows(url, folder), process)


@contextlib.contextmanager
def postgres_of(folder: Path) -> Iterator[str]:
    """Run a PostgreSQL server in a folder, with the same durability as in production, and yield its URL."""
    binaries = max(Path("/usr/lib/postgresql").glob("*/bin"))
    user: list[str] = []
    if os.geteuid() == 0:
        user = ["runuser", "-u", "postgres", "--"]
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    data = folder / "postgres"
    subprocess.run(
        [*user, str(binaries / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"],
        check=True, capture_output=True, cwd="/",
    )  # fmt: skip
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c max_connections=100"
    control = [*user, str(binaries / "pg_ctl"), "-D", str(data)]
    subprocess.run(
        [*control, "-o", options, "-w", "-l", str(folder / "postgres.log"), "start"],
        check=True, capture_output=True, cwd="/", stdin=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=False, capture_output=True, cwd="/")


def free_port() -> int:
    """Return a free port on this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(port: int) -> None:
    """Wait until the server accepts connections. Raises TimeoutError."""
    for _ in range(150):
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1):
            return
        time.sleep(0.2)
    raise TimeoutError("the server did not start")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)


def _count_rows(url: str, folder: Path) -> int:
    engine = create_engine(url or f"sqlite:///{folder}/data/expo.sqlite3")
    with engine.connect() as connection:
        rows = sum(connection.scalar(select(func.count()).select_from(table)) or 0 for table in metadata.sorted_tables)
    engine.dispose()
    return rows


def _cpu_seconds_of(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
