"""What those who monitor an installation read at /metrics."""

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from flask.testing import FlaskClient

from expo.editions.queries import EditionFacts
from expo.infra.config import ROOT
from tests.domains.checkin.doors import make_checkpoint, scan_once
from tests.make import make_attendee

COUNT_IN_ANOTHER_PROCESS = """
from expo.infra.config import Settings
from expo.infra.metrics import share_between_processes
settings = Settings.from_env()
share_between_processes(settings)
from expo.app import create_app
client = create_app(settings).test_client()
client.get("/healthz")
print(client.get("/metrics").text)
"""


def test_metrics_when_asked_for_then_has_the_figures_of_the_product(
    client: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    token = make_attendee(edition, now).token
    scan_once(edition, token)
    scan_once(edition, token)
    client.get("/en/program/2027-05-26")

    lines = client.get("/metrics").text.splitlines()

    assert 'expo_attendees{status="confirmed"} 1.0' in lines
    assert 'expo_scans_total{verdict="admitted"} 1.0' in lines
    assert 'expo_scans_total{verdict="refused"} 1.0' in lines
    assert any(
        line.startswith('expo_requests_total{method="GET",route="/program/<day>",status="404"}') for line in lines
    )
    names = ("expo_queue_age_seconds", "expo_jobs_waiting", "expo_jobs_running", "expo_request_seconds_bucket")
    assert [name for name in names if not any(line.startswith(name) for line in lines)] == []


def test_metrics_when_several_processes_serve_then_their_requests_are_added_up(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "EXPO_DATA_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    subprocess.run(
        [sys.executable, "-m", "flask", "db", "upgrade"], cwd=ROOT, env=environment, check=True, capture_output=True
    )
    answers = [
        subprocess.run(
            [sys.executable, "-c", COUNT_IN_ANOTHER_PROCESS],
            cwd=ROOT,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for _process in range(2)
    ]
    counted = 'expo_requests_total{method="GET",route="/healthz",status="200"}'
    assert [f"{counted} {number}.0" in answer for number, answer in enumerate(answers, 1)] == [True, True]


HOLD_CONNECTIONS = """
import sys
from expo.infra.config import Settings
from expo.infra.metrics import share_between_processes
settings = Settings.from_env()
share_between_processes(settings)
from expo.app import create_app
from expo.infra.db import db
with create_app(settings).app_context():
    held = [db.engine.connect() for _ in range(3)]
    held.pop().close()
    print("holding", flush=True)
    sys.stdin.read()
"""


def test_metrics_when_another_process_holds_connections_then_they_are_counted(
    tmp_path: Path,
) -> None:
    environment = {"PATH": os.environ["PATH"], "EXPO_DATA_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    subprocess.run(
        [sys.executable, "-m", "flask", "db", "upgrade"], cwd=ROOT, env=environment, check=True, capture_output=True
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD_CONNECTIONS],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "holding\n"

    asked = subprocess.run(
        [sys.executable, "-c", COUNT_IN_ANOTHER_PROCESS],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    holder.communicate()

    lines = [line for line in asked.stdout.splitlines() if line.startswith('expo_database_connections{state="in_use"}')]
    assert lines == ['expo_database_connections{state="in_use"} 2.0']
