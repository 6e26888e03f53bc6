"""Rules for what is on now and what comes next. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from expo.program.rules.agendas import Timed

T = TypeVar("T", bound=Timed)

# Sessions that begin within this time come next.
NOW_AND_NEXT_WITHIN = timedelta(hours=2)


@dataclass(frozen=True)
class NowAndNext(Generic[T]):
    """What is on now and what comes next, and when that changes."""

    now: tuple[T, ...]
    next: tuple[T, ...]
    changes_at: datetime | None


def find_now_and_next(sessions: Sequence[T], now: datetime, within: timedelta = NOW_AND_NEXT_WITHIN) -> NowAndNext[T]:
    """Return the sessions that are running and those that begin soon, in the given order."""
    timed = [(each, each.starts_at, each.ends_at) for each in sessions if each.starts_at and each.ends_at]
    moments = [moment for _, starts_at, ends_at in timed for moment in (starts_at - within, starts_at, ends_at)]
    return NowAndNext(
        now=tuple(each for each, starts_at, ends_at in timed if starts_at <= now < ends_at),
        next=tuple(each for each, starts_at, _ in timed if now < starts_at <= now + within),
        changes_at=min((moment for moment in moments if moment > now), default=None),
    )
