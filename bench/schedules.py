"""Measures the files of a programme of 1,000 sessions, uncached, and the preview of its import."""

import json
import subprocess
import sys
from pathlib import Path

from bench.table import Row
from bench.world import World

SESSIONS = 1_000
TARGETS = {"calendar": 0.5, "frab-xml": 0.5, "sessionize": 0.5, "pdf": 3.0}

# Run in a separate process, on an edition of its own beside the demo. Each file is made twice, and the second counts:
# the first loads the libraries.
_MEASURE = f"""
import json, time
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from zoneinfo import ZoneInfo
from expo.accounts.rules import SYSTEM
from expo.app import create_app
from expo.demo.schedule import draw_schedule
from expo.editions.queries import get_edition
from expo.editions.services import create_edition
from expo.flows.program_import import import_program, read_schedule_file
from expo.infra.clock import utcnow
from expo.program.exports import export_ics, export_pdf, export_schedule
from expo.program.services import preview_schedule
from expo.web.kit.schedule_labels import schedule_labels

def address(slug):
    return "https://expo.example/sessions/" + slug

def measure(make):
    make()
    began, cpu = time.perf_counter(), time.process_time()
    made = make()
    return made, time.perf_counter() - began, time.process_time() - cpu

with create_app().test_request_context():
    now, zone = utcnow(), ZoneInfo("Asia/Shanghai")
    days = [date(2031, 5, 20) + timedelta(days=n) for n in range(6)]
    edition_id = create_edition(SYSTEM, slug="bench-2031", title={{"en": "Bench", "zh": "测试"}}, starts_on=days[0],
        ends_on=days[-1], time_zone=zone.key, languages=["en", "zh"], now=now)
    schedule = draw_schedule("Bench", "bench", days, zone, Random(1), 1)
    schedule = replace(schedule, events=schedule.events[:{SESSIONS}])
    import_program(SYSTEM, edition_id, schedule, now)
    edition = get_edition(edition_id)
    words = schedule_labels()
    files = {{
        "calendar": lambda: export_ics(edition, "en", address),
        "frab-xml": lambda: export_schedule(edition, "frab-xml", address),
        "sessionize": lambda: export_schedule(edition, "sessionize", address),
        "pdf": lambda: export_pdf(edition, "zh", words),
    }}
    found = {{}}
    for name, make in files.items():
        made, wall, cpu = measure(make)
        found[name] = [wall, cpu, len(made)]
    again = read_schedule_file(edition, export_schedule(edition, "frab-xml", address))
    _change, wall, cpu = measure(lambda: preview_schedule(SYSTEM, edition_id, again))
    found["preview"] = [wall, cpu, len(again.events)]
    print(json.dumps([len(schedule.events), found]))
"""


def measure_schedules(world: World) -> list[Row]:
    """Measure a calendar, an exchange file of each kind and the PDF, and the preview of importing one again."""
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE],
        cwd=Path(__file__).parents[1], env=world.environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    count, found = json.loads(done.stdout.splitlines()[-1])
    rows = []
    for name, (wall, cpu, size) in found.items():
        target = f"< {TARGETS[name]}" if name in TARGETS else ""
        what = "sessions" if name == "preview" else "bytes"
        rows.append(
            Row(f"{name} of {count:,} sessions", wall, "s", target, f"{cpu:.2f} s of processor time; {size:,} {what}")
        )
    return rows
