"""Filled-in forms of the programme, and speakers, tracks and types made through the services."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts
from expo.infra.db import atomic, db
from expo.program.models import Session
from expo.program.rules import SessionRequest, SpeakerRequest
from expo.program.services import create_session, create_speaker


def session_form(title: Any = "Data for cities", **more: Any) -> dict[str, Any]:
    """Return what a browser sends for a session."""
    empty = {"kind": "", "track": "", "level": "", "language": ""}
    return {"title-en": title, **empty, **more}


def make_speaker(edition: EditionFacts, name: str, now: datetime) -> str:
    """Create a speaker and return the slug."""
    return create_speaker(SYSTEM, edition.id, SpeakerRequest({"en": name}, {}), now)


def make_session(edition: EditionFacts, title: str, now: datetime, **more: Any) -> str:
    """Create a draft and return its slug."""
    return create_session(SYSTEM, edition.id, SessionRequest({"en": title}, {}, {}, {}, **more), now)


def publish(slug: str) -> None:
    """Make a session public, as publishing the timetable does."""
    with atomic():
        session = db.session.scalars(select(Session).where(Session.slug == slug)).one()
        session.state = "published"
        db.session.flush()
