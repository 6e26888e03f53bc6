"""The demo's help desk: a kiosk with a published PIN, two print stations, and the badges printed there so far."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from typing import Any

from expo.badges.models import DeskSettings, PrintJob
from expo.badges.rules import PrintOrigin, PrintState
from expo.demo.orders import DemoAttendee
from expo.demo.rows import insert_all
from expo.demo.staff import hash_for_demo
from expo.editions.queries import EditionFacts
from expo.registration.rules import AttendeeState

PIN = "202727"
STATIONS = ("北门服务台", "Kiosk 1")
# The states of the last jobs, newest first: some wait, one is at the printer, one failed.
_LATEST = (PrintState.WAITING,) * 4 + (PrintState.PRINTING,) + (PrintState.PRINTED,) * 3 + (PrintState.FAILED,)
_JOBS = 24


def load_desk(
    edition: EditionFacts, attendees: Sequence[DemoAttendee], desk_id: int, seed: int, now: datetime, rng: Random
) -> None:
    """Insert the settings of desk and kiosk, and the print jobs."""
    pin_hash = hash_for_demo(PIN, f"kiosk PIN {seed}")
    insert_all(
        DeskSettings,
        [{"edition_id": edition.id, "pin_hash": pin_hash, "pin_changed_at": now, "stations": list(STATIONS)}],
    )
    ready = (each for each in attendees if each.state is AttendeeState.CONFIRMED and each.is_paid)
    chosen = list(islice(ready, _JOBS * 10))[9::10]
    insert_all(PrintJob, [_job(edition, each, place, desk_id, now, rng) for place, each in enumerate(chosen)])


def _job(
    edition: EditionFacts, attendee: DemoAttendee, place: int, desk_id: int, now: datetime, rng: Random
) -> dict[str, Any]:
    age = _JOBS - place - 1
    state = _LATEST[age] if age < len(_LATEST) else PrintState.PRINTED
    created = now - timedelta(minutes=2 * age, seconds=rng.randrange(100))
    is_kiosk = rng.random() < 0.4  # noqa: PLR2004 - two in five help themselves
    is_finished = state in (PrintState.PRINTED, PrintState.FAILED)
    return {
        "id": place + 1,
        "edition_id": edition.id,
        "attendee_id": attendee.id,
        "station": STATIONS[is_kiosk],
        "state": state.value,
        "origin": (PrintOrigin.KIOSK if is_kiosk else PrintOrigin.DESK).value,
        "actor_kind": "device" if is_kiosk else "person",
        "actor_id": None if is_kiosk else desk_id,
        "created_at": created,
        "started_at": None if state is PrintState.WAITING else created + timedelta(seconds=8),
        "finished_at": created + timedelta(seconds=20) if is_finished else None,
    }
