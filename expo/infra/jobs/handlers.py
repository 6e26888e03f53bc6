"""Registry of job handlers, periodic jobs, and retention of finished jobs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

KEEP_DONE = timedelta(days=7)
KEEP_DONE_SHORTLY = timedelta(hours=1)
Handler = Callable[[dict[str, Any], datetime], None]
# Called for a job that failed in every attempt, in the transaction that records it.
GivenUp = Callable[[dict[str, Any], datetime], None]


@dataclass(frozen=True)
class PeriodicJob:
    """A job created once per period, by whichever worker is first."""

    kind: str
    every: timedelta


handlers: dict[str, Handler] = {}
periodic_jobs: list[PeriodicJob] = []
done_lifetimes: dict[str, timedelta] = {}
given_up_handlers: dict[str, GivenUp] = {}


def job_handler(
    kind: str,
    every: timedelta | None = None,
    keep_done: timedelta | None = None,
    when_given_up: GivenUp | None = None,
) -> Callable[[Handler], Handler]:
    """Register the handler of jobs of `kind`; with `every` a job is also created once in each such period.

    A finished job is deleted after `keep_done`; by default after a week, or soon after its period. `when_given_up`
    is called for a job that failed in every attempt, whether it raised or ended its worker.
    """

    def register(handler: Handler) -> Handler:
        handlers[kind] = handler
        done_lifetimes[kind] = keep_done or (max(KEEP_DONE_SHORTLY, 2 * every) if every else KEEP_DONE)
        if when_given_up:
            given_up_handlers[kind] = when_given_up
        if every:
            periodic_jobs.append(PeriodicJob(kind, every))
        return handler

    return register
