"""Seats of the demo: some sessions have fewer seats than people who want one."""

from collections import defaultdict
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select, update

from expo.demo.rows import insert_all
from expo.editions.models import Room
from expo.editions.queries import EditionFacts
from expo.infra.db import db
from expo.program.models import AgendaEntry, SeatHold, Session
from expo.program.rules import LONG_OFFER_FOR, SeatState

# The share of sessions with seats, and of a room's capacity that can be taken in advance.
SESSIONS_WITH_SEATS = 0.12
SHARES_OF_CAPACITY = (0.15, 0.3, 0.5)
MIN_SEATS, MAX_SEATS = 10, 120


def load_seats(edition: EditionFacts, now: datetime, rng: Random) -> None:
    """Give some sessions a seat limit; people who have them on their schedule take seats, and the rest wait."""
    wanted: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
    query = select(AgendaEntry.session_id, AgendaEntry.attendee_id, AgendaEntry.added_at)
    for session_id, attendee_id, added_at in db.session.execute(query.order_by(AgendaEntry.attendee_id)):
        wanted[session_id].append((attendee_id, added_at))
    rows: list[dict[str, Any]] = []
    for session_id, starts_at, capacity in _sessions(edition):
        if rng.random() >= SESSIONS_WITH_SEATS or not wanted[session_id]:
            continue
        limit = max(MIN_SEATS, min(MAX_SEATS, round(capacity * rng.choice(SHARES_OF_CAPACITY))))
        db.session.execute(update(Session).where(Session.id == session_id).values(seat_limit=limit))
        in_order = sorted(wanted[session_id], key=lambda pair: (pair[1], pair[0]))
        for number, (attendee_id, added_at) in enumerate(in_order, 1):
            state = _draw_state(number, limit, is_over=starts_at < now, rng=rng)
            rows.append(
                {
                    "attendee_id": attendee_id,
                    "session_id": session_id,
                    "state": state.value,
                    "number": number,
                    "offered_until": now + LONG_OFFER_FOR if state is SeatState.OFFERED else None,
                    "changed_at": min(now, added_at + timedelta(minutes=1)),
                }
            )
    insert_all(SeatHold, rows)


def _draw_state(number: int, limit: int, *, is_over: bool, rng: Random) -> SeatState:
    if number > limit:
        return SeatState.WAITING
    if is_over:
        return SeatState.USED if rng.random() < 0.86 else SeatState.NO_SHOW  # noqa: PLR2004 - a usual share of no-shows
    # The last seat was released by somebody and is offered to the next person.
    return SeatState.OFFERED if number == limit else SeatState.HELD


def _sessions(edition: EditionFacts) -> list[tuple[int, datetime, int]]:
    rows = db.session.execute(
        select(Session.id, Session.starts_at, Room.capacity)
        .join(Room, Room.id == Session.room_id)
        .where(Session.edition_id == edition.id, Session.starts_at.is_not(None), Session.ends_at.is_not(None))
        .order_by(Session.id)
    )
    return [(session_id, starts_at, capacity or MIN_SEATS) for session_id, starts_at, capacity in rows if starts_at]
