"""Measures meetings among 20,000: the answer to a request, a request from the form, and the search for free slots."""

import itertools
import random
import statistics
import time
from collections.abc import Callable
from datetime import datetime, time as dt_time, timedelta

from flask import Flask, g
from sqlalchemy import insert, select, text

from bench.table import Row
from bench.world import World
from expo.accounts.models import Person
from expo.accounts.rules import SYSTEM, Level, SignInWay
from expo.accounts.services.sessions import start_session
from expo.app import create_app
from expo.editions.queries import EditionFacts, find_current_edition
from expo.exhibitors.models import Exhibitor, Member
from expo.flows.meetings import accept_meeting
from expo.infra.clock import utcnow
from expo.infra.config import Settings
from expo.infra.db import atomic, db
from expo.meetings.models import Meeting, MeetingHold, MeetingParticipant, MeetingProposal, MeetingTable
from expo.meetings.queries import list_slots, party_of_organizers, search_with
from expo.meetings.rules import SettingsRequest
from expo.meetings.services import Choice, change_settings
from expo.pure.free_slots import steps_between
from expo.registration.models import Attendee
from expo.web.kit.sessions import SECRET_KEY_IN_COOKIE

MEETINGS, REQUESTS, SEARCHES, TABLES, MEMBERS = 20_000, 220, 200, 200, 3
WARM_UP = 20
CHUNK = 2_000
PAUSE = timedelta(minutes=5)


