"""Measures meetings among 20,000: requests, answers to them, and the search for free slots.

Beside the time it shows processor time and statements, which do not depend on what else the machine does.
"""

import contextlib
import itertools
import random
import statistics
from datetime import datetime, time as dt_time, timedelta
from functools import partial

from flask import Flask, g
from sqlalchemy import func, select, text

from bench.acts import Sample, measure_act
from bench.table import Row
from bench.world import World
from expo.accounts.models import Person
from expo.accounts.rules import SYSTEM, Actor, Level, SignInWay
from expo.accounts.services.sessions import start_session
from expo.app import create_app
from expo.demo.rows import first_free_id, insert_all
from expo.editions.queries import EditionFacts, find_current_edition
from expo.errors import Conflict
from expo.exhibitors.models import Exhibitor, Member
from expo.exhibitors.queries import is_listed
from expo.flows.meetings import accept_meeting, request_company
from expo.infra.clock import utcnow
from expo.infra.config import Settings
from expo.infra.db import atomic, db
from expo.meetings.models import Meeting, MeetingHold, MeetingParticipant, MeetingProposal, MeetingTable
from expo.meetings.queries import Party, list_slots, party_of_organizers, search_with
from expo.meetings.rules import MeetingRequest, SettingsRequest
from expo.meetings.services import Choice, change_settings
from expo.pure.free_slots import Slot, steps_between
from expo.registration.models import Attendee
from expo.web.kit.sessions import SECRET_KEY_IN_COOKIE

MEETINGS, REQUESTS, SEARCHES, TABLES, MEMBERS = 20_000, 220, 200, 200, 3
WARM_UP = 20
# Requests of one account beyond its limit, and the most of them that may be stored.
REFUSED, MAX_STORED = 1_000, 20
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
        requested = _request_in_the_browser(app, edition)
        refused = _request_too_often(edition)
        searched = _search(edition, people)
        db.session.remove()
        db.engine.dispose()
    return [
        *_rows(f"meeting accepted among {MEETINGS:,}", accepted, "< 100"),
        *_rows("meeting declined, whole request", declined, "< 100"),
        *_rows("meeting requested, whole request", requested, "< 100"),
        *_rows("request beyond the limit", refused, "< 100"),
        *_rows("free slots of two people", searched, "< 20"),
    ]


