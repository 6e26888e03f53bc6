"""Scanning badges for leads: one lead per visitor, one visit per scan, in whatever order scans come."""

import itertools
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings, strategies
from sqlalchemy import delete, select

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import SYSTEM, Actor, Permission
from expo.badges.services import reissue_badge, revoke_badge
from expo.editions.queries import EditionFacts
from expo.errors import Refused
from expo.exhibitors.errors import ExhibitorMissing
from expo.exhibitors.models import Member
from expo.exhibitors.rules import CompanyDetails, MemberRole, MemberState
from expo.exhibitors.services import change_company, release_licence
from expo.flows.registration import cancel_registration
from expo.infra.db import atomic, db
from expo.leads.models import Lead, LeadNote, LeadScan
from expo.leads.queries import LeadRow, list_leads
from expo.leads.rules import FollowUp, LeadEntry, LeadOutcome, Question
from expo.leads.services import add_question, record_scans
from expo.pure.tokens import BadgeToken, new_key_pair, sign_token
from expo.questions.rules import FieldKind
from tests.conftest import make_edition
from tests.domains.exhibitors.makers import make_package
from tests.exhibitors import exhibitor_id_of, make_exhibitor, make_member
from tests.make import MadeAttendee, make_attendee

_ids = itertools.count(1)


def entry(token: str, now: datetime, **values: object) -> LeadEntry:
    """Return a scan with an id of its own."""
    scan_id = str(values.pop("scan_id", UUID(int=next(_ids))))
    return LeadEntry(scan_id, now, now, **{"token": token, **values})  # type: ignore[arg-type]


@pytest.fixture
def slug(app: Flask, edition: EditionFacts) -> str:
    return make_exhibitor(edition)


@pytest.fixture
def member(edition: EditionFacts, slug: str, now: datetime) -> Actor:
    return make_member(edition, slug, now)


@pytest.fixture
def visitor(edition: EditionFacts, slug: str, now: datetime) -> MadeAttendee:
    return make_attendee(edition, now, company="Dataflow", job_title="CTO")


def _leads(edition: EditionFacts, slug: str) -> list[LeadRow]:
    return list_leads(exhibitor_id_of(edition, slug), edition.zone)


def _scan(member: Actor, edition: EditionFacts, slug: str, *entries: LeadEntry, now: datetime) -> list[LeadOutcome]:
    return [each.outcome for each in record_scans(member, edition.id, slug, entries, now)]


def test_badge_when_scanned_then_a_lead_with_what_the_visitor_shares(
    edition: EditionFacts, slug: str, member: Actor, visitor: MadeAttendee, now: datetime
) -> None:
    scan = entry(visitor.token, now, note=" Wants a demo ", rating=4)

    assert _scan(member, edition, slug, scan, now=now) == [LeadOutcome.SAVED]

    (lead,) = _leads(edition, slug)
    assert (lead.contact.name, lead.contact.company, lead.contact.country) == ("张伟", "Dataflow", "CN")
    assert (lead.contact.email, lead.contact.job_title, lead.contact.phone) == ("", "", "")
    assert (lead.rating, lead.status, lead.members) == (4, FollowUp.NEW, ("Li Na",))
    assert [(note.text, note.author) for note in lead.notes] == [("Wants a demo", "Li Na")]


def test_visitor_when_scanned_again_then_another_visit_of_the_same_lead(
    edition: EditionFacts, slug: str, member: Actor, visitor: MadeAttendee, now: datetime
) -> None:
    later = now + timedelta(hours=2)

    _scan(member, edition, slug, entry(visitor.token, now, rating=2), now=now)
    _scan(member, edition, slug, entry(visitor.token, later), now=later)

    (lead,) = _leads(edition, slug)
    assert (lead.first_at, lead.last_at, len(lead.scans), lead.rating) == (now, later, 2, 2)


def test_scan_when_sent_again_with_a_correction_then_no_second_visit_and_the_later_words(
    edition: EditionFacts, slug: str, member: Actor, visitor: MadeAttendee, now: datetime
) -> None:
    first = entry(visitor.token, now, note="Demo", rating=3)
    corrected = replace(first, changed_at=now + timedelta(seconds=9), note="Demo on Friday", rating=5)

    _scan(member, edition, slug, corrected, first, corrected, now=now + timedelta(minutes=1))

    (lead,) = _leads(edition, slug)
    assert (len(lead.scans), lead.rating, [note.text for note in lead.notes]) == (1, 5, ["Demo on Friday"])


