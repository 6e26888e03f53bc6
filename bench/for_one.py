"""Measures the recommendations of one person who changed something just now, with all queries, among 20,000."""

import random
import statistics
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select, text

from bench.acts import Sample, measure_act
from bench.table import Row
from bench.world import World
from expo.accounts.rules import SYSTEM, Actor
from expo.app import create_app
from expo.demo.rows import insert_all
from expo.editions.queries import EditionFacts, find_current_edition
from expo.exhibitors.rules import TopicKind
from expo.infra.clock import utcnow
from expo.infra.config import Settings
from expo.infra.db import atomic, db
from expo.matchmaking.queries import read_viewpoint, recommend_exhibitors, recommend_people, recommend_sessions
from expo.matchmaking.services import balance_exposure
from expo.profiles.models import AttendeeTopic, Profile
from expo.profiles.rules import INDUSTRIES, LANGUAGES, PURPOSES, REGIONS
from expo.profiles.services import choose_interests
from expo.pure.topics import bundled_topics
from expo.registration.models import Attendee

PEOPLE, WARM_UP, SHOWN = 200, 10, 9


def measure_for_one(world: World) -> list[Row]:
    """Give everybody a profile, then let one after another choose interests and look at their recommendations."""
    app = create_app(Settings.from_env(world.environment))
    with app.app_context():
        edition = find_current_edition()
        if edition is None:
            raise LookupError("no edition")
        people = _fill(edition)
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
        balance_exposure(SYSTEM, edition, utcnow())
        samples = _measure_all(edition, people)
        db.session.remove()
        db.engine.dispose()
    rows: list[Row] = []
    for what, found in samples.items():
        times, used = [each.milliseconds for each in found[WARM_UP:]], [each.processor for each in found[WARM_UP:]]
        note = f"{statistics.median(each.statements for each in found):.0f} statements"
        rows += [
            Row(f"{what} for one of 20,000, median", statistics.median(times), "ms", "< 50", note),
            Row("  p95", statistics.quantiles(times, n=20)[-1], "ms"),
            Row("  processor time, median", statistics.median(used), "ms"),
            Row("  p95", statistics.quantiles(used, n=20)[-1], "ms"),
        ]
    return rows


def _fill(edition: EditionFacts) -> list[tuple[int, int | None]]:
    """Give a profile that everyone may find to those who have none, and return all with their accounts."""
    now, draw = utcnow() - timedelta(hours=1), random.Random(7)
    codes = [topic.code for topic in bundled_topics().topics]
    query = select(Attendee.id, Attendee.person_id).where(
        Attendee.edition_id == edition.id, Attendee.state == "confirmed"
    )
    people: list[tuple[int, int | None]] = [
        (attendee_id, person_id) for attendee_id, person_id in db.session.execute(query.order_by(Attendee.id))
    ]
    known = set(db.session.scalars(select(Profile.attendee_id)))
    told = set(db.session.scalars(select(AttendeeTopic.attendee_id).distinct()))
    new = [attendee_id for attendee_id, _ in people if attendee_id not in known]
    with atomic():
        insert_all(
            Profile,
            [
                {
                    "attendee_id": each,
                    "edition_id": edition.id,
                    "key": f"bench-{each}",
                    "visibility": "everyone",
                    "industries": draw.sample(INDUSTRIES, 1),
                    "regions": draw.sample(REGIONS, 1),
                    "languages": draw.sample(LANGUAGES, 2),
                    "purposes": draw.sample(PURPOSES, 2),
                    "updated_at": now,
                }
                for each in new
            ],
        )
        insert_all(
            AttendeeTopic,
            [
                {"attendee_id": each, "kind": kind.value, "topic": code}
                for each in new
                if each not in told
                for kind in (TopicKind.OFFERS, TopicKind.SEEKS)
                for code in draw.sample(codes, 3)
            ],
        )
    return people


def _measure_all(edition: EditionFacts, people: Sequence[tuple[int, int | None]]) -> dict[str, list[Sample]]:
    """Return for each kind what each list cost, right after a change."""
    draw, now = random.Random(3), utcnow()
    codes = [topic.code for topic in bundled_topics().topics]
    acts: dict[str, Callable[[int], object]] = {
        "companies": lambda attendee_id: recommend_exhibitors(edition, attendee_id, now, SHOWN),
        "people": lambda attendee_id: recommend_people(edition, attendee_id, now, SHOWN),
        "sessions": lambda attendee_id: recommend_sessions(edition, attendee_id, now, SHOWN),
        "all three lists of the page": lambda attendee_id: _recommend_all(edition, attendee_id, now),
    }
    found: dict[str, list[Sample]] = {}
    for attendee_id, person_id in draw.sample(people, PEOPLE):
        actor = Actor("person", id=person_id, edition_id=edition.id)
        choose_interests(actor, edition.id, attendee_id, draw.sample(codes, 4), utcnow())
        for what, act in acts.items():
            # As a request does, which begins with an empty session.
            db.session.remove()
            found.setdefault(what, []).append(measure_act(partial(act, attendee_id)))
    return found


def _recommend_all(edition: EditionFacts, attendee_id: int, now: datetime) -> None:
    view = read_viewpoint(edition, attendee_id)
    recommend_exhibitors(edition, attendee_id, now, SHOWN, view)
    recommend_people(edition, attendee_id, now, SHOWN, view)
    recommend_sessions(edition, attendee_id, now, SHOWN, view)
