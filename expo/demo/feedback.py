"""Feedback on the demo's sessions that are over, with comments in English and Chinese."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from expo.demo.rows import insert_all
from expo.editions.queries import EditionFacts
from expo.infra.db import db
from expo.program.models import AgendaEntry, Session, SessionFeedback
from expo.program.rules import RATINGS

# The share of people who rate a session, and of those who also write something.
RATED, COMMENTED = 0.22, 0.3
COMMENTS: dict[int, tuple[str, ...]] = {
    1: ("The room was so full that we could not hear anything.", "内容与简介不符，比较失望。"),
    2: ("Too much product advertising for my taste.", "语速太快，跟不上。"),
    3: ("Solid overview, but nothing new for practitioners.", "内容不错，希望多一些案例。"),
    4: ("Good examples and an honest look at the costs.", "案例很实用，问答环节可以再长一些。"),
    5: (
        "The best explanation of the subject I have ever heard.",
        "讲得非常清楚，收获很大！",
        "Please invite this speaker again.",
    ),
}


def load_feedback(edition: EditionFacts, now: datetime, rng: Random) -> None:
    """Insert ratings by people who had a session that is over on their schedule; most sessions are liked."""
    query = (
        select(Session.id, Session.ends_at, AgendaEntry.attendee_id)
        .join(AgendaEntry, AgendaEntry.session_id == Session.id)
        .where(Session.edition_id == edition.id, Session.ends_at < now)
        .order_by(Session.id, AgendaEntry.attendee_id)
    )
    liked: dict[int, list[float]] = {}
    rows: list[dict[str, Any]] = []
    for session_id, ends_at, attendee_id in db.session.execute(query):
        weights = liked.setdefault(session_id, _draw_weights(rng))
        if ends_at is None or rng.random() >= RATED:
            continue
        rating = rng.choices(RATINGS, weights)[0]
        given_at = min(now, ends_at + timedelta(minutes=rng.randint(1, 180)))
        rows.append(
            {
                "session_id": session_id,
                "attendee_id": attendee_id,
                "rating": rating,
                "comment": rng.choice(COMMENTS[rating]) if rng.random() < COMMENTED else "",
                "given_at": given_at,
                "changed_at": given_at,
            }
        )
    insert_all(SessionFeedback, rows)


def _draw_weights(rng: Random) -> list[float]:
    """Draw how likely each rating of a session is."""
    quality = rng.betavariate(5, 2)
    return [0.02 + (1 - quality) ** 2, 0.05 + (1 - quality), 0.3, 0.3 + quality, 0.2 + 1.5 * quality]
