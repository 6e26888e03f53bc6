"""Which function does the jobs of each kind, which jobs are periodic, and how long done ones are stored."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

KEEP_DONE = timedelta(days=7)
KEEP_DONE_SHORTLY = timedelta(hours=1)
Handler = Callable[[dict[str, Any], datetime], None]
# What is done about a job that failed in every attempt; a part of the transaction that notes it.
GivenUp = Callable[[dict[str, Any], datetime], None]


@dataclass(frozen=True)
class PeriodicJob:
    """A job begun once in every period, by whichever worker is first."""

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
    """Register the function that does jobs of `kind`; with `every` it is also begun once in each such period.

    A done job is forgotten after `keep_done`; by default after a week, or soon after its period. `when_given_up`
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
