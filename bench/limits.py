"""Physical limits, measured in the same run: the maximum of the database, the signature and the web server."""

import io
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import psycopg
from reportlab.pdfgen.canvas import Canvas

from bench.load import Outcome, request, send_all
from bench.world import World, free_port, wait_for
from expo.pure.tokens import BadgeToken, new_key_pair, sign_token, verify_token

COMMITS = 300


def commits_per_second(world: World) -> float:
    """Return how many one-row transactions per second a single bare connection commits."""
    if world.database == "postgresql":
        with psycopg.connect(world.url.replace("+psycopg", ""), autocommit=True) as postgres:
            postgres.execute("CREATE TABLE IF NOT EXISTS bench_commit (n int)")
            began = time.perf_counter()
            for n in range(COMMITS):
                postgres.execute("INSERT INTO bench_commit VALUES (%s)", (n,))
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
    """Return how many badge tokens per second one core verifies."""
    private, public = new_key_pair(b"1" * 32)
    token = sign_token(BadgeToken(0, 1, 1, 1, 1, 0, 3), private)
    began = time.perf_counter()
    for _ in range(2000):
        verify_token(token, {0: public})
    return 2000 / (time.perf_counter() - began)


FLASK = """
from flask import Flask
app = Flask(__name__)
app.get("/healthz")(lambda: "ok")
"""
WSGI = """
def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
    return [b"ok"]
"""


def bare_requests(folder: Path, clients: int) -> Outcome:
    """Measure a trivial Flask route under the same server and client."""
    return _serve_and_measure(folder, "bare_flask", FLASK, clients)


def bare_wsgi_requests(folder: Path, clients: int) -> Outcome:
    """Measure a trivial WSGI application under the same server and client."""
    return _serve_and_measure(folder, "bare_wsgi", WSGI, clients)


def _serve_and_measure(folder: Path, name: str, code: str, clients: int) -> Outcome:
    (folder / f"{name}.py").write_text(code)
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "/dev/null", "-k", "gthread", "-w", "2", "--threads", "8",
         "--chdir", str(folder), "-b", f"127.0.0.1:{port}", "--no-control-socket", f"{name}:app"],
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for(port)
        return send_all([request("GET", "/healthz", port)] * 6000, port, clients, 6)
    finally:
        process.terminate()
        process.wait()


def bare_inserts() -> str:
    """Return the rate of narrow inserts into in-memory SQLite from Python, in one transaction."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("CREATE TABLE bench_row (a int, b text, c text, d text)")
    rows = [(n, "a name", "an address", "a text of some length") for n in range(100_000)]
    began = time.perf_counter()
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO bench_row VALUES (?, ?, ?, ?)", rows)
    connection.execute("COMMIT")
    return f"bare inserts {len(rows) / (time.perf_counter() - began):,.0f}/s"


def empty_pages_per_second() -> float:
    """Return how many one-word pages per second the PDF library writes."""
    canvas = Canvas(io.BytesIO(), pageCompression=1)
    began = time.perf_counter()
    for _ in range(1500):
        canvas.drawString(20, 20, "A")
        canvas.showPage()
    canvas.save()
    return 1500 / (time.perf_counter() - began)
