from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from expo.accounts.queries import actor_for_person
from expo.accounts.rules import SYSTEM, Permission
from expo.accounts.services import create_admin, sign_in_with_password
from expo.badges.queries import public_keys
from expo.checkin.models import Scan
from expo.checkin.queries.figures import count_arrived, count_refusals, list_door_counts
from expo.checkin.queries.zones import list_wrong_counters
from expo.checkin.rules import Direction, Reason
from expo.checkin.services.scans import scan
from expo.checkin.services.verdicts import ScanRequest
from expo.demo.load import DemoFacts, load_demo
from expo.demo.staff import PASSWORD
from expo.editions.queries import EditionFacts, get_current_edition
from expo.errors import Conflict
from expo.exhibitors.queries import get_page, list_memberships, list_recipients
from expo.exhibitors.rules import TeamAction
from expo.infra.db import db
from expo.mail.queries import count_emails
from expo.meetings.rules import MeetingState
from expo.program.queries import list_versions
from expo.program.rules.versions import ChangeKind
from expo.proposals.queries import ProposalFilter, count_matching, list_ranked_proposals, list_rounds
from expo.pure.tokens import verify_token
from expo.registration.queries import AttendeeFilter, count_attendees, list_confirmed_ids, recount_quotas
from expo.registration.rules import AttendeeState
from expo.reports.dashboard import count_countries
from expo.reports.exhibitor_report import get_exhibitor_report
from expo.reports.expo_report import get_expo_report
from expo.schema import metadata
from expo.tickets.queries import list_ticket_types
from expo.tickets.rules import SaleState
from tests.databases import SqliteDatabase

MOMENT = datetime(2027, 5, 27, 2, 0, tzinfo=UTC)
# Sealed with a secret that each installation makes up, and numbered by the database.
SEALED = {"encrypted_private_key", "changed_in"}


# Loaded in a fifth of the time: for tests that are not about the programme or the companies.
SMALL: dict[str, Any] = {
    "schedule": b"""<schedule><conference><title>T</title></conference><day index="1" date="2027-05-26"><room name="A">
<event id="7"><title>Only one</title><start>10:00</start><duration>01:00</duration></event></room></day></schedule>""",
    "exhibitors": b"Name,Country\nAcme,CN\n",
}


def load(attendees: int = 300, seed: int = 1, **values: Any) -> tuple[DemoFacts, EditionFacts]:
    facts = load_demo(MOMENT, attendees=attendees, seed=seed, **values)
    return facts, get_current_edition()


@pytest.fixture(scope="module")
def loaded(_sqlite_app: Flask, _sqlite: SqliteDatabase) -> tuple[DemoFacts, Path]:
    """What the command printed about a demo with 2000 people, loaded once, and a copy of its database."""
    with _sqlite_app.app_context():
        db.session.remove()
        _sqlite.reset(db.engine)
        facts, _ = load(2000)
        db.session.remove()
    return facts, _sqlite.save()


@pytest.fixture
def demo(loaded: tuple[DemoFacts, Path], app: Flask, _sqlite: SqliteDatabase) -> tuple[DemoFacts, EditionFacts]:
    """The demo with 2000 people in the test's own database."""
    facts, copy = loaded
    _sqlite.restore(copy, db.engine)
    return facts, get_current_edition()


def all_rows() -> dict[str, list[dict[str, Any]]]:
    return {
        table.name: [
            {name: value for name, value in row._mapping.items() if name not in SEALED}
            for row in db.session.execute(select(table).order_by(*table.primary_key))
        ]
        for table in metadata.sorted_tables
    }


@pytest.mark.postgresql
def test_load_when_seed_is_the_same_then_every_row_and_counter_on_either_database_is(app: Flask, pg_app: Flask) -> None:
    with app.app_context():
        load()
        first = all_rows()
    with pg_app.app_context():
        _, edition = load()
        second = all_rows()
        quotas, wrong = recount_quotas(edition.id), list_wrong_counters(edition.id)

    assert len(first["attendee"]) == 300
    for name, rows in first.items():
        assert second[name] == rows, name
    assert ([count for count in quotas if not count.agrees], wrong) == ([], {})


