"""The interests of the demo's people, and the sessions on their schedules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from expo.demo.drawing import Weighted
from expo.demo.orders import DemoAttendee
from expo.demo.rows import insert_all
from expo.demo.venue import CAPACITIES
from expo.editions.models import Room
from expo.editions.queries import EditionFacts
from expo.infra.db import db
from expo.profiles.models import AttendeeTopic
from expo.program.models import AgendaEntry, Session
from expo.pure.topics import bundled_topics
from expo.registration.rules import AttendeeState

AGENDA_SHARE = 1 / 3
MIN_SESSIONS, MAX_SESSIONS = 3, 11


@dataclass(frozen=True)
class _Slot:
    id: int
    starts_at: datetime
    ends_at: datetime
    capacity: int


def load_interests(attendees: Sequence[DemoAttendee]) -> None:
    """Insert the topics that people chose, as far as they exist."""
    known = bundled_topics().codes
    insert_all(
        AttendeeTopic,
        [
            {"attendee_id": each.id, "kind": "seeks", "topic": topic}
            for each in attendees
            for topic in dict.fromkeys(each.person.interests)
            if topic in known
        ],
    )


def load_agendas(edition: EditionFacts, attendees: Sequence[DemoAttendee], now: datetime, rng: Random) -> None:
    """Insert non-overlapping sessions for a third of the people; large rooms and some topics are more popular."""
    slots = _slots(edition)
    if not slots:
        return
    popular = Weighted(slots, [slot.capacity * rng.lognormvariate(0, 0.6) for slot in slots])
    rows: list[dict[str, Any]] = []
    for each in attendees:
        if each.state is not AttendeeState.CONFIRMED or rng.random() >= AGENDA_SHARE:
            continue
        chosen: list[_Slot] = []
        for _ in range(rng.randint(MIN_SESSIONS, MAX_SESSIONS)):
            slot = popular.draw(rng)
            if all(slot.ends_at <= other.starts_at or other.ends_at <= slot.starts_at for other in chosen):
                chosen.append(slot)
        at = each.order["created_at"] + timedelta(minutes=rng.randint(2, 400))
        rows += [{"attendee_id": each.id, "session_id": slot.id, "added_at": min(now, at)} for slot in chosen]
    insert_all(AgendaEntry, rows)


def _slots(edition: EditionFacts) -> list[_Slot]:
    rows = db.session.execute(
        select(Session.id, Session.starts_at, Session.ends_at, Room.capacity)
        .outerjoin(Room, Room.id == Session.room_id)
        .where(Session.edition_id == edition.id, Session.starts_at.is_not(None), Session.ends_at.is_not(None))
        .order_by(Session.id)
    )
    return [_Slot(row.id, row.starts_at, row.ends_at, row.capacity or CAPACITIES[0]) for row in rows]
