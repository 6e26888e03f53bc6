"""Test builders for the draft timetable: rooms, sessions that are not placed yet, people who place them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from expo.accounts.rules import SYSTEM, Actor, Permission
from expo.accounts.services import ensure_person
from expo.editions.queries import EditionFacts
from expo.editions.services import add_room
from expo.infra.db import atomic, db
from expo.program.models import Session, SessionSpeaker, Speaker
from expo.program.rules import SessionRequest
from expo.program.rules.timetable import Slot

# Nine o'clock in the morning of the edition's first day, in Guiyang.
NINE = datetime(2027, 5, 26, 1, tzinfo=UTC)


def slot_at(room_id: int | None, minutes: int = 0, lasts: int = 30) -> Slot:
    """Return a place that begins some minutes after nine on the first day."""
    starts_at = NINE + timedelta(minutes=minutes)
    return Slot(room_id, starts_at, starts_at + timedelta(minutes=lasts))


def make_room(edition: EditionFacts, name: str = "Hall 1", **values: Any) -> int:
    """Add a room and return its id."""
    return add_room(SYSTEM, edition.id, name.lower().replace(" ", "-"), {"en": name, "zh": f"{name} 号厅"}, **values)


def make_session(edition: EditionFacts, slug: str, *speakers: str, **values: Any) -> int:
    """Add a draft session with these speakers, who are added as needed, and return its id."""
    with atomic():
        title = values.pop("title", {"en": slug.replace("-", " ").title()})
        session = Session(edition_id=edition.id, slug=slug, title=title, **{"state": "draft", **values})
        db.session.add(session)
        db.session.flush()
        for position, name in enumerate(speakers):
            speaker = db.session.query(Speaker).filter_by(edition_id=edition.id, slug=name.lower()).one_or_none()
            if speaker is None:
                speaker = Speaker(edition_id=edition.id, slug=name.lower(), name={"en": name})
                db.session.add(speaker)
                db.session.flush()
            db.session.add(SessionSpeaker(session_id=session.id, speaker_id=speaker.id, position=position))
        return session.id


def session_request(title: str, **values: Any) -> SessionRequest:
    """Return a session as an organizer enters it, without texts besides the title."""
    return SessionRequest(title={"en": title}, **{"subtitle": {}, "abstract": {}, "description": {}, **values})


def make_planner(edition: EditionFacts, name: str, now: datetime) -> Actor:
    """Return a person who may change the programme of the edition."""
    person_id = ensure_person(f"{name.lower()}@example.org", name, "en", now)
    return Actor("person", person_id, edition.id, frozenset({Permission.PROGRAM_READ, Permission.PROGRAM_MANAGE}))
