"""What a process of a race at the door does: its own application, threads at a barrier, answers on standard output.

Run as a program: `python -m tests.races.doors PLAN`, where PLAN is JSON.
"""

import dataclasses
import json
import sys
import tempfile
import threading
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from expo.accounts.rules import Actor, Permission
from expo.app import create_app
from expo.checkin.queries.checkpoints import DoorFacts
from expo.checkin.queries.passages import list_passages
from expo.checkin.queries.scans import Found, find_holder
from expo.checkin.rules import Direction
from expo.checkin.services import admissions, passages, scans, verdicts
from expo.checkin.services.verdicts import ScanRequest
from expo.pure.presence import Standing
from expo.pure.tokens import BadgeToken
from tests.conftest import patient_settings
from tests.races.racing import Meeting

# For good: the process ends with its race.
_REPLACE = pytest.MonkeyPatch()


def remove_the_condition_of_admission() -> None:
    """Let everybody in who was read as outside: what the upsert's WHERE and the fresh read are there for."""
    for name, statement in admissions.ADMIT.items():
        admissions.ADMIT[name] = _without_condition(statement)
    admissions.ADMIT_AND_WRITE = admissions._admission_with_scan(_without_condition(admissions._named_admission()))
    _read_everybody_as_outside()


def _without_condition(admission: Any) -> Any:
    admission._post_values_clause.update_whereclause = None
    return admission


def remove_the_condition_of_writing() -> None:
    """Write a row for each arrival of a scan: what the unique scan_id is there for."""
    for name, statement in admissions.WRITE_SCAN.items():
        admissions.WRITE_SCAN[name] = statement.table.insert().returning(admissions._scan.c.id)
    _read_everybody_as_outside()
    for module in (passages, verdicts):
        _REPLACE.setattr(
            module,
            "list_passages",
            lambda *its: [dataclasses.replace(each, scan_id="another") for each in list_passages(*its)],
        )


def remove_the_condition_of_places() -> None:
    """Count places without looking at the capacity."""
    table = admissions._checkpoint
    admissions.TAKE_PLACE = (
        update(table).where(admissions._its_checkpoint).values(inside=table.c.inside + 1).returning(table.c.inside)
    )


def _read_everybody_as_outside() -> None:
    """On SQLite a writer stands alone, so the read itself already tells the second from the first."""

    def blind(
        connection: Connection, facts: DoorFacts, edition_id: int, token: BadgeToken, checkpoint_id: int, _scan_id: str
    ) -> Found | None:
        holder = find_holder(connection, facts, edition_id, token, checkpoint_id, "no scan of this name")
        return holder and dataclasses.replace(holder, was_answered=False, standing=Standing())

    _REPLACE.setattr(verdicts, "find_holder", blind)


def remove_the_lock_of_the_log() -> None:
    """Fit scans in by a log to which others write at the same moment: mostly two have read it before one writes."""
    table = admissions._presence
    admissions.HOLD_PRESENCE = select(table).where(admissions._its_presence)
    meetings: dict[int, Meeting] = defaultdict(Meeting)

    def list_and_meet(connection: Any, checkpoint_id: int, attendee_id: int) -> Any:
        found = list_passages(connection, checkpoint_id, attendee_id)
        meetings[attendee_id].wait(0.5)  # no longer: the other may be kept by a row of the first
        return found

    _REPLACE.setattr(passages, "list_passages", list_and_meet)


TWINS: dict[str, Callable[[], None]] = {
    "admission": remove_the_condition_of_admission,
    "writing": remove_the_condition_of_writing,
    "places": remove_the_condition_of_places,
    "log": remove_the_lock_of_the_log,
}


def run(plan: dict[str, Any]) -> None:
    """Scan what the plan lists, a thread each, all at once, when told to on standard input."""
    if plan["twin"]:
        TWINS[plan["twin"]]()
    folder = Path(tempfile.mkdtemp())
    app = create_app(patient_settings(plan["url"], folder))
    device = Actor("api_token", 1, edition_id=plan["edition"], permissions=frozenset({Permission.SCAN}))
    moment = datetime.fromisoformat(plan["at"])
    barrier = threading.Barrier(len(plan["scans"]) + 1)
    answers: list[str] = []

    received = moment + timedelta(hours=plan.get("received_after_hours", 0))

    def scan(scan_id: str, token: str, direction: str = "entry", minutes: int = 0) -> None:
        at = moment + timedelta(minutes=minutes)
        request = ScanRequest(scan_id, token, "main", Direction(direction), at)
        with app.app_context():
            barrier.wait()
            answer = scans.scan(device, plan["edition"], request, received)
            answers.append(answer.reason or answer.verdict)

    threads = [threading.Thread(target=scan, args=each) for each in plan["scans"]]
    for thread in threads:
        thread.start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    barrier.wait()
    for thread in threads:
        thread.join()
    sys.stdout.write(json.dumps(answers))


if __name__ == "__main__":
    run(json.loads(sys.argv[1]))
