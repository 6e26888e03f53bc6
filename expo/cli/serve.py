"""`flask expo serve`: the whole set-up in one command. Web server and worker are begun together and ended together."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

import click
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from flask import current_app
from flask.cli import AppGroup
from flask_migrate import upgrade
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from expo.editions.queries import list_editions
from expo.infra.config import ROOT, Settings
from expo.infra.db import db
from expo.infra.processes import end_with_parent

# A quick check reads the whole file: a second for each of these many bytes.
QUICK_CHECK_BYTES = 300 * 1024 * 1024
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
PATIENCE = 10.0
SIGN_INS_FILE = "demo-sign-ins.txt"


class CannotServe(click.ClickException):
    """Why the set-up cannot be started, in one line."""

    def format_message(self) -> str:
        """Return the line as it is shown."""
        return self.message


@click.command("serve")
@click.option("--demo/--no-demo", default=True, help="Load the demonstration where there is no expo yet.")
def serve(*, demo: bool) -> None:
    """Serve the pages and do the background jobs until interrupted."""
    settings: Settings = current_app.config["SETTINGS"]
    check_port(settings.host, settings.port)
    check_database(settings)
    upgrade()
    if demo and not settings.is_production and not list_editions():
        load_demo()
    db.session.remove()
    db.engine.dispose()
    raise SystemExit(run_together(settings))


def check_port(host: str, port: int) -> None:
    """Raise CannotServe where something else listens on the port."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise CannotServe(
                f"Port {port} is taken by another program. Stop it, or choose another: PORT={port + 1}"
            ) from None


def check_database(settings: Settings) -> None:
    """Raise CannotServe where the database does not answer, is damaged, or is newer than this code."""
    url = settings.effective_database_url
    if url.startswith("sqlite:///"):
        _check_sqlite(Path(url.removeprefix("sqlite:///")))
    try:
        with db.engine.connect() as connection:
            known = inspect(connection).has_table("alembic_version")
            version = connection.scalar(text("SELECT version_num FROM alembic_version")) if known else None
    except DBAPIError as error:
        reason = str(error.orig).strip().splitlines()[0]
        raise CannotServe(f"The database does not answer: {reason}. Check DATABASE_URL and that it runs.") from None
    if version is not None:
        try:
            ScriptDirectory(str(ROOT / "migrations")).get_revision(version)
        except CommandError:
            raise CannotServe(
                f"The database is at version {version}, which this code does not know: it was made by a newer one. "
                "Update the code, or restore a backup."
            ) from None


def _check_sqlite(path: Path) -> None:
    damaged = (
        f"The database {path} is damaged. Restore a backup with `flask expo restore FILE --replace`, "
        "or move the file away to begin anew."
    )
    if not path.exists() or path.stat().st_size == 0:
        return
    if path.stat().st_size > QUICK_CHECK_BYTES:
        return
    try:
        connection = sqlite3.connect(path)
        [answer] = connection.execute("PRAGMA quick_check(1)").fetchone()
        connection.close()
    except sqlite3.DatabaseError:
        raise CannotServe(damaged) from None
    if answer != "ok":
        raise CannotServe(damaged)


def load_demo() -> None:
    """Load the demonstration in a process of its own, which gives its memory back."""
    click.echo("No expo yet: loading the demonstration.", err=True)
    done = subprocess.run([sys.executable, "-m", "flask", "expo", "demo"], cwd=ROOT, check=False)
    if done.returncode:
        raise CannotServe("The demonstration could not be loaded; the reason stands above.")


def announce(settings: Settings) -> None:
    """Say where everything is."""
    url = settings.effective_public_url
    places = {"Expo": "/", "Organizer": "/organizer", "Door": "/door", "API": "/api/docs"}
    click.echo("\n" + "\n".join(f"  {name:<10} {url}{path}" for name, path in places.items()))
    if not settings.mail_url:
        click.echo(f"  {'Letters':<10} {url}/organizer/outbox (kept there, not sent: MAIL_URL is empty)")
    sign_ins = settings.data_dir / SIGN_INS_FILE
    if sign_ins.exists():
        click.echo("\n" + sign_ins.read_text(encoding="utf-8"))
    click.echo("\n  Ctrl-C ends everything.\n")


def run_together(settings: Settings) -> int:
    """Run web server and worker until one signal ends both; return the web server's exit code.

    A worker that dies is begun again, after a pause that grows; a web server that dies ends everything.
    """
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    web, worker = begin_web(), begin_worker()
    announced, pause, retry_at = False, FIRST_PAUSE, None
    while not stopping and web.poll() is None:
        if not announced and is_answering(settings.host, settings.port):
            announce(settings)
            announced = True
        if worker.poll() is not None:
            now = time.monotonic()
            if retry_at is None:
                click.echo(f"The worker ended with code {worker.returncode}; it begins again.", err=True)
                retry_at, pause = now + pause, min(LONGEST_PAUSE, pause * 2)
            elif now >= retry_at:
                worker, retry_at = begin_worker(), None
        time.sleep(0.1)
    code = web.poll()
    end([web, worker])
    return 0 if stopping else code or 1


def is_answering(host: str, port: int) -> bool:
    """Return whether something listens there."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - a name for all addresses
    try:
        with socket.create_connection((reachable, port), timeout=1):
            return True
    except OSError:
        return False


def begin_web() -> subprocess.Popen[bytes]:
    """Start the web server."""
    return _begin("gunicorn", "--config", str(ROOT / "gunicorn.conf.py"))


def begin_worker() -> subprocess.Popen[bytes]:
    """Start the background worker."""
    return _begin("flask", "expo", "worker")


def _begin(module: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a Python module as a process in a group of its own: Ctrl-C reaches it through us, once."""
    return subprocess.Popen(  # noqa: S603 - our own modules
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        start_new_session=True,
        preexec_fn=end_with_parent,  # noqa: PLW1509 - no thread of ours runs yet  # noqa: PLW1509 - one system call, and this process has one thread
    )


def end(processes: list[subprocess.Popen[bytes]]) -> None:
    """End these processes and their children: all are asked at once, and those that stay are killed."""
    for process in processes:
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + PATIENCE
    for process in processes:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def add_commands(group: AppGroup) -> None:
    """Add these commands to `flask expo`."""
    group.add_command(serve)
