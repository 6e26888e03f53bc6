"""Physical limits, measured in the same run: what the database, the signature and the web server do at most."""

import sqlite3
import subprocess
import sys
import textwrap
import time
import urllib.error
from pathlib import Path

import psycopg

from bench.load import Outcome, request, send_all
from bench.world import World, _free_port, _wait_for
from expo.pure.tokens import BadgeToken, new_key_pair, sign_token, verify_token

COMMITS = 300


def commits_per_second(world: World) -> float:
    """Return how many one-row transactions a second one bare connection commits."""
    if world.database == "postgresql":
        with psycopg.connect(world.url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS bench_commit (n int)")
            began = time.perf_counter()
            for n in range(COMMITS):
                connection.execute("INSERT INTO bench_commit VALUES (%s)", (n,))
            return COMMITS / (time.perf_counter() - began)
    connection = sqlite3.connect(world.folder / "limit.sqlite3", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("CREATE TABLE bench_commit (n int)")
    began = time.perf_counter()
    for n in range(COMMITS):
        connection.execute("INSERT INTO bench_commit VALUES (?)", (n,))
    return COMMITS / (time.perf_counter() - began)


def verifications_per_second() -> float:
    """Return how many badge tokens a second one core verifies."""
    private, public = new_key_pair(b"1" * 32)
    token = sign_token(BadgeToken(0, 1, 1, 1, 1, 0, 3), private)
    began = time.perf_counter()
    for _ in range(2000):
        verify_token(token, {0: public})
    return 2000 / (time.perf_counter() - began)


def bare_requests(folder: Path, clients: int) -> Outcome:
    """Return what a Flask route that says "ok" does under the same server and client."""
    (folder / "bare.py").write_text(
        textwrap.dedent(
            """
            from flask import Flask
            app = Flask(__name__)
            app.get("/")(lambda: "ok")
            """
        )
    )
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "/dev/null", "-k", "gthread", "-w", "2", "--threads", "8",
         "--chdir", str(folder), "-b", f"127.0.0.1:{port}", "--no-control-socket", "bare:app"],
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait_for_root(port)
        return send_all([request("GET", "/", port)] * 6000, port, clients, 6)
    finally:
        process.terminate()
        process.wait()


def _wait_for_root(port: int) -> None:
    try:
        _wait_for(port)
    except urllib.error.HTTPError:
        return
