"""Organizers set up meetings, see the tables of a day, move and cancel meetings, and read complaints."""

from datetime import datetime

import pytest
from flask.testing import FlaskClient

from expo.accounts.rules import SYSTEM, Role
from expo.editions.queries import EditionFacts
from expo.meetings.queries import get_meeting, get_settings, list_tables
from expo.meetings.rules import MeetingState, TableRequest
from expo.meetings.services import Choice, accept_meeting, add_tables, report_meeting
from tests.floor_plans import make_hall
from tests.make import make_attendee
from tests.meetings import FIRST, THIRD, guest_of, make_company, make_meeting, request_meeting
from tests.web.organizer.conftest import SignIn

PAGE = "/en/organizer/meetings"
SETTINGS = {
    "is_open": "y",
    "slot_minutes": "20",
    "buffer_minutes": "10",
    "walking_minutes": "5",
    "max_open": "3",
    "max_per_day": "4",
    "max_with_one": "1",
    "expire_hours": "24",
    "no_show_minutes": "0",
    "hours-2027-05-26": "10:00-12:00",
    "hours-2027-05-27": "",
    "hours-2027-05-28": "09:30-16:00",
}


def test_pages_when_there_is_nothing_then_each_says_so(organizer: FlaskClient, edition: EditionFacts) -> None:
    texts = {
        "": "No tables yet",
        "/requests": "No unanswered requests",
        "/reports": "No reports",
        "/tables": "No tables yet",
        "/settings": "09:00-17:00",
    }

    pages = {path: organizer.get(PAGE + path) for path in texts}

    assert {path: (page.status_code, texts[path] in page.text) for path, page in pages.items()} == dict.fromkeys(
        texts, (200, True)
    )