def test_clock_when_far_ahead_then_the_server_decides(
    edition: EditionFacts, slug: str, member: Actor, visitor: MadeAttendee, now: datetime
) -> None:
    _scan(member, edition, slug, entry(visitor.token, now + timedelta(days=400)), now=now)

    assert _leads(edition, slug)[0].last_at == now


def test_short_code_when_typed_then_a_lead(
    edition: EditionFacts, slug: str, member: Actor, visitor: MadeAttendee, now: datetime
) -> None:
    typed = [entry("", now, code=f" {visitor.code[:4].lower()}-{visitor.code[4:]}"), entry("", now, code="ZZZZZZZZ")]

    assert _scan(member, edition, slug, *typed, now=now) == [LeadOutcome.SAVED, LeadOutcome.UNKNOWN_CODE]


def test_badge_when_not_to_be_trusted_then_no_lead_and_the_reason(
    edition: EditionFacts, slug: str, member: Actor, visitor: MadeAttendee, now: datetime
) -> None:
    forged = sign_token(BadgeToken(1, edition.number, 7, 1, 1, 1, 3), new_key_pair(b"x" * 32)[0])
    elsewhere = make_attendee(make_edition(now, "expo-2028", 2028), now)
    cancelled, revoked, replaced = (make_attendee(edition, now, name=name) for name in ("Ann", "Bob", "Eve"))
    cancel_registration(SYSTEM, edition.id, cancelled.id, now)
    revoke_badge(SYSTEM, edition.id, revoked.id, now)
    reissue_badge(SYSTEM, edition.id, replaced.id, now)
    tokens = ("https://example.org", forged, elsewhere.token, revoked.token, replaced.token, cancelled.token)

    outcomes = _scan(member, edition, slug, *(entry(token, now) for token in tokens), now=now)

    assert outcomes == [
        LeadOutcome.UNREADABLE,
        LeadOutcome.FORGED,
        LeadOutcome.OTHER_EDITION,
        LeadOutcome.REVOKED,
        LeadOutcome.REVOKED,
        LeadOutcome.REVOKED,
    ]
    assert _leads(edition, slug) == []


def test_answers_when_questions_are_asked_then_stored_and_nonsense_is_dropped(
    edition: EditionFacts, slug: str, member: Actor, visitor: MadeAttendee, now: datetime
) -> None:
    budget = add_question(
        member, edition.id, slug, Question(FieldKind.SINGLE_CHOICE, "Budget", ("Small", "Large")), now
    )
    plans = add_question(member, edition.id, slug, Question(FieldKind.TEXT, "Plans"), now)
    first = {f"q{budget}": "Large", "q999": "x"}
    second = {f"q{budget}": "Huge", f"q{plans}": "A data lake"}

    _scan(member, edition, slug, entry(visitor.token, now, answers=first), now=now)
    _scan(member, edition, slug, entry(visitor.token, now, answers=second), now=now)

    assert _leads(edition, slug)[0].answers == {f"q{budget}": "Large", f"q{plans}": "A data lake"}


@pytest.mark.parametrize("state", [MemberState.INVITED, MemberState.REMOVED])
def test_scan_when_by_others_than_the_team_then_refused_and_nothing_stored(
    edition: EditionFacts, slug: str, visitor: MadeAttendee, now: datetime, state: MemberState
) -> None:
    rival = make_member(edition, make_exhibitor(edition, "Rival"), now)
    outsider = make_member(edition, slug, now, "Out Sider", state=state)
    organizer = Actor("person", 99, edition.id, frozenset({Permission.ATTENDEES_READ, Permission.EXHIBITORS_READ}))

    for actor in (rival, outsider, organizer):
        with pytest.raises(ExhibitorMissing):
            record_scans(actor, edition.id, slug, [entry(visitor.token, now)], now)

    assert _leads(edition, slug) == []


def test_scan_when_the_company_is_not_approved_then_refused(
    edition: EditionFacts, visitor: MadeAttendee, now: datetime
) -> None:
    applied = make_exhibitor(edition, "Hopeful", state="applied")

    with pytest.raises(Refused, match="leads_not_approved"):
        record_scans(make_member(edition, applied, now), edition.id, applied, [entry(visitor.token, now)], now)


def test_scan_when_the_member_has_no_licence_then_refused_with_who_can_assign_one(
    edition: EditionFacts, slug: str, member: Actor, visitor: MadeAttendee, now: datetime
) -> None:
    _limit_licences(edition, slug, now)
    colleague = make_member(edition, slug, now, "Wang Fang", role=MemberRole.REPRESENTATIVE)

    with pytest.raises(Refused, match="lead_licence_missing") as refused:
        record_scans(colleague, edition.id, slug, [entry(visitor.token, now)], now)

    assert refused.value.params["owners"] == "Li Na"
    assert _leads(edition, slug) == []


