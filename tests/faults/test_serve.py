"""`flask expo serve` says in one line why it cannot start, and ends everything that it began."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from flask import Flask
from sqlalchemy import text

from expo.app import create_app
from expo.infra.config import ROOT, Settings
from expo.infra.db import atomic, db
from tests.ports import free_port

TIMEOUT = 240.0


@pytest.fixture
def port() -> int:
    """A port that nobody listens on."""
    return free_port()


@pytest.fixture
def bare_app(tmp_path: Path, port: int) -> Flask:
    """An application whose database is an empty folder."""
    return create_app(Settings(data_dir=tmp_path, port=port, secret_key="x" * 32))


def _refusal(app: Flask) -> str:
    with app.app_context():
        result = app.test_cli_runner().invoke(args=["expo", "serve", "--no-demo"])
    assert (result.exit_code, result.stdout) == (1, ""), result.output
    assert result.stderr.count("\n") == 1
    return result.stderr


def _environment(folder: Path, port: int, **more: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return kept | {"EXPO_DATA_DIR": str(folder), "PORT": str(port)} | more


def _run(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "flask", "expo", "serve", "--no-demo"]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=TIMEOUT, check=False
    )


def test_serve_when_the_port_is_taken_then_one_line_names_it(bare_app: Flask, port: int) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()

        refusal = _refusal(bare_app)

    assert (
        refusal
        == f"Error: Port {port} is in use by another program. Stop it, or choose another port: PORT={port + 1}\n"
    )


def test_serve_when_the_address_is_not_of_this_machine_then_one_line_names_it(tmp_path: Path, port: int) -> None:
    app = create_app(Settings(data_dir=tmp_path, host="192.0.2.1", port=port, secret_key="x" * 32))

    assert _refusal(app) == (
        f"Error: Cannot listen on 192.0.2.1, port {port} (Cannot assign requested address). Check EXPO_HOST and PORT.\n"
    )


@pytest.mark.parametrize("damage", [b"this is no database", b"SQLite format 3\x00" + b"\xff" * 4096])
def test_serve_when_the_database_is_damaged_then_one_line_names_the_file(
    bare_app: Flask, tmp_path: Path, damage: bytes
) -> None:
    (tmp_path / "expo.sqlite3").write_bytes(damage)

    assert _refusal(bare_app).startswith(f"Error: The database {tmp_path / 'expo.sqlite3'} is damaged.")
    assert (tmp_path / "expo.sqlite3").read_bytes() == damage


def test_serve_when_a_page_of_the_database_is_damaged_then_one_line_names_the_file(
    bare_app: Flask, tmp_path: Path
) -> None:
    path = tmp_path / "expo.sqlite3"
    with bare_app.app_context():
        with atomic():
            db.session.execute(text("CREATE TABLE thing (name TEXT)"))
            db.session.execute(
                text(
                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) "
                    "INSERT INTO thing SELECT 'name ' || i FROM n"
                )
            )
        db.session.remove()
        db.engine.dispose()
    pages = bytearray(path.read_bytes())
    pages[8192:12288] = b"\xee" * 4096
    path.write_bytes(pages)

    assert _refusal(bare_app).startswith(f"Error: The database {path} is damaged.")


def test_serve_when_the_database_is_newer_than_the_code_then_one_line_says_so(bare_app: Flask) -> None:
    with bare_app.app_context(), atomic():
        db.session.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        db.session.execute(text("INSERT INTO alembic_version VALUES ('9999')"))

    assert _refusal(bare_app) == (
        "Error: The database is at version 9999, which was created by a newer release. "
        "Update the software, or restore a backup.\n"
    )


def test_serve_when_no_database_server_answers_then_one_line_says_so(tmp_path: Path, port: int) -> None:
    url = f"postgresql+psycopg://nobody@127.0.0.1:{port}/nothing"

    refusal = _refusal(create_app(Settings(database_url=url, data_dir=tmp_path, port=free_port(), secret_key="x" * 32)))

    assert refusal.startswith("Error: The database is not responding: ")


def test_serve_when_the_folder_cannot_be_written_then_one_line_names_it(tmp_path: Path, port: int) -> None:
    (tmp_path / "file").write_text("in the way")
    folder = tmp_path / "file" / "data"

    done = _run(_environment(folder, port))

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"Error: Cannot write to {folder} (Not a directory): make it writable, "
        "or name another folder with EXPO_DATA_DIR.\n"
    )


def test_serve_when_a_setting_is_wrong_then_one_line_names_it(tmp_path: Path, port: int) -> None:
    done = _run(_environment(tmp_path, port, EXPO_ENV="production"))

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "Error: SECRET_KEY must be set when EXPO_ENV=production.\n"


@contextmanager
def _running(folder: Path, port: int) -> Iterator[psutil.Process]:
    with (folder / "said").open("wb") as said:
        started = subprocess.Popen(
            [sys.executable, "-m", "flask", "expo", "serve", "--no-demo"],
            cwd=ROOT,
            env=_environment(folder, port),
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_until(lambda: b"Ctrl-C" in (folder / "said").read_bytes())
        yield psutil.Process(started.pid)
    finally:
        if started.poll() is None:
            started.terminate()
        started.wait(TIMEOUT)


def _wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + TIMEOUT
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


def _answer(port: int, path: str) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=TIMEOUT) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def _family(serve: psutil.Process) -> list[psutil.Process]:
    """Wait until the web server has parted its own workers, and return every process."""
    _wait_until(lambda: len(serve.children(recursive=True)) == 4)
    return serve.children(recursive=True)


def _worker(serve: psutil.Process) -> psutil.Process:
    """The child without children: the web server has its own."""
    [worker] = [child for child in serve.children() if not child.children()]
    return worker


@pytest.mark.long
def test_serve_when_interrupted_then_every_process_ends_and_the_code_is_zero(tmp_path: Path, port: int) -> None:
    with _running(tmp_path, port) as serve:
        assert _answer(port, "/healthz") == 200
        _wait_until(lambda: _answer(port, "/readyz") == 200)
        family = _family(serve)

        serve.send_signal(signal.SIGINT)

        assert serve.wait(TIMEOUT) == 0
        assert psutil.wait_procs(family, timeout=TIMEOUT)[1] == []


@pytest.mark.long
def test_serve_when_its_worker_is_killed_then_another_works_on(tmp_path: Path, port: int) -> None:
    with _running(tmp_path, port) as serve:
        before = {each.pid for each in _family(serve)}

        _worker(serve).kill()

        _wait_until(lambda: any(each.pid not in before for each in serve.children()))
        assert _answer(port, "/healthz") == 200


@pytest.mark.long
def test_serve_when_killed_itself_then_its_children_end_too(tmp_path: Path, port: int) -> None:
    with _running(tmp_path, port) as serve:
        family = _family(serve)

        serve.kill()

        assert psutil.wait_procs(family, timeout=TIMEOUT)[1] == []
