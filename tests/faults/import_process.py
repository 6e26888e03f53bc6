"""A worker for tests that is killed in the middle of a batch, or goes on with the import, as it is told."""

import os
import signal
import sys

from expo.app import create_app
from expo.flows.attendee_import import applying
from expo.infra.clock import utcnow
from expo.tickets.services import take_places
from expo.tickets.services.places import PlaceTaker


def main() -> None:
    """Work on the run named; with a number of batches, die in the one after them, its rows written."""
    run_id, batches = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else None
    done = 0

    def take_or_die(*arguments: object) -> None:
        nonlocal done
        if batches is not None and done == batches:
            os.kill(os.getpid(), signal.SIGKILL)
        done += 1
        take: PlaceTaker = take_places
        take(*arguments)  # type: ignore[arg-type]

    applying.take_places = take_or_die  # type: ignore[assignment]
    with create_app().app_context():
        applying.apply_batches(run_id, utcnow)


if __name__ == "__main__":
    main()
