"""Registry of job handlers: their priority, periodic jobs, and retention of finished jobs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

KEEP_DONE = timedelta(days=7)
KEEP_DONE_SHORTLY = timedelta(hours=1)
Handler = Callable[[dict[str, Any], datetime], None]
# Called for a job that failed in every attempt, in the transaction that records it.
GivenUp = Callable[[dict[str, Any], datetime], None]


class Priority(IntEnum):
    """How soon a kind of job is done when many wait. High: somebody is waiting for it. Low: there may be thousands."""

    LOW = -1
    NORMAL = 0
    HIGH = 1


@dataclass(frozen=True)
class PeriodicJob:
    """A job created once per period, by the first worker that gets to it."""

    kind: str
    every: timedelta


handlers: dict[str, Handler] = {}
periodic_jobs: list[PeriodicJob] = []
done_lifetimes: dict[str, timedelta] = {}
given_up_handlers: dict[str, GivenUp] = {}
# Kinds that are not here have normal priority.
priorities: dict[str, Priority] = {}


def job_handler(
    kind: str,
    every: timedelta | None = None,
    keep_done: timedelta | None = None,
    when_given_up: GivenUp | None = None,
    priority: Priority = Priority.NORMAL,
) -> Callable[[Handler], Handler]:
    """Register the handler of jobs of `kind`; with `every` a job is also created once in each such period.

    A finished job is deleted after `keep_done`; by default after a week, or soon after its period. `when_given_up`
    is called for a job that failed in every attempt, whether it raised or ended its worker.
    """

    def register(handler: Handler) -> Handler:
        handlers[kind] = handler
        if priority is not Priority.NORMAL:
            priorities[kind] = priority
        done_lifetimes[kind] = keep_done or (max(KEEP_DONE_SHORTLY, 2 * every) if every else KEEP_DONE)
        if when_given_up:
            given_up_handlers[kind] = when_given_up
        if every:
            periodic_jobs.append(PeriodicJob(kind, every))
        return handler

    return register


def priority_of(kind: str) -> Priority:
    """Return the priority of a kind of job."""
    return priorities.get(kind, Priority.NORMAL)