def test_load_when_seed_is_another_then_other_people_and_codes(demo: tuple[DemoFacts, EditionFacts]) -> None:
    first = {row["code"] for row in all_rows()["attendee"]}

    load(30, seed=2, replace_demo=True, **SMALL)

    assert first.isdisjoint(row["code"] for row in all_rows()["attendee"])


def test_load_when_done_then_every_counter_is_its_recount(demo: tuple[DemoFacts, EditionFacts]) -> None:
    _, edition = demo

    assert [count for count in recount_quotas(edition.id) if not count.agrees] == []
    assert list_wrong_counters(edition.id) == {}


def test_load_when_done_then_every_badge_holds(demo: tuple[DemoFacts, EditionFacts]) -> None:
    _, edition = demo
    keys = public_keys(edition.id)
    badges = all_rows()["badge"]

    tokens = [verify_token(badge["token"], keys) for badge in badges]

    assert [token.serial for token in tokens] == [badge["serial"] for badge in badges]
    assert {badge["attendee_id"] for badge in badges} == set(list_confirmed_ids(edition.id))


def test_load_when_badge_is_scanned_then_the_door_lets_in_once(demo: tuple[DemoFacts, EditionFacts]) -> None:
    _, edition = demo
    rows = all_rows()
    arrived = {row["attendee_id"] for row in rows["presence"]}
    paid = {row["id"] for row in rows["order"] if row["paid_at"] or not row["total_cents"]}
    badge = next(
        badge
        for badge in rows["badge"]
        for attendee in rows["attendee"]
        if attendee["id"] == badge["attendee_id"] and attendee["order_id"] in paid and attendee["id"] not in arrived
    )

    answers = [
        scan(SYSTEM, edition.id, ScanRequest(scan_id, badge["token"], "north", Direction.ENTRY, MOMENT), MOMENT)
        for scan_id in ("0d9a1d5e-6f6e-4c57-9c6e-1de1c5a0b001", "0d9a1d5e-6f6e-4c57-9c6e-1de1c5a0b002")
    ]

    assert [answer.reason for answer in answers] == [None, Reason.ALREADY_ADMITTED]


def test_load_when_two_thousand_then_many_countries_and_everything_is_open_somewhere(
    demo: tuple[DemoFacts, EditionFacts],
) -> None:
    facts, edition = demo

    counts = {state: count_attendees(edition.id, AttendeeFilter(state=state)) for state in AttendeeState}
    sales = {row.code: row.sale_state for row in list_ticket_types(edition.id, MOMENT)}

    assert facts.countries >= 36
    confirmed = {row["country"] for row in all_rows()["attendee"] if row["state"] == "confirmed"}
    assert {each.country for each in count_countries(SYSTEM, edition)} == confirmed
    assert sum(counts.values()) == 2000
    assert counts[AttendeeState.CONFIRMED] > 1700
    assert all(counts.values())
    assert len({row["band"] for row in all_rows()["ticket_type"]}) == 8
    assert (sales["student"], sales["press"], sales["visitor"]) == (
        SaleState.SOLD_OUT,
        SaleState.ENDED,
        SaleState.ON_SALE,
    )
    assert count_emails(edition.id)


def test_load_when_two_thousand_then_the_first_day_was_lived(demo: tuple[DemoFacts, EditionFacts]) -> None:
    facts, edition = demo

    doors = {door.code: door for door in list_door_counts(edition.id, MOMENT)}
    refusals = count_refusals(edition.id)
    first, last = db.session.execute(select(func.min(Scan.scanned_at), func.max(Scan.scanned_at))).one()

    # Three gates, the halls, the lounge, three rooms and the dinner.
    assert len(doors) == 16
    assert 0.5 < count_arrived(edition.id) / len(list_confirmed_ids(edition.id)) < 0.65
    assert {Reason.ALREADY_ADMITTED, Reason.UNPAID, Reason.UNKNOWN_TOKEN} <= set(refusals)
    assert {moment.astimezone(edition.zone).date() for moment in (first, last)} == {edition.starts_on}
    assert last < MOMENT
    assert facts.scans == db.session.scalar(select(func.count()).select_from(Scan))
    assert all(door.arrived for code, door in doors.items() if code != "gala-dinner")


