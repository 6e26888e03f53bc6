"""Measures the last seats of a session, wanted by many people at once, and the time of a star."""

import multiprocessing
import statistics
import threading
import time
from collections import Counter
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError, TimeoutError as PoolTimeout

from bench.table import Row
from bench.world import World
from expo.accounts.rules import SYSTEM, Level, SignInWay
from expo.accounts.services.sessions import start_session
from expo.app import create_app
from expo.editions.queries import get_current_edition
from expo.flows.seats import take_seat
from expo.infra.clock import utcnow
from expo.infra.config import Settings
from expo.infra.db import atomic, db, is_busy
from expo.program.models import AgendaEntry, SeatHold, Session
from expo.registration.models import Attendee
from expo.web.kit.sessions import SECRET_KEY_IN_COOKIE

PEOPLE, SEATS, PROCESSES = 500, 100, 4
# The connections of each process.
CONNECTIONS = 12
STARS, WARM_UP = 300, 20
WAIT_SECONDS = 300


@dataclass(frozen=True)
class Times:
    """The duration of each request in milliseconds, and the processor time of this process."""

    elapsed: list[float]
    computed: list[float]


def measure_seats(world: World) -> list[Row]:
    """Let 500 people take the last 100 seats from several processes, and star sessions one after another."""
    app = create_app(Settings.from_env(world.environment))
    app.config.update(WTF_CSRF_ENABLED=False)
    with app.app_context():
        edition_id, slug, starred, attendee_ids = _prepare()
        db.session.remove()
        db.engine.dispose()
    seconds = _race(world, edition_id, slug, attendee_ids)
    with app.app_context():
        found = Counter(db.session.scalars(_holds(slug)).all())
        numbers = db.session.scalars(select(SeatHold.number).join(Session).where(Session.slug == slug)).all()
        db.session.remove()
        if found != {"held": SEATS, "waiting": PEOPLE - SEATS} or sorted(numbers) != list(range(1, PEOPLE + 1)):
            raise AssertionError(f"seats: {found}")
        secrets = _sign_in(attendee_ids[:STARS])
        db.session.remove()
    # Outside of any app context, so that each request has one of its own, and nothing from the person before.
    stars = _measure_stars(app, secrets, starred)
    with app.app_context():
        _check_stars(starred, attendee_ids[:STARS])
        db.session.remove()
        db.engine.dispose()
    return [
        Row(
            f"{PEOPLE} people, last {SEATS} seats, {PROCESSES} processes",
            PEOPLE / seconds,
            "seats/s",
            "",
            f"exactly {SEATS} held, {PEOPLE - SEATS} waiting in order; {seconds:.1f} s",
        ),
        Row("star, whole request, median", statistics.median(stars.elapsed), "ms"),
        Row("  p95", statistics.quantiles(stars.elapsed, n=20)[-1], "ms", "< 30"),
        Row("  CPU time of the web process, median", statistics.median(stars.computed), "ms"),
    ]


def _prepare() -> tuple[int, str, str, list[int]]:
    """Limit the seats of a session without any; return it, another to star, and attendees without seats and stars."""
    edition = get_current_edition()  # other benchmarks may have made editions without attendees
    with atomic():
        taken = select(SeatHold.session_id)
        free = db.session.scalars(
            select(Session)
            .where(Session.edition_id == edition.id, Session.id.not_in(taken))
            .where(Session.ends_at.is_not(None), Session.state == "published")
            .order_by(Session.starts_at.desc(), Session.id)
            .limit(2)
        ).all()
        if len(free) < 2:
            raise LookupError("every session has seats already")
        session, other = free
        db.session.execute(update(Session).where(Session.id == session.id).values(seat_limit=SEATS))
        holders = select(SeatHold.attendee_id)
        starring = select(AgendaEntry.attendee_id).where(AgendaEntry.session_id == other.id)
        attendees = db.session.scalars(
            select(Attendee.id)
            .where(Attendee.edition_id == session.edition_id, Attendee.state == "confirmed")
            .where(Attendee.id.not_in(holders), Attendee.id.not_in(starring))
            .order_by(func.length(Attendee.code), Attendee.code)
            .limit(PEOPLE)
        ).all()
        return session.edition_id, session.slug, other.slug, list(attendees)


def _holds(slug: str) -> Any:
    return select(SeatHold.state).join(Session, Session.id == SeatHold.session_id).where(Session.slug == slug)


def _race(world: World, edition_id: int, slug: str, attendee_ids: list[int]) -> float:
    """Take a seat for each attendee, a thread each, all released at once; return how long it took."""
    context = multiprocessing.get_context("spawn")
    share = PEOPLE // PROCESSES
    barrier = context.Barrier(PEOPLE + 1)
    workers = [
        context.Process(
            target=_take_all,
            args=(world.environment, edition_id, slug, attendee_ids[n * share : (n + 1) * share], barrier),
        )
        for n in range(PROCESSES)
    ]
    for worker in workers:
        worker.start()
    barrier.wait(WAIT_SECONDS)
    began = time.perf_counter()
    for worker in workers:
        worker.join(WAIT_SECONDS)
    return time.perf_counter() - began


def _take_all(environment: dict[str, str], edition_id: int, slug: str, attendee_ids: list[int], barrier: Any) -> None:
    app = create_app(replace(Settings.from_env(environment), web_threads=CONNECTIONS))

    def take(attendee_id: int) -> None:
        with app.app_context():
            barrier.wait(WAIT_SECONDS)
            # With many more people than connections, some are told to try again, as a browser would.
            while not _try(edition_id, attendee_id, slug):
                pass
            db.session.remove()

    threads = [threading.Thread(target=take, args=(each,)) for each in attendee_ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _try(edition_id: int, attendee_id: int, slug: str) -> bool:
    try:
        take_seat(SYSTEM, edition_id, attendee_id, slug, utcnow())
    except (DBAPIError, PoolTimeout) as error:
        db.session.rollback()
        if not is_busy(error):
            raise
        return False
    return True


def _sign_in(attendee_ids: list[int]) -> list[str]:
    """Return the secret of a new session of each attendee's person."""
    people = db.session.scalars(select(Attendee.person_id).where(Attendee.id.in_(attendee_ids))).all()
    db.session.rollback()
    return [start_session(person_id, Level.SIGNED_IN, SignInWay.PASSWORD, utcnow()) for person_id in people]


def _measure_stars(app: Flask, secrets: list[str], slug: str) -> Times:
    elapsed, computed = [], []
    for secret in secrets:
        browser = app.test_client()
        with browser.session_transaction() as session:
            session[SECRET_KEY_IN_COOKIE] = secret
        began, computed_before = time.perf_counter(), time.process_time()
        answer = browser.post("/en/me/stars", data={"add": slug}, headers={"HX-Request": "true"})
        elapsed.append(1000 * (time.perf_counter() - began))
        computed.append(1000 * (time.process_time() - computed_before))
        if answer.status_code != HTTPStatus.OK:
            raise AssertionError(f"star: {answer.status}")
    return Times(elapsed[WARM_UP:], computed[WARM_UP:])


def _check_stars(slug: str, attendee_ids: list[int]) -> None:
    """Check that every request starred the session for its own person."""
    query = (
        select(func.count())
        .select_from(AgendaEntry)
        .join(Session, Session.id == AgendaEntry.session_id)
        .where(Session.slug == slug, AgendaEntry.attendee_id.in_(attendee_ids))
    )
    found = db.session.scalar(query)
    if found != len(attendee_ids):
        raise AssertionError(f"{found} of {len(attendee_ids)} stars")
