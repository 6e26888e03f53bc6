"""A company's team answers requests, and sees only its own company's meetings."""

import json
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from expo.infra.db import atomic, db
from expo.meetings.models import Meeting
from expo.meetings.queries import get_meeting
from expo.meetings.rules import MeetingState, Side
from expo.meetings.services import mark_busy
from expo.profiles.rules import Visibility
from tests.make import make_attendee
from tests.meetings import FIRST, MadeCompany, guest_of, make_company, make_meeting, request_meeting
from tests.profiles import make_person
from tests.sessions import browser_of
from tests.web.exhibitor.leads.booths import scan_body


def path_of(company: MadeCompany, rest: str = "") -> str:
    return f"/en/exhibitor/{company.slug}/meetings{rest}"


def person_of(company: MadeCompany, member: int = 0) -> int:
    person_id = company.actors[member].id
    assert person_id is not None
    return person_id


def test_inbox_when_a_request_came_then_a_representative_accepts_it(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann, company = make_attendee(edition, now, name="Ann"), make_company(edition, now, members=2)
    code = request_meeting(edition, ann, company, now, FIRST)
    browser = browser_of(app, person_of(company))

    overview = browser.get(f"/en/exhibitor/{company.slug}").text
    inbox, page = browser.get(path_of(company)).text, browser.get(path_of(company, f"/{code}")).text
    choice = {"act": "accept", "starts_at": FIRST.isoformat(), "member": company.member_ids[1]}
    browser.post(path_of(company, f"/{code}"), data=choice)

    row = get_meeting(company.party(edition), code)
    assert ("Waiting for your answer" in inbox, "Ann" in inbox, "Rep 2 of" in page) == (True, True, True)
    assert (row.state, row.of_side(Side.HOST)[0].member_id) == (MeetingState.SCHEDULED, company.member_ids[1])
    assert "Ann" in browser.get(path_of(company, "/day")).text
    assert "meeting waits for your answer" in overview
    assert "Nothing is waiting for you" in (later := browser.get(f"/en/exhibitor/{company.slug}").text)
    assert "Next meetings" in later
    assert "SUMMARY:Ann" in browser.get(path_of(company, "/calendar.ics")).text


def test_pages_when_somebody_of_another_company_or_nobody_opens_them_then_they_see_nothing(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann, company = make_attendee(edition, now, name="Ann"), make_company(edition, now)
    other = make_company(edition, now, "Cloud House")
    row = make_meeting(edition, ann, company, now)
    paths = ["", "/day", "/calendar.ics", "/new", f"/{row.code}"]

    strangers = (browser_of(app, person_of(other)), browser_of(app, ann.attendee.person_id))
    answers = [browser.get(path_of(company, path)) for browser in strangers for path in paths]
    own = [browser_of(app, person_of(other)).get(path_of(other, path)) for path in paths]

    assert {each.status_code for each in answers} == {404}
    assert [each.status_code for each in own] == [200, 200, 200, 200, 404]
    assert all("Ann" not in each.text for each in (*answers, *own))


def test_visitor_when_the_badge_is_typed_at_another_time_then_nobody_is_checked_in(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann, company = make_attendee(edition, now), make_company(edition, now)
    row = make_meeting(edition, ann, company, now)
    browser = browser_of(app, person_of(company))

    answer = browser.post(path_of(company, "/check-in"), data={"badge": ann.code}, follow_redirects=True)

    assert "Nobody with this badge has a meeting with you now" in answer.text
    assert get_meeting(company.party(edition), row.code).state is MeetingState.SCHEDULED


def test_badge_when_scanned_at_its_time_then_the_visitor_and_the_representative_are_there(
    app: Flask, edition: EditionFacts
) -> None:
    now = utcnow()
    ann, ben = make_attendee(edition, now, name="Ann"), make_attendee(edition, now, name="Ben")
    company, other = make_company(edition, now), make_company(edition, now, "Cloud House")
    row = make_meeting(edition, ann, company, now)
    with atomic():
        meeting = db.session.get_one(Meeting, row.id)
        meeting.starts_at, meeting.ends_at = now, now + timedelta(minutes=25)
    scanner, of_other = browser_of(app, person_of(company)), browser_of(app, person_of(other))
    page = scanner.get(path_of(company, "/check-in"))

    def scan(badge: Any, browser: FlaskClient = scanner, at: MadeCompany = company) -> tuple[str, str]:
        body = json.dumps({"scans": [scan_body(badge)]})
        answer = browser.post(path_of(at, "/check-in/scans"), data=body, content_type="application/json")
        (found,) = answer.get_json()["answers"]
        return found["outcome"], found.get("message", "")

    scans = [scan(each) for each in (ben.token, "\ud800a\x00b", 7, None, ann.token, ann.code.lower())]
    at_another = scan(ann.token, of_other, other)

    nobody = ("nobody", "Nobody with this badge has a meeting with you now. Check the code and the time.")
    assert scans[:4] == [nobody, nobody, ("invalid", ""), nobody]
    assert (scans[4:], at_another) == (
        [("arrived", "Ann is checked in."), ("arrived", "Ann was already checked in.")],
        nobody,
    )
    assert ("camera=(self)" in page.headers["Permissions-Policy"], 'id="typed"' in page.text) == (True, True)
    assert "Data Valley" not in page.text
    assert scanner.get(path_of(company, "/check-in/booth")).headers["Cache-Control"] == "no-store"
    after = get_meeting(company.party(edition), row.code)
    assert (after.state, [each.checked_in_at is not None for each in after.participants]) == (
        MeetingState.HELD,
        [True, True],
    )


def test_representatives_when_chosen_on_the_page_then_all_of_them_come(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann, company = make_attendee(edition, now), make_company(edition, now, members=3)
    row = make_meeting(edition, ann, company, now)
    browser, path = browser_of(app, person_of(company)), path_of(company, f"/{row.code}")

    browser.post(path, data={"act": "assign", "member": list(company.member_ids[1:])})
    nobody = browser.post(path, data={"act": "assign"}, follow_redirects=True).text

    hosts = [each.member_id for each in get_meeting(company.party(edition), row.code).of_side(Side.HOST)]
    assert (hosts, "Choose at least one representative." in nobody) == (list(company.member_ids[1:]), True)


def test_invitation_when_the_company_has_no_time_then_says_what_to_do(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    rep = make_attendee(edition, now)
    company = make_company(edition, now, attendees=(rep,))
    ann = make_person(edition, now, Visibility.EXHIBITORS)
    for n in range(3):
        begins = FIRST + timedelta(days=n)
        mark_busy(guest_of(edition, rep), begins, begins + timedelta(hours=10))

    page = browser_of(app, person_of(company)).get(path_of(company, f"/new?attendee={ann.code}")).text

    assert "Cancel a meeting, or add a colleague to your team." in page


def test_invitation_when_the_visitor_did_not_agree_to_be_found_then_there_is_nobody_to_invite(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann, company = make_attendee(edition, now, name="Ann"), make_company(edition, now)
    browser = browser_of(app, person_of(company))

    page = browser.get(path_of(company, f"/new?attendee={ann.code}"))
    sent = browser.post(path_of(company, "/new"), data={"attendee": ann.code, "message": "Hello"})

    assert ("Nobody to invite" in page.text, "Ann" in page.text, sent.status_code) == (True, False, 422)