def _rows(what: str, samples: list[Sample], target: str) -> list[Row]:
    elapsed = [each.milliseconds for each in samples]
    used = statistics.median(each.processor for each in samples)
    statements = statistics.median(each.statements for each in samples)
    note = f"{used:.1f} ms of processor time; {statements:.0f} statements"
    return [
        Row(f"{what}, median", statistics.median(elapsed), "ms", limit=note),
        Row("  p95", statistics.quantiles(elapsed, n=20)[-1], "ms", target),
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
        free = {slot.starts_at: _free_in(slot, attendees, draw) for slot in slots}
        chosen = [place for place in places if free[place[1].starts_at]][: MEETINGS + REQUESTS]
        rows, participants, holds, proposals, requests = [], [], [], [], []
        first = first_free_id(Meeting)
        for number, (own, slot) in enumerate(chosen, start=first):
            is_request = number - first >= len(chosen) - REQUESTS
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
            insert_all(model, values)
    pairs = [(draw.choice(attendees), draw.choice(companies)[0]) for _ in range(SEARCHES)]
    return requests, pairs


def _free_in(slot: Slot, attendees: list[int], draw: random.Random) -> list[int]:
    """Return the attendees without a meeting in a slot in any order; the demo has meetings of its own."""
    steps = steps_between(slot.starts_at, slot.ends_at + PAUSE)
    held = select(MeetingHold.resource_id).where(MeetingHold.kind == "attendee", MeetingHold.slot_at.in_(steps))
    busy = set(db.session.scalars(held))
    return [each for each in draw.sample(attendees, len(attendees)) if each not in busy]


def _answer(edition: EditionFacts, requests: list[tuple[str, datetime, str, int]]) -> list[Sample]:
    party, now = party_of_organizers(SYSTEM, edition.id), _day_before(edition)
    samples = []
    for code, at, _slug, _person in requests:
        try:
            samples.append(measure_act(partial(accept_meeting, party, code, Choice(at), now)))
        except Conflict as refused:
            # The meetings around it were drawn by chance, some of them in halls too far away.
            if refused.code != "meeting_too_far":
                raise
    return samples[WARM_UP:]


def _decline_in_the_browser(app: Flask, requests: list[tuple[str, datetime, str, int]]) -> list[Sample]:
    data = {"act": "decline", "reason": "No time"}
    return [
        _send(app, person_id, f"/en/exhibitor/{slug}/meetings/{code}", data) for code, _at, slug, person_id in requests
    ][WARM_UP:]


def _request_in_the_browser(app: Flask, edition: EditionFacts) -> list[Sample]:
    """Let attendees request meetings, each with another company."""
    of_edition = Attendee.edition_id == edition.id
    people = db.session.scalars(
        select(Attendee.person_id)
        .where(of_edition, Attendee.state == "confirmed", Attendee.person_id.is_not(None))
        .order_by(Attendee.id)
        .limit(REQUESTS // 2)
    ).all()
    slugs = db.session.scalars(
        select(Exhibitor.slug).where(is_listed(edition.id)).order_by(Exhibitor.id.desc()).limit(REQUESTS // 2)
    ).all()
    return [
        _send(app, person_id, "/en/me/meetings/new", {"exhibitor": slug, "message": "Data exchange?"})
        for person_id, slug in zip(people, slugs, strict=False)
        if person_id is not None
    ][WARM_UP:]


def _request_too_often(edition: EditionFacts) -> list[Sample]:
    """Let one account keep sending requests after its limit; none is stored."""
    now = _day_before(edition)
    of_edition = (Attendee.edition_id == edition.id) & (Attendee.state == "confirmed")
    found = select(Attendee.id, Attendee.person_id).where(of_edition).order_by(Attendee.id.desc()).limit(1)
    attendee_id, person_id = db.session.execute(found).one()
    party = Party(Actor("person", id=person_id, edition_id=edition.id), edition.id, "Spammer", attendee_id=attendee_id)
    companies = db.session.scalars(select(Exhibitor.id).where(is_listed(edition.id)).order_by(Exhibitor.id)).all()
    samples = []
    for n in range(REFUSED + WARM_UP):
        company_id = companies[n % len(companies)]
        samples.append(measure_act(lambda company_id=company_id: _try(party, company_id, now)))  # type: ignore[misc]
    stored = select(func.count()).where(MeetingParticipant.attendee_id == attendee_id, MeetingParticipant.is_initiator)
    if (db.session.scalar(stored) or 0) > MAX_STORED:
        raise AssertionError("the limit did not hold")
    return samples[-REFUSED:]


def _try(party: Party, company_id: int, now: datetime) -> None:
    with contextlib.suppress(Conflict):
        request_company(party, company_id, MeetingRequest("Buy now"), now)


def _send(app: Flask, person_id: int, path: str, data: dict[str, str]) -> Sample:
    """Send a form as somebody who is signed in."""
    # The context is shared by all requests here, and remembers who acts.
    for name in list(g):
        g.pop(name)
    browser = app.test_client()
    secret = start_session(person_id, Level.SIGNED_IN, SignInWay.PASSWORD, utcnow())
    with browser.session_transaction() as session:
        session[SECRET_KEY_IN_COOKIE] = secret
    statuses = []
    sample = measure_act(lambda: statuses.append(browser.post(path, data=data).status_code))
    if statuses != [302]:
        raise AssertionError(f"{path}: {statuses}")
    return sample


def _search(edition: EditionFacts, pairs: list[tuple[int, int]]) -> list[Sample]:
    now = _day_before(edition)
    return [
        measure_act(lambda one=one, company=company: search_with(edition, [one], company, now))  # type: ignore[misc]
        for one, company in pairs
    ][WARM_UP:]


def _day_before(edition: EditionFacts) -> datetime:
    return datetime.combine(edition.starts_on, dt_time.min, tzinfo=edition.zone) - timedelta(days=1)
