"""A hub as it runs in a hall: `flask expo hub`, killed while the centre is gone, started again, and wiped."""

import os
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from expo.infra.config import ROOT
from tests.flows.hubs import make_scan, post_scan, run_centre
from tests.journeys.bad_network import open_network
from tests.ports import free_port

TRIES = 2400


@contextmanager
def _run_hub(folder: Path, port: int, *options: str) -> Iterator[str]:
    """Run the command until its scanner answers, and kill all of its processes at the end."""
    command = [sys.executable, "-m", "flask", "expo", "hub", *options]
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        "EXPO_DATA_DIR": str(folder),
        "PORT": str(port),
        "EXPO_WEB_WORKERS": "1",
    }
    url = f"http://127.0.0.1:{port}"
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as process:
        try:
            _wait_until(lambda: "door-data" in _read(f"{url}/door/scanner"))
            yield url
        finally:
            children = psutil.Process(process.pid).children(recursive=True)
            process.kill()
            for each in children:
                each.kill()


def _read(url: str) -> str:
    try:
        with urllib.request.urlopen(url, timeout=30) as response:  # noqa: S310 - our own server
            text: str = response.read().decode()
            return text
    except (OSError, urllib.error.URLError):
        return ""


def _wait_until(is_so: Callable[[], bool]) -> None:
    for _ in range(TRIES):
        if is_so():
            return
        threading.Event().wait(0.1)
    raise AssertionError("it did not happen in four minutes")


def test_hub_when_killed_started_again_and_wiped_then_scans_arrive_once_and_nothing_stays(
    tmp_path: Path,
) -> None:
    port, folder = free_port(), tmp_path / "hub"
    with run_centre(tmp_path / "centre") as centre, open_network(centre.url) as (network, address):
        east, west = centre.world["gates"]
        scans = [make_scan(badge) for badge in centre.world["badges"]]
        with _run_hub(folder, port, "--centre", address, "--code", centre.world["hub_code"]) as hub:
            network.is_up = False
            before = [post_scan(hub, east, each)["verdict"] for each in scans]
            status = _read(f"{hub}/hub")
            elsewhere = _read(f"{hub}/sign-in")
        with _run_hub(folder, port) as hub:
            again = post_scan(hub, west, make_scan(centre.world["badges"][0], "west"))
            network.is_up = True
            _wait_until(lambda: len(centre.rows("SELECT id FROM scan")) == len(scans) + 1)
            stored = centre.rows("SELECT scan_id, verdict FROM scan WHERE verdict = 'admitted'")
            network.is_up = False
            last = make_scan(centre.world["badges"][0], direction="exit")
            post_scan(hub, west, last)
            centre.wipe_hub()
            network.is_up = True
            _wait_until(lambda: not _read(f"{hub}/door/scanner"))
            _wait_until(lambda: not any((folder / name).exists() for name in ("expo.sqlite3", "secret_key")))

        left = [path for path in folder.rglob("*") if path.is_file() and b"SQLite format" in path.read_bytes()[:16]]
        handed_over = centre.rows(f"SELECT verdict, is_after_revocation FROM scan WHERE scan_id = '{last['scan_id']}'")  # noqa: S608
        confirmed = centre.rows("SELECT id FROM audit_entry WHERE action = 'checkin.finish_wipe'")

    assert before == ["admitted"] * len(scans)
    assert (again["verdict"], again["reason"]) == ("refused", "already_admitted")
    assert sorted(stored) == sorted((each["scan_id"], "admitted") for each in scans)
    assert (left, handed_over, len(confirmed)) == ([], [("admitted", 1)], 1)
    assert "East" in status
    assert "door-data" in elsewhere  # nobody signs in at a hub: other pages lead to the scanner
