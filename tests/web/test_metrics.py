"""What those who monitor an installation read at /metrics."""

import itertools
import os
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from flask.testing import FlaskClient

from expo.editions.queries import EditionFacts
from expo.infra.config import ROOT
from tests.domains.checkin.doors import make_checkpoint, scan_once
from tests.make import make_attendee

COUNT = """
from expo.infra.config import Settings
from expo.infra.metrics import share_between_processes
settings = Settings.from_env()
share_between_processes(settings)
from expo.app import create_app
client = create_app(settings).test_client()
client.get("/healthz")
print(client.get("/metrics").text)
"""
COUNT_AND_HOLD_CONNECTIONS = f"""{COUNT}
import sys
from expo.infra.db import db
with client.application.app_context():
    held = [db.engine.connect() for _ in range(3)]
    held.pop().close()
    print("holding", flush=True)
    sys.stdin.read()
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


def test_metrics_when_several_processes_serve_then_their_requests_and_connections_are_added_up(
    tmp_path: Path, empty_sqlite: Path
) -> None:
    shutil.copyfile(empty_sqlite, tmp_path / "expo.sqlite3")
    environment = {"PATH": os.environ["PATH"], "EXPO_DATA_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-c", COUNT_AND_HOLD_CONNECTIONS],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        alone = list(itertools.takewhile(lambda line: line != "holding\n", holder.stdout))
        both = subprocess.run(
            [sys.executable, "-c", COUNT], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
        ).stdout.splitlines()

    counted = 'expo_requests_total{method="GET",route="/healthz",status="200"}'
    held = 'expo_database_connections{state="in_use"}'
    assert [line for line in alone if line.startswith(counted)] == [f"{counted} 1.0\n"]
    assert sorted(line for line in both if line.startswith((counted, held))) == [f"{held} 2.0", f"{counted} 2.0"]
