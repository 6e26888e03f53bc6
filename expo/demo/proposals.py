"""The demo's calls for proposals and what they received: bilingual, drawn from the topics of our own programme."""

import json
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from expo.accounts.models import Person
from expo.accounts.rules import SYSTEM
from expo.demo.drawing import DATA
from expo.demo.last_year import load_last_year
from expo.demo.orders import DemoAttendee
from expo.demo.proposal_drawing import Author, draw_proposal, draw_sheet, draw_speakers
from expo.demo.rows import first_free_id, insert_all
from expo.editions.queries import EditionFacts
from expo.flows.proposals.sessions import make_session
from expo.infra.db import db
from expo.program.models import SessionType, Track
from expo.proposals.models import Proposal, ProposalSpeaker, SpeakerProfile
from expo.proposals.queries import CallRow, get_call, get_proposal
from expo.proposals.rules import ACCEPTED_STATES, CallRequest, ProposalState
from expo.proposals.services import create_call
from expo.pure.codes import ATTENDEE_CODE_LENGTH, make_code
from expo.questions.models import AnswerSheet
from expo.questions.rules import Condition, Field, FieldKind, Operator, Option
from expo.questions.services import add_field

PROPOSALS = 300
# Authors are drawn from the first people of the demo.
MAX_AUTHORS = 1500
_TYPES = (
    ("talk", {"en": "Talk", "zh": "演讲"}, 30),
    ("panel", {"en": "Panel", "zh": "圆桌论坛"}, 60),
    ("workshop", {"en": "Workshop", "zh": "工作坊"}, 90),
)
_AUTHORS_WITH_SEVERAL = 0.15


def load_proposals(edition: EditionFacts, attendees: list[DemoAttendee], now: datetime, rng: Random) -> None:
    """Create an open and a closed call, and 300 proposals by people of the demo in all states.

    Some of them had a proposal accepted last year.
    """
    _create_types(edition)
    calls = _create_calls(edition, now)
    authors = _list_authors(attendees)
    if not authors:
        return
    rows_of_tracks = db.session.scalars(select(Track).where(Track.edition_id == edition.id))
    tracks = {each.name["en"]: each.slug for each in rows_of_tracks}
    topics: dict[str, Any] = json.loads((DATA / "programme.json").read_text("utf-8"))
    authors, codes = load_last_year(edition, authors, topics, now, rng)
    first_id, first_sheet = first_free_id(Proposal), first_free_id(AnswerSheet)
    rows, speakers, sheets = [], [], []
    author = authors[0]
    for number in range(PROPOSALS):
        if number == 0 or rng.random() >= _AUTHORS_WITH_SEVERAL:
            author = rng.choice(authors)
        call = calls[0] if number % 3 else calls[1]
        sheet = draw_sheet(first_sheet + number, call, author, now, rng)
        row = draw_proposal(edition, call, author, topics, tracks, now, rng)
        while row["code"] in codes:
            row["code"] = make_code(ATTENDEE_CODE_LENGTH, rng.choice)
        codes.add(row["code"])
        rows.append({"id": first_id + number, "sheet_id": sheet["id"], **row})
        sheets.append(sheet)
        drawn = draw_speakers(first_id + number, author, authors, row["created_at"], rng)
        drawn[0]["confirmed_at"] = row["confirmed_at"]
        speakers += drawn
    insert_all(AnswerSheet, sheets)
    insert_all(Proposal, rows)
    insert_all(ProposalSpeaker, speakers)
    insert_all(SpeakerProfile, _list_profiles(authors, {row["person_id"] for row in rows}, now))
    for row in rows:
        if ProposalState(row["state"]) in ACCEPTED_STATES:
            make_session(get_proposal(edition.id, row["code"]), now)


def _create_types(edition: EditionFacts) -> None:
    rows = db.session.scalars(select(SessionType).where(SessionType.edition_id == edition.id))
    known = {each.code: each for each in rows}
    for position, (code, name, minutes) in enumerate(_TYPES):
        if code not in known:
            known[code] = SessionType(edition_id=edition.id, code=code, position=position)
            db.session.add(known[code])
        known[code].name, known[code].minutes = name, minutes
    db.session.flush()


def _create_calls(edition: EditionFacts, now: datetime) -> list[CallRow]:
    requests = (
        CallRequest(
            title={"en": "Talks and panels for the next expo", "zh": "下届展会演讲与圆桌征集"},
            introduction={
                "en": "Tell us what you have built with data and what others can learn from it. We look for "
                "**experience**, not advertisements.",
                "zh": "请分享您的数据实践和经验。我们期待**真实案例**，而非广告。",
            },
            opens_at=now - timedelta(days=60),
            closes_at=now + timedelta(days=30),
            kinds=("talk", "panel"),
            max_per_person=20,
            confirm_by=now + timedelta(days=45),
            photo_by=now + timedelta(days=50),
            slides_by=now + timedelta(days=75),
            speaker_ticket="speaker",
        ),
        CallRequest(
            title={"en": "Hands-on workshops", "zh": "实操工作坊征集"},
            introduction={
                "en": "Ninety minutes, a small room, and laptops open.",
                "zh": "九十分钟，小教室，打开电脑一起动手。",
            },
            opens_at=now - timedelta(days=90),
            closes_at=now - timedelta(days=5),
            kinds=("workshop",),
            confirm_by=now + timedelta(days=10),
        ),
    )
    calls = [get_call(edition.id, create_call(SYSTEM, edition.id, each, now)) for each in requests]
    for call in calls:
        for field in _questions():
            add_field(SYSTEM, edition.id, call.form_id, field, now)
    return calls


def _questions() -> tuple[Field, ...]:
    yes_no = (Option("yes", {"en": "Yes", "zh": "是"}), Option("no", {"en": "No", "zh": "否"}))
    return (
        Field(
            "first_time",
            FieldKind.SINGLE_CHOICE,
            {"en": "Is this your first talk at the expo?", "zh": "这是您首次在本展会演讲吗？"},
            is_required=True,
            options=yes_no,
        ),
        Field(
            "demo",
            FieldKind.SINGLE_CHOICE,
            {"en": "Will you show a live demo?", "zh": "是否有现场演示？"},
            options=yes_no,
        ),
        Field(
            "demo_needs",
            FieldKind.TEXT,
            {"en": "What does the demo need?", "zh": "演示需要哪些设备？"},
            is_required=True,
            conditions=(Condition("demo", Operator.IS_ONE_OF, ("yes",)),),
        ),
        Field(
            "recording",
            FieldKind.CONSENT,
            {"en": "The session may be recorded and published.", "zh": "同意录制并公开发布本场演讲。"},
        ),
    )


def _list_authors(attendees: list[DemoAttendee]) -> list[Author]:
    ids = {each.person_id for each in attendees[:MAX_AUTHORS]}
    known = {each.person_id: each.person for each in attendees}
    people = db.session.execute(select(Person.id, Person.email).where(Person.id.in_(ids)).order_by(Person.id))
    return [
        Author(row.id, known[row.id].name, row.email, known[row.id].country, known[row.id].company) for row in people
    ]


def _list_profiles(authors: list[Author], wanted: set[int], now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "person_id": each.person_id,
            "name": each.name,
            "biography": {},
            "links": [],
            "country": each.country,
            "company": each.company,
            "unavailable": [],
            "accessibility_needs": "",
            "travel_needs": "",
            "changed_at": now,
        }
        for each in authors
        if each.person_id in wanted
    ]