def test_scan_when_the_licence_was_taken_back_then_only_what_was_scanned_before_counts(
    edition: EditionFacts, slug: str, visitor: MadeAttendee, now: datetime
) -> None:
    _limit_licences(edition, slug, now)
    holder = make_member(edition, slug, now, "Wang Fang", licensed_at=now - timedelta(hours=2))
    late = make_attendee(edition, now, name="Ann")
    [(member_id,)] = db.session.execute(select(Member.id).where(Member.person_id == holder.id))
    release_licence(SYSTEM, edition.id, slug, member_id, now - timedelta(minutes=5))
    before = replace(entry(visitor.token, now), scanned_at=now - timedelta(minutes=10))

    with pytest.raises(Refused, match="lead_licence_missing"):
        record_scans(holder, edition.id, slug, [entry(late.token, now), before], now)

    assert [each.contact.company for each in _leads(edition, slug)] == ["Dataflow"]


def _limit_licences(edition: EditionFacts, slug: str, now: datetime) -> None:
    make_package(edition, now, "Gold", lead_licences=1)
    change_company(SYSTEM, edition.id, slug, CompanyDetails("Yunshang", country="CN", package="gold"), None, now)


def test_edit_questions_when_only_a_representative_then_refused(
    edition: EditionFacts, slug: str, now: datetime
) -> None:
    representative = make_member(edition, slug, now, "Wang Fang", role=MemberRole.REPRESENTATIVE)

    with pytest.raises(PermissionMissing):
        add_question(representative, edition.id, slug, Question(FieldKind.TEXT, "Plans"), now)


@pytest.fixture
def tokens(edition: EditionFacts, slug: str, member: Actor, visitor: MadeAttendee, now: datetime) -> list[str]:
    """Two badges, for a company that asks two questions."""
    for label in ("First", "Second"):
        add_question(member, edition.id, slug, Question(FieldKind.TEXT, label), now)
    return [visitor.token, make_attendee(edition, now, name="Ann").token]


_NOTED = strategies.fixed_dictionaries(
    {
        "scan": strategies.integers(0, 2),
        "changed": strategies.integers(0, 3),
        "note": strategies.sampled_from((None, "", "Demo", "Call back")),
        "rating": strategies.sampled_from((None, 1, 5)),
        "answers": strategies.sampled_from((None, {"q1": "A"}, {"q2": "B"}, {"q1": "C", "q2": "D"})),
    }
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(noted=strategies.lists(_NOTED, min_size=1, max_size=5), data=strategies.data())
def test_queue_when_in_any_order_and_repeated_then_the_same_result(
    edition: EditionFacts,
    slug: str,
    member: Actor,
    tokens: list[str],
    now: datetime,
    noted: list[dict[str, object]],
    data: strategies.DataObject,
) -> None:
    # The same scan is of one badge.
    entries = [
        LeadEntry(
            scan_id=str(UUID(int=int(each["scan"]) + 1000)),  # type: ignore[call-overload]
            scanned_at=now - timedelta(minutes=int(each["scan"])),  # type: ignore[call-overload]
            changed_at=now - timedelta(seconds=int(each["changed"])),  # type: ignore[call-overload]
            token=tokens[int(each["scan"]) % 2],  # type: ignore[call-overload]
            note=each["note"],  # type: ignore[arg-type]
            rating=each["rating"],  # type: ignore[arg-type]
            answers=each["answers"],  # type: ignore[arg-type]
        )
        for each in noted
    ]
    shuffled = data.draw(
        strategies.permutations([*entries, *data.draw(strategies.lists(strategies.sampled_from(entries)))])
    )

    results = []
    for queue in (entries, shuffled):
        _forget_leads()
        for each in queue:
            record_scans(member, edition.id, slug, [each], now)
        results.append(_state())

    assert results[0] == results[1]


def _forget_leads() -> None:
    with atomic():
        for table in (LeadNote, LeadScan, Lead):
            db.session.execute(delete(table))


def _state() -> object:
    leads = db.session.execute(
        select(Lead.attendee_id, Lead.first_at, Lead.last_at, Lead.rating, Lead.answers).order_by(Lead.attendee_id)
    )
    notes = db.session.execute(select(LeadNote.scan_id, LeadNote.text).order_by(LeadNote.scan_id))
    scans = db.session.execute(select(LeadScan.scan_id, LeadScan.scanned_at).order_by(LeadScan.scan_id))
    return [list(map(tuple, rows)) for rows in (leads, notes, scans)]
