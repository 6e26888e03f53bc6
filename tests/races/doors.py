"""What a process of races at the door does: its own application, threads at a barrier, answers on standard output.

Run as a program: `python -m tests.races.doors`. It reads a plan (JSON) from standard input, says that it is ready,
begins when told to, and writes the answers; then it reads the next plan.
"""

import dataclasses
import functools
import json
import sys
import tempfile
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from expo.accounts.rules import Actor, Permission
from expo.app import create_app
from expo.checkin.queries import scans as queries
from expo.checkin.rules import Direction
from expo.checkin.services import admissions, batches, scans
from expo.checkin.services.admissions import LockedState, lock_and_read
from expo.checkin.services.passages import Movements
from expo.checkin.services.verdicts import ScanRequest
from expo.infra.db import db
from tests.conftest import lenient_settings
from tests.races.racing import WAIT_SECONDS

# The twins whose processes say when all of their clients have read, and wait until they may write.
READS_FIRST = ("badges", "counters", "log")


def remove_the_lock_of_badges(replace: pytest.MonkeyPatch, clients: int) -> None:
    """Read holders without a lock, and write when all clients have read."""
    replace.setattr(queries, "LOCK_HOLDERS", queries._HOLDERS)
    _write_when_all_have_read(replace, clients)


def remove_the_lock_of_counters(replace: pytest.MonkeyPatch, clients: int) -> None:
    """Read how many people are inside without a lock, and write when all clients have read."""
    unlocked = admissions.LOCK_COUNTERS.with_for_update(read=True, key_share=True)
    replace.setattr(admissions, "LOCK_COUNTERS", unlocked)
    _write_when_all_have_read(replace, clients)


def read_the_log_without_a_lock(replace: pytest.MonkeyPatch, clients: int) -> None:
    """Read holders and the logs of their passages without a lock, and write when all clients have read them."""
    replace.setattr(queries, "LOCK_HOLDERS", queries._HOLDERS)
    load_logs, wait_for_all = Movements.load_logs, _meeting_of(clients)

    def load_and_meet(movements: Movements, scans: Any) -> None:
        load_logs(movements, scans)
        wait_for_all()

    replace.setattr(Movements, "load_logs", load_and_meet)


def forget_the_answers_given(replace: pytest.MonkeyPatch, _clients: int) -> None:
    """Treat every arrival of a scan as new, which looking up earlier answers prevents."""

    def lock_and_find_none(*its: Any) -> LockedState:
        return dataclasses.replace(lock_and_read(*its), answers={})

    replace.setattr(batches, "lock_and_read", lock_and_find_none)


def _write_when_all_have_read(replace: pytest.MonkeyPatch, clients: int) -> None:
    """Keep each client after its first reading until those of all processes have read, however long that takes."""
    wait_for_all = _meeting_of(clients)

    def read_and_meet(*its: Any) -> LockedState:
        found = lock_and_read(*its)
        wait_for_all()
        return found

    replace.setattr(batches, "lock_and_read", read_and_meet)


def _meeting_of(clients: int) -> Callable[[], None]:
    """Return what keeps each client, the first time it comes, until those of all processes have come."""
    meeting = threading.Barrier(clients, action=_wait_for_the_other_processes)
    met: set[int] = set()

    def wait_for_all() -> None:
        client = threading.get_ident()
        if client not in met:
            met.add(client)
            meeting.wait(WAIT_SECONDS)

    return wait_for_all


def _wait_for_the_other_processes() -> None:
    sys.stdout.write("read\n")
    sys.stdout.flush()
    sys.stdin.readline()


TWINS: dict[str, Callable[[pytest.MonkeyPatch, int], None]] = {
    "badges": remove_the_lock_of_badges,
    "counters": remove_the_lock_of_counters,
    "log": read_the_log_without_a_lock,
    "answers": forget_the_answers_given,
}


def run(plan: dict[str, Any]) -> None:
    """Let each client of the plan scan what it lists, a thread each, all at once, when told to on standard input."""
    app = _make_app(plan["url"])
    app.extensions.pop("expo_recent", None)  # what was cached of the database of the race before
    with pytest.MonkeyPatch.context() as replace:
        if plan["twin"]:
            TWINS[plan["twin"]](replace, len(plan["clients"]))
        answers = _race(app, plan)
    with app.app_context():
        db.engine.dispose()
    sys.stdout.write(json.dumps(answers) + "\n")
    sys.stdout.flush()


def _race(app: Flask, plan: dict[str, Any]) -> list[str]:
    device = Actor("api_token", 1, edition_id=plan["edition"], permissions=frozenset({Permission.SCAN}))
    moment = datetime.fromisoformat(plan["at"])
    barrier = threading.Barrier(len(plan["clients"]) + 1)
    answers: list[str] = []

    received = moment + timedelta(hours=plan["received_after_hours"])
    run_scan = scans.scan_together if plan["together"] else scans.scan

    def request(
        scan_id: str, token: str, direction: str = "entry", minutes: float = 0, door: str = "main"
    ) -> ScanRequest:
        return ScanRequest(scan_id, token, door, Direction(direction), moment + timedelta(minutes=minutes))

    def work(client: list[list[Any]]) -> None:
        requests = [request(*each) for each in client]
        with app.app_context():
            barrier.wait()
            if plan["in_queues"]:
                found = scans.scan_batch(device, plan["edition"], requests, received)
            else:
                found = [run_scan(device, plan["edition"], each, received) for each in requests]
            answers.extend(each.reason or each.verdict for each in found)

    threads = [threading.Thread(target=work, args=(client,)) for client in plan["clients"]]
    for thread in threads:
        thread.start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    barrier.wait()
    for thread in threads:
        thread.join()
    return answers


@functools.cache
def _make_app(url: str) -> Flask:
    return create_app(lenient_settings(url, Path(tempfile.mkdtemp())))


if __name__ == "__main__":
    while line := sys.stdin.readline():
        run(json.loads(line))
