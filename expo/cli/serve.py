"""`flask expo serve`: starts and stops the web server and the worker together."""

import errno
import gc
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.context import ForkProcess as Process
from pathlib import Path
from types import FrameType

import click
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from flask import Flask, current_app
from flask.cli import AppGroup
from flask_migrate import upgrade
from gunicorn.app.wsgiapp import run as run_gunicorn
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from expo.editions.queries import list_editions
from expo.infra.config import ROOT, Settings
from expo.infra.db import db
from expo.infra.jobs import run_worker
from expo.infra.processes import close_connections, end_with_parent, lower_priority, watch_parent

# Larger databases are not checked: the quick check reads the whole file, this many bytes in about a second.
QUICK_CHECK_BYTES = 100 * 1024 * 1024
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
TIMEOUT = 10.0
# Exit code of a background task after which nothing is served any longer.
ALL_DONE = 79
# E-mails can wait a moment; people at a door cannot.
WORKER_NICENESS = 10
SIGN_INS_FILE = "demo-sign-ins.txt"
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class CannotServe(click.ClickException):
    """Why the server cannot start, in one line."""

    def format_message(self) -> str:
        """Return the message without click's prefix."""
        return self.message


@click.command("serve")
@click.option("--demo/--no-demo", default=True, help="Load the demo if there is no expo yet.")
def serve(*, demo: bool) -> None:
    """Run the web server and background jobs until interrupted."""
    settings: Settings = current_app.config["SETTINGS"]
    check_port(settings.host, settings.port)
    check_database(settings)
    upgrade()
    if demo and not settings.is_production and not list_editions():
        load_demo()
    raise SystemExit(run_together(settings))


def check_port(host: str, port: int) -> None:
    """Raise CannotServe if the port is in use or this user may not listen on it."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                reason = f"Port {port} is in use by another program. Stop it, or choose another port: PORT={port + 1}"
            else:
                reason = f"Cannot listen on {host}, port {port} ({error.strerror}). Check EXPO_HOST and PORT."
            raise CannotServe(reason) from None


def check_database(settings: Settings) -> None:
    """Raise CannotServe if the database is unreachable, damaged, or newer than this code."""
    url = settings.effective_database_url
    if url.startswith("sqlite:///"):
        _check_sqlite(Path(url.removeprefix("sqlite:///")))
    try:
        with db.engine.connect() as connection:
            known = inspect(connection).has_table("alembic_version")
            version = connection.scalar(text("SELECT version_num FROM alembic_version")) if known else None
    except DBAPIError as error:
        reason = str(error.orig).strip().splitlines()[0]
        raise CannotServe(
            f"The database is not responding: {reason}. Check DATABASE_URL and that the database is running."
        ) from None
    if version is not None:
        try:
            ScriptDirectory(str(ROOT / "migrations")).get_revision(version)
        except CommandError:
            raise CannotServe(
                f"The database is at version {version}, which was created by a newer release. "
                "Update the software, or restore a backup."
            ) from None


def _check_sqlite(path: Path) -> None:
    damaged = (
        f"The database {path} is damaged. Restore a backup with `flask expo restore FILE --replace`, "
        "or move the file away to start with an empty database."
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
    """Load the demo in a separate process, which frees its memory on exit; `announce` shows its output instead."""
    click.echo("No expo yet: loading the demo.", err=True)
    done = subprocess.run(
        [sys.executable, "-m", "flask", "expo", "demo"], cwd=ROOT, stdout=subprocess.DEVNULL, check=False
    )
    if done.returncode:
        raise CannotServe("The demo could not be loaded; see the message above.")


def announce(settings: Settings) -> None:
    """Print the addresses of the main pages."""
    url = settings.effective_public_url
    places = {"Expo": "/", "Organizer": "/organizer", "Check-in": "/door", "API": "/api/docs"}
    click.echo("\n" + "\n".join(f"  {name:<10} {url}{path}" for name, path in places.items()))
    if not settings.mail_url:
        click.echo(f"  {'E-mails':<10} {url}/organizer/emails (stored there, not sent: MAIL_URL is not set)")
    sign_ins = settings.data_dir / SIGN_INS_FILE
    if sign_ins.exists():
        click.echo("\n" + sign_ins.read_text(encoding="utf-8"))
    click.echo("\n  Press Ctrl-C to stop.\n")


def run_together(
    settings: Settings,
    background: Callable[[Flask], None] | None = None,
    announce_places: Callable[[Settings], None] | None = None,
) -> int:
    """Run web server and worker, or another background task, until a signal stops both; return the server's exit code.

    Both are forked from this process, so that the application is loaded once and most of its memory is shared. A worker
    that dies is restarted after increasing pauses; if the web server dies, or the background task ends with `ALL_DONE`,
    everything stops.
    """
    background = background or run_jobs
    announce_places = announce_places or announce
    application: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    close_connections(application)
    gc.freeze()  # exclude what is loaded from collection, which would copy the shared memory
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    web = start_process(serve_web, application)
    worker = start_process(background, application)
    for number in _STOP_SIGNALS:
        signal.signal(number, stop)
    announced, pause, retry_at = False, FIRST_PAUSE, None
    while not stopping and web.is_alive():
        if not announced and is_answering(settings.host, settings.port):
            announce_places(settings)
            announced = True
        if worker.exitcode == ALL_DONE:
            stop_processes([web, worker])
            return ALL_DONE
        if not worker.is_alive():
            now = time.monotonic()
            if retry_at is None:
                click.echo(f"The worker ended with code {worker.exitcode}; restarting it.", err=True)
                retry_at, pause = now + pause, min(LONGEST_PAUSE, pause * 2)
            elif now >= retry_at:
                worker, retry_at = start_process(background, application), None
        time.sleep(0.1)
    code = web.exitcode
    stop_processes([web, worker])
    return 0 if stopping else code or 1


def is_answering(host: str, port: int) -> bool:
    """Return whether something listens at this address."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - these mean all addresses
    try:
        with socket.create_connection((reachable, port), timeout=1):
            return True
    except OSError:
        return False


def serve_web(_application: Flask) -> None:
    """Run the web server. It uses the application already loaded in this process."""
    sys.argv = ["gunicorn", "--config", str(ROOT / "gunicorn.conf.py")]
    run_gunicorn()


def run_jobs(application: Flask) -> None:
    """Run the background worker."""
    lower_priority(WORKER_NICENESS)
    settings: Settings = application.config["SETTINGS"]
    run_worker(application, settings.job_threads)


def start_process(task: Callable[[Flask], None], application: Flask) -> Process:
    """Fork a process that runs the task."""
    process = get_context("fork").Process(target=_run_task, args=(task, application), name=task.__name__)
    process.start()
    return process


def _run_task(task: Callable[[Flask], None], application: Flask) -> None:
    for number in _STOP_SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    os.setsid()  # the parent forwards Ctrl-C; do not receive it twice
    end_with_parent()
    watch_parent(lambda: os.kill(os.getpid(), signal.SIGTERM))
    task(application)


def stop_processes(processes: list[Process]) -> None:
    """Terminate these processes; after a grace period, kill those still running with their children."""
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + TIMEOUT
    for process in processes:
        process.join(max(0.0, deadline - time.monotonic()))
        if process.is_alive() and process.pid is not None:
            os.killpg(process.pid, signal.SIGKILL)
            process.join()


def add_commands(group: AppGroup) -> None:
    """Add these commands to `flask expo`."""
    group.add_command(serve)
