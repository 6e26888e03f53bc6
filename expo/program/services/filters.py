"""The search texts of sessions: what the search of the programme finds them by."""

from collections.abc import Sequence

from sqlalchemy import select

from expo.infra.db import db
from expo.program.models import Session, SessionSpeaker, Speaker, Track
from expo.pure.names import search_text


def fill_search_texts(session_ids: Sequence[int]) -> None:
    """Update the search texts of sessions after a change of their title, track or speakers."""
    names: dict[int, list[str]] = {}
    for session_id, name in db.session.execute(
        select(SessionSpeaker.session_id, Speaker.name)
        .join(Speaker, Speaker.id == SessionSpeaker.speaker_id)
        .where(SessionSpeaker.session_id.in_(session_ids))
        .order_by(SessionSpeaker.session_id, SessionSpeaker.position)
    ):
        names.setdefault(session_id, []).extend(name.values())
    tracks = {
        track_id: list(name.values())
        for track_id, name in db.session.execute(
            select(Track.id, Track.name).where(
                Track.id.in_(select(Session.track_id).where(Session.id.in_(session_ids)))
            )
        )
    }
    for session in db.session.scalars(select(Session).where(Session.id.in_(session_ids))):
        session.search_text = search_text(
            *session.title.values(),
            *session.subtitle.values(),
            *names.get(session.id, ()),
            *tracks.get(session.track_id or 0, ()),
            *session.tags,
        )
    db.session.flush()