def measure_meetings(world: World) -> list[Row]:
    """Store 20,000 scheduled meetings, then answer requests and search for free slots one after another."""
    app = create_app(Settings.from_env(world.environment))
    app.config.update(WTF_CSRF_ENABLED=False)
    with app.app_context():
        edition = find_current_edition()
        if edition is None:
            raise LookupError("no edition")
        change_settings(SYSTEM, edition.id, SettingsRequest(max_with_one=1000, no_show_minutes=0), utcnow())
        codes, people = _fill(edition)
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
        accepted = _answer(edition, codes[: REQUESTS // 2])
        declined = _decline_in_the_browser(app, codes[REQUESTS // 2 :])
        searched = _search(edition, people)
        db.session.remove()
        db.engine.dispose()
    return [
        Row(f"meeting accepted among {MEETINGS:,}, median", statistics.median(accepted), "ms"),
        Row("  p95", statistics.quantiles(accepted, n=20)[-1], "ms", "< 100"),
        Row("meeting declined, whole request, median", statistics.median(declined), "ms"),
        Row("  p95", statistics.quantiles(declined, n=20)[-1], "ms", "< 100"),
        Row("free slots of two people, median", statistics.median(searched), "ms"),
        Row("  p95", statistics.quantiles(searched, n=20)[-1], "ms", "< 20"),
    ]


def _fill(edition: EditionFacts) -> tuple[list[tuple[str, datetime, str, int]], list[tuple[int, int]]]:
    """Store members, tables, meetings and requests.

    Returns the requests (code, time, company's slug, a member's person id), and pairs of an attendee and a company.
    """
    now, draw = utcnow(), random.Random(5)
    slots = list_slots(edition, SettingsRequest())
    attendees = list(
        db.session.scalars(select(Attendee.id).where(Attendee.edition_id == edition.id, Attendee.state == "confirmed"))
    )
    companies = db.session.execute(
        select(Exhibitor.id, Exhibitor.slug).where(Exhibitor.edition_id == edition.id).order_by(Exhibitor.id)
    ).all()
    with atomic():
        members: list[tuple[int, int, str, int]] = []
        for company_id, slug in companies:
            for n in range(MEMBERS):
                person = Person(email=f"bench{n}@{slug}.example", name=f"Member {n}", created_at=now)
                db.session.add(person)
                db.session.flush()
                added = Member(
                    exhibitor_id=company_id,
                    email=person.email,
                    name=person.name,
                    role="representative",
                    state="active",
                    person_id=person.id,
                    invited_at=now,
                )
                db.session.add(added)
                db.session.flush()
                members.append((added.id, company_id, slug, person.id))
        db.session.add_all(MeetingTable(edition_id=edition.id, code=f"B{n}") for n in range(TABLES))
        # Each member is in each slot at most once; so is each attendee.
        places = list(itertools.product(members, slots))
        draw.shuffle(places)
        free = {slot.starts_at: draw.sample(attendees, len(attendees)) for slot in slots}
        chosen = [place for place in places if free[place[1].starts_at]][: MEETINGS + REQUESTS]
        rows, participants, holds, proposals, requests = [], [], [], [], []
        for number, (own, slot) in enumerate(chosen, start=1):
            is_request = number > len(chosen) - REQUESTS
            attendee_id = free[slot.starts_at].pop()
            code = f"BENCH{number}"
            rows.append(
                {
                    "id": number,
                    "edition_id": edition.id,
                    "code": code,
                    "exhibitor_id": own[1],
                    "company_name": own[2],
                    "state": "requested" if is_request else "scheduled",
                    "initiator": "guest",
                    "awaited": "host" if is_request else "",
                    "place": "" if is_request else "booth",
                    "starts_at": None if is_request else slot.starts_at,
                    "ends_at": None if is_request else slot.ends_at,
                    "request_key": code,
                    "created_at": now,
                    "changed_at": now,
                }
            )
            guest = {"side": "guest", "attendee_id": attendee_id, "member_id": None, "is_initiator": True}
            participants.append({"meeting_id": number, "state": "joined", **guest})
            if is_request:
                proposals.append({"meeting_id": number, "starts_at": slot.starts_at})
                requests.append((code, slot.starts_at, own[2], own[3]))
                continue
            host = {"side": "host", "attendee_id": None, "member_id": own[0], "is_initiator": False}
            participants.append({"meeting_id": number, "state": "joined", **host})
            holds += [
                {"kind": kind, "resource_id": resource_id, "slot_at": step, "meeting_id": number}
                for kind, resource_id in (("attendee", attendee_id), ("member", own[0]))
                for step in steps_between(slot.starts_at, slot.ends_at + PAUSE)
            ]
        for model, values in (
            (Meeting, rows),
            (MeetingParticipant, participants),
            (MeetingProposal, proposals),
            (MeetingHold, holds),
        ):
            for first in range(0, len(values), CHUNK):
                db.session.execute(insert(model), values[first : first + CHUNK])
    pairs = [(draw.choice(attendees), draw.choice(companies)[0]) for _ in range(SEARCHES)]
    return requests, pairs


def _answer(edition: EditionFacts, requests: list[tuple[str, datetime, str, int]]) -> list[float]:
    party, now = party_of_organizers(SYSTEM, edition.id), _day_before(edition)
    return [
        _milliseconds(lambda code=code, at=at: accept_meeting(party, code, Choice(at), now))  # type: ignore[misc]
        for code, at, _slug, _person in requests
    ][WARM_UP:]


def _decline_in_the_browser(app: Flask, requests: list[tuple[str, datetime, str, int]]) -> list[float]:
    elapsed = []
    for code, _at, slug, person_id in requests:
        # The context is shared by all requests here, and remembers who acts.
        for name in list(g):
            g.pop(name)
        browser = app.test_client()
        secret = start_session(person_id, Level.SIGNED_IN, SignInWay.PASSWORD, utcnow())
        with browser.session_transaction() as session:
            session[SECRET_KEY_IN_COOKIE] = secret
        began = time.perf_counter()
        answer = browser.post(f"/en/exhibitor/{slug}/meetings/{code}", data={"act": "decline", "reason": "No time"})
        elapsed.append(1000 * (time.perf_counter() - began))
        if answer.status_code != 302:
            raise AssertionError(f"decline {slug} {code}: {answer.status}")
    return elapsed[WARM_UP:]


def _search(edition: EditionFacts, pairs: list[tuple[int, int]]) -> list[float]:
    now = _day_before(edition)
    return [
        _milliseconds(lambda one=one, company=company: search_with(edition, [one], company, now))  # type: ignore[misc]
        for one, company in pairs
    ][WARM_UP:]


def _day_before(edition: EditionFacts) -> datetime:
    return datetime.combine(edition.starts_on, dt_time.min, tzinfo=edition.zone) - timedelta(days=1)


def _milliseconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return 1000 * (time.perf_counter() - began)
