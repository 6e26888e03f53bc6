"""A worker for tests that is killed in the middle of a batch, or continues the import, as the test asks."""

import os
import signal
from collections.abc import Iterable

import pytest

from expo.app import create_app
from expo.flows.attendee_import import batches
from expo.infra.clock import utcnow
from expo.registration.queries import AttendeeRow
from expo.registration.services import take_places


def main(run_id: int, most: int | None) -> None:
    """Work on a run; with a number of batches, die in the one after them, its rows written."""
    done = 0

    def take_or_die(attendees: Iterable[AttendeeRow]) -> None:
        nonlocal done
        if most is not None and done == most:
            os.kill(os.getpid(), signal.SIGKILL)
        done += 1
        take_places(attendees)

    pytest.MonkeyPatch().setattr(batches, "take_places", take_or_die)
    with create_app().app_context():
        batches.apply_batches(run_id, utcnow)