def test_load_when_done_then_each_role_signs_in_with_its_rights(demo: tuple[DemoFacts, EditionFacts]) -> None:
    facts, edition = demo

    people = {role: sign_in_with_password(email, PASSWORD) for role, email in facts.sign_ins}

    assert set(people) == {"organizer", "program_manager", "desk", "steward", "reviewer", "exhibitor", "attendee"}
    assert [each.role for each in list_memberships(edition.id, people["exhibitor"].id)] == ["owner"]
    assert actor_for_person(people["organizer"], edition.id).may(Permission.EDITION_MANAGE, edition.id)
    assert not actor_for_person(people["steward"], edition.id).may(Permission.EDITION_MANAGE, edition.id)


def test_load_when_done_then_the_exhibitor_has_something_on_every_page(demo: tuple[DemoFacts, EditionFacts]) -> None:
    facts, edition = demo
    person = sign_in_with_password(dict(facts.sign_ins)["exhibitor"], PASSWORD)
    (company,) = list_memberships(edition.id, person.id)

    report = get_exhibitor_report(actor_for_person(person, edition.id), edition, company.slug, MOMENT)
    fair = get_expo_report(SYSTEM, edition, MOMENT)
    page = get_page(edition.id, company.slug)

    assert min(each.own for each in report.totals.values()) > 0
    assert (report.has_median, bool(report.topics), report.acceptance is not None) == (True, True, True)
    assert set(fair.states) == set(MeetingState)
    assert sum(bool(each.empty) for each in fair.halls) >= 3
    assert {"en", "zh"} <= page.company.description.keys()
    assert (len(page.products) > 0, len(page.offers) > 0) == (True, True)
    assert list_recipients([company.exhibitor_id], TeamAction.EDIT_PAGE)


def test_load_when_an_expo_is_real_then_refused_and_nothing_changed(app: Flask, edition: EditionFacts) -> None:
    before = all_rows()

    with pytest.raises(Conflict, match="demo_over_real_data"):
        load(replace_demo=True)

    assert all_rows() == before


def test_load_when_loaded_before_then_refused_unless_replaced(demo: tuple[DemoFacts, EditionFacts]) -> None:
    create_admin(SYSTEM, "admin@example.org", MOMENT)

    with pytest.raises(Conflict, match="demo_exists"):
        load(30)
    load(30, replace_demo=True, **SMALL)

    rows = all_rows()
    assert len(rows["attendee"]) == 30
    assert [row["email"] for row in rows["person"] if row["is_admin"]] == ["admin@example.org"]


def test_load_when_a_row_cannot_be_taken_then_nothing_is_loaded(app: Flask) -> None:
    with pytest.raises(Conflict, match="rows_refused"):
        load(schedule=SMALL["schedule"], exhibitors=b"Name,Country\nAcme,Atlantis\n")

    assert [name for name, rows in all_rows().items() if rows] == []


def test_load_when_done_then_every_category_has_a_name_in_both_languages(demo: tuple[DemoFacts, EditionFacts]) -> None:
    names = [each["name"] for each in all_rows()["category"]]
    assert len(names) > 40
    assert [name for name in names if set(name) != {"en", "zh"}] == []


def test_load_when_done_then_two_versions_are_published_with_changes_of_every_kind(
    demo: tuple[DemoFacts, EditionFacts],
) -> None:
    _, edition = demo

    second, first = list_versions(edition.id)

    assert first.changes == ()
    assert second.counts == {
        ChangeKind.ADDED: 6,
        ChangeKind.MOVED: 12,
        ChangeKind.CANCELLED: 2,
        ChangeKind.SPEAKERS: 3,
    }
    assert first.published_at < second.published_at < MOMENT


def test_load_when_done_then_first_time_and_returning_speakers_are_ranked(demo: tuple[DemoFacts, EditionFacts]) -> None:
    _, edition = demo

    rounds = list_rounds(edition.id)
    ranked = [each for round_ in rounds for each in list_ranked_proposals(round_, ProposalFilter())]

    returning = [each for each in ranked if not each.is_first_time]
    assert sum(count_matching(edition.id, ProposalFilter()).values()) == 300
    assert 0.15 < len(returning) / len(ranked) < 0.5