def test_settings_when_changed_then_are_stored_and_wrong_hours_are_refused(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    saved = organizer.post(f"{PAGE}/settings", data=SETTINGS)
    wrong = organizer.post(f"{PAGE}/settings", data={**SETTINGS, "hours-2027-05-26": "late"})
    odd = organizer.post(f"{PAGE}/settings", data={**SETTINGS, "slot_minutes": "7"})

    settings = get_settings(edition.id)
    assert [each.status_code for each in (saved, wrong, odd)] == [302, 422, 422]
    assert (settings.slot_minutes, settings.max_open, settings.no_show_minutes) == (20, 3, 0)
    assert list((settings.hours or {}).values()) == [(600, 720), None, (570, 960)]


def test_tables_when_added_then_are_numbered_and_can_be_removed(organizer: FlaskClient, edition: EditionFacts) -> None:
    data = {"code": "T", "count": "3", "seats": "4", "hall_id": "0", "exhibitor_id": "0"}
    organizer.post(f"{PAGE}/tables", data=data)
    again = organizer.post(f"{PAGE}/tables", data=data)
    tables = list_tables(edition.id)
    asked = organizer.get(f"{PAGE}/tables/{tables[0].id}/remove").text
    kept = len(list_tables(edition.id))
    organizer.post(f"{PAGE}/tables/{tables[0].id}/remove")

    assert ([each.code for each in tables], again.status_code) == (["T1", "T2", "T3"], 422)
    assert ("Remove table T1?" in asked, kept) == (True, 3)
    assert [each.code for each in list_tables(edition.id)] == ["T2", "T3"]


def test_table_when_edited_then_is_changed_unless_its_meetings_would_move_along(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    halls = make_hall(edition, now), make_hall(edition, now, "Hall 2")
    ann, company = make_attendee(edition, now), make_company(edition, now, booth=None)
    add_tables(SYSTEM, edition.id, [TableRequest("T1", halls[0]), TableRequest("T2", halls[0])], now)
    used, other = (each.id for each in list_tables(edition.id))
    code = request_meeting(edition, ann, company, now, FIRST)
    accept_meeting(company.party(edition), code, Choice(FIRST, table_id=used), now)
    data = {"code": "T1", "seats": "6", "hall_id": str(halls[0]), "exhibitor_id": "0", "is_active": "on"}

    opened = organizer.get(f"{PAGE}/tables/{used}").text
    moved = organizer.post(f"{PAGE}/tables/{used}", data=data | {"hall_id": str(halls[1])})
    taken = organizer.post(f"{PAGE}/tables/{used}", data=data | {"code": "T2"})
    organizer.post(f"{PAGE}/tables/{used}", data=data)
    organizer.post(f"{PAGE}/tables/{other}", data={**data, "code": "T3", "hall_id": str(halls[1]), "is_active": ""})

    assert ('value="T1"' in opened, moved.status_code, taken.status_code) == (True, 422, 422)
    assert "Meetings are scheduled at table T1. Move them first." in moved.text
    assert [(each.code, each.seats, each.hall_id, each.is_active) for each in list_tables(edition.id)] == [
        ("T1", 6, halls[0], True),
        ("T3", 6, halls[1], False),
    ]
    organizer.post(f"{PAGE}/tables/{other}", data={**data, "code": "T3", "hall_id": str(halls[1])})
    assert [each.is_active for each in list_tables(edition.id)] == [True, True]
    assert organizer.get(f"{PAGE}/tables/999999").status_code == 404


def test_meeting_when_moved_and_cancelled_by_organizers_then_the_grid_follows(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    organizer.post(
        f"{PAGE}/tables", data={"code": "T1", "count": "1", "seats": "4", "hall_id": "0", "exhibitor_id": "0"}
    )
    ann, company = make_attendee(edition, now, name="Ann"), make_company(edition, now, booth=None)
    row = make_meeting(edition, ann, company, now)

    before, page = organizer.get(PAGE).text, organizer.get(f"{PAGE}/{row.code}")
    organizer.post(f"{PAGE}/{row.code}", data={"act": "move", "starts_at": THIRD.isoformat()})
    moved = get_meeting(guest_of(edition, ann), row.code)
    organizer.post(f"{PAGE}/{row.code}", data={"act": "cancel", "reason": "The hall is closed."})

    assert (f"{PAGE}/{row.code}" in before, page.status_code, moved.starts_at) == (True, 200, THIRD)
    assert get_meeting(guest_of(edition, ann), row.code).state is MeetingState.CANCELLED
    assert f"{PAGE}/{row.code}" not in organizer.get(PAGE).text


def test_request_and_complaint_when_listed_then_can_be_dealt_with(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    ann, company = make_attendee(edition, now, name="Ann"), make_company(edition, now)
    code = request_meeting(edition, ann, company, now)
    report_meeting(company.party(edition), code, "This is advertising.", now)

    requests, reports = organizer.get(f"{PAGE}/requests").text, organizer.get(f"{PAGE}/reports").text
    organizer.post(f"{PAGE}/reports", data={"report": "1"})

    assert ("Ann" in requests, "This is advertising." in reports) == (True, True)
    assert "From the host, about Ann" in reports
    assert "Mark as resolved" not in organizer.get(f"{PAGE}/reports").text


def test_export_when_downloaded_then_has_every_meeting_and_no_address(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    ann = make_attendee(edition, now, name="Ann", email="secret@example.org")
    row = make_meeting(edition, ann, make_company(edition, now), now)

    csv, xlsx = organizer.get(f"{PAGE}/export.csv"), organizer.get(f"{PAGE}/export.xlsx")

    assert csv.text.splitlines()[1].startswith(f"{row.code},scheduled,2027-05-26T09:00:00+08:00")
    assert ("secret@" in csv.text, xlsx.status_code) == (False, 200)


def test_pages_when_the_role_may_not_manage_exhibitors_then_are_refused(
    sign_in: SignIn, edition: EditionFacts, now: datetime
) -> None:
    row = make_meeting(edition, make_attendee(edition, now), make_company(edition, now), now)
    browser = sign_in(Role.DESK)

    paths = ("", "/requests", "/reports", "/tables", "/settings", "/export.csv", f"/{row.code}")
    assert {browser.get(PAGE + path).status_code for path in paths} == {403}


def test_tables_when_placed_on_the_plan_then_kept_in_metres_and_odd_places_are_refused(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    hall_id, other_id = make_hall(edition, now), make_hall(edition, now, "Hall 2")
    requests = [TableRequest("T1", hall_id), TableRequest("T2", hall_id), TableRequest("U1", other_id)]
    add_tables(SYSTEM, edition.id, requests, now)
    first, second, elsewhere = (each.id for each in list_tables(edition.id))
    page = f"{PAGE}/tables/plan/hall-1"

    saved = organizer.post(page, data={f"x-{first}": "12,5", f"y-{first}": "3", f"x-{elsewhere}": "1"})
    shown, listed = organizer.get(page).text, organizer.get(f"{PAGE}/tables").text
    refused = [
        organizer.post(page, data={f"x-{second}": x, f"y-{second}": y})
        for x, y in (("61", "3"), ("12", ""), ("nan", "1"), ("far", "1"), ("-1", "1"))
    ]

    assert saved.status_code == 302
    assert [each.point for each in list_tables(edition.id)] == [(12.5, 3.0), None, None]
    assert (shown.count('class="map-table"'), 'value="12.5"' in shown, "/tables/plan/hall-2" in listed) == (
        1,
        True,
        True,
    )
    assert [(each.status_code, "callout-danger" in each.text) for each in refused] == [(422, True)] * 5
    assert 'value="far"' in refused[3].text
    assert organizer.get(f"{PAGE}/tables/plan/nowhere").status_code == 404


@pytest.mark.usefixtures("pages_of_two")
def test_lists_when_longer_than_a_page_then_are_cut_and_the_export_has_all(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    people = [make_attendee(edition, now, name=name) for name in ("Ann", "Ben", "Cas")]
    companies = [make_company(edition, now, f"Company {n}") for n in range(3)]
    for person, company in zip(people, companies, strict=True):
        make_meeting(edition, person, company, now)
        code = request_meeting(edition, person, companies[0], now, THIRD) if person is not people[0] else ""
        if code:
            report_meeting(companies[0].party(edition), code, f"{person.attendee.name} is late.", now)

    days = [organizer.get(f"{PAGE}?day=2027-05-26&page={page}").text for page in (1, 2, 8)]
    requests = organizer.get(f"{PAGE}/requests").text

    assert ("3 meetings" in days[0], ["Page 2 of 2" in each for each in days]) == (True, [False, True, True])
    assert 'href="/en/organizer/meetings?day=2027-05-26&amp;page=2#elsewhere"' in days[0]
    assert sorted(sum(f"{name}<" in each for each in days[:2]) for name in ("Ann", "Ben", "Cas")) == [1, 1, 1]
    assert "2 requests" in requests
    assert len(organizer.get(f"{PAGE}/export.csv").text.splitlines()) == 6
