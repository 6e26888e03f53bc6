"""Rules of seats: their states, when they can be taken, and how long they are offered. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

# How long a freed seat is offered to the next person; longer if there is plenty of time until the session.
OFFER_FOR, LONG_OFFER_FOR = timedelta(hours=2), timedelta(hours=24)
PLENTY_OF_TIME = timedelta(days=3)
# From this long before a session, freed seats are no longer offered: anyone can take them.
LAST_OFFER_BEFORE = timedelta(minutes=10)
# Seats that are still empty this long after the start are released to walk-ins. Anyone who takes a seat after the
# start has as long to get in.
NO_SHOW_AFTER = timedelta(minutes=10)
# Scans at the session's room count as attendance from this long before the start.
ARRIVALS_FROM = timedelta(minutes=30)


class SeatState(StrEnum):
    """The state of an attendee's seat in a session."""

    HELD = "held"
    WAITING = "waiting"
    # Freed for the first person of the waiting list, who has to accept it in time.
    OFFERED = "offered"
    # Its holder was scanned at the room or marked as present.
    USED = "used"
    # Its holder did not come in time, so the seat was released to walk-ins.
    NO_SHOW = "no_show"
    RELEASED = "released"


# States that take one of the session's seats.
TAKING_STATES = (SeatState.HELD, SeatState.OFFERED, SeatState.USED)
# States in which a person has a seat or is still in line for one.
OPEN_STATES = (SeatState.HELD, SeatState.OFFERED, SeatState.USED, SeatState.WAITING)


def seats_left(limit: int, taken: int) -> int:
    """Return how many seats are left; never less than 0, because lowering a limit takes no seats away."""
    return max(limit - taken, 0)


def state_when_asked(left: int, waiting: int, starts_at: datetime | None, now: datetime) -> SeatState:
    """Return the state of a person who asks for a seat: nobody overtakes the waiting list while offers are made."""
    if left > 0 and (waiting == 0 or not makes_offers(starts_at, now)):
        return SeatState.HELD
    return SeatState.WAITING


def makes_offers(starts_at: datetime | None, now: datetime) -> bool:
    """Whether freed seats of a session are offered to the waiting list; shortly before the start it is too late."""
    return starts_at is None or now < starts_at - LAST_OFFER_BEFORE


def offer_until(starts_at: datetime | None, now: datetime) -> datetime:
    """Return when an offer made now expires, at the latest when the session begins."""
    if starts_at is None or starts_at - now > PLENTY_OF_TIME:
        return now + LONG_OFFER_FOR
    return min(now + OFFER_FOR, starts_at)


def overlaps(
    starts_at: datetime | None, ends_at: datetime | None, other_start: datetime | None, other_end: datetime | None
) -> bool:
    """Whether two sessions are held at the same time; one without a time overlaps nothing."""
    if starts_at is None or ends_at is None or other_start is None or other_end is None:
        return False
    return starts_at < other_end and other_start < ends_at
