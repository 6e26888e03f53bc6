"""Two attendees meet: found in the directory, asked, answered, moved and cancelled, each on their own pages."""

import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from expo.infra.db import db
from expo.meetings.queries import list_meetings
from expo.meetings.rules import MeetingState, ParticipantState, SettingsRequest, TableRequest
from expo.meetings.services import add_tables, change_settings
from expo.profiles.models import Profile
from expo.profiles.rules import Visibility
from tests.make import MadeAttendee
from tests.meetings import FIRST, SECOND, THIRD, guest_of, make_company
from tests.profiles import make_person
from tests.sessions import browser_of

NEW = "/en/me/meetings/new"


@pytest.fixture
def ann(edition: EditionFacts, now: datetime) -> MadeAttendee:
    add_tables(SYSTEM, edition.id, [TableRequest("T1"), TableRequest("T2")], now)
    return make_person(edition, now, Visibility.EVERYONE, {"name": "Ann", "email": "ann-secret@example.org"})


@pytest.fixture
def ben(edition: EditionFacts, now: datetime) -> MadeAttendee:
    return make_person(edition, now, Visibility.EVERYONE, {"name": "Ben", "email": "ben-secret@example.org"})


def key_of(made: MadeAttendee) -> str:
    return db.session.scalars(select(Profile.key).where(Profile.attendee_id == made.id)).one()


def browser(app: Flask, made: MadeAttendee) -> FlaskClient:
    return browser_of(app, made.attendee.person_id)


def test_meeting_when_asked_countered_moved_and_cancelled_then_both_pages_follow(
    app: Flask, edition: EditionFacts, ann: MadeAttendee, ben: MadeAttendee
) -> None:
    of_ann, of_ben = browser(app, ann), browser(app, ben)
    directory = of_ann.get("/en/people").text
    person = of_ann.get(f"/en/people/{key_of(ben)}").text
    form = of_ann.get(f"{NEW}?attendee={key_of(ben)}").text
    assert ("Ben" in directory, "Request a meeting" in person, "Send request" in form) == (True, True, True)

    data = {"attendee": key_of(ben), "message": "Open data?", "times": [FIRST.isoformat(), SECOND.isoformat()]}
    page = of_ann.post(NEW, data=data).location
    inbox, asked = of_ben.get("/en/me/meetings").text, of_ben.get(page).text
    assert ("Waiting for your answer" in inbox, "Open data?" in asked) == (True, True)
    of_ben.post(page, data={"act": "propose", "times": THIRD.isoformat(), "message": "Later?"})
    countered = of_ann.get(page).text
    of_ann.post(page, data={"act": "accept", "starts_at": THIRD.isoformat()})
    (row,) = list_meetings(guest_of(edition, ann))
    assert ("Later?" in countered, row.state, row.starts_at, row.place_code) == (
        True,
        MeetingState.SCHEDULED,
        THIRD,
        "T1",
    )

    of_ann.post(page, data={"act": "propose", "times": FIRST.isoformat()})
    of_ben.post(page, data={"act": "accept", "starts_at": FIRST.isoformat()})
    (row,) = list_meetings(guest_of(edition, ben))
    of_ben.post(page, data={"act": "cancel", "reason": "My train is late."})
    cancelled = of_ann.get(page).text
    assert (row.starts_at, "My train is late." in cancelled) == (FIRST, True)
    assert "Past and cancelled" in of_ann.get("/en/me/meetings").text
    assert all("-secret@" not in text for text in (directory, person, form, inbox, asked, countered, cancelled))


def test_request_when_declined_with_a_reason_then_it_is_read_and_no_other_can_be_sent(
    app: Flask, edition: EditionFacts, ann: MadeAttendee, ben: MadeAttendee
) -> None:
    of_ann, of_ben, data = browser(app, ann), browser(app, ben), {"attendee": key_of(ben), "message": "Coffee?"}
    page = of_ann.post(NEW, data=data).location

    of_ben.post(page, data={"act": "decline", "reason": "I only meet buyers."})
    again = of_ann.post(NEW, data=data)

    assert "I only meet buyers." in of_ann.get(page).text
    assert (again.status_code, "Your earlier request was declined" in again.text) == (409, True)


def test_online_meeting_when_the_asked_one_gives_the_link_then_both_open_it_safely(
    app: Flask, edition: EditionFacts, ann: MadeAttendee, ben: MadeAttendee
) -> None:
    of_ann, of_ben = browser(app, ann), browser(app, ben)
    page = of_ann.post(NEW, data={"attendee": key_of(ben), "virtual": "on"}).location
    asked = of_ben.get(page).text

    without = of_ben.post(page, data={"act": "accept", "starts_at": FIRST.isoformat()}, follow_redirects=True).text
    script = {"act": "accept", "starts_at": FIRST.isoformat(), "link": "javascript:alert(1)"}
    refused = of_ben.post(page, data=script, follow_redirects=True).text
    of_ben.post(page, data={**script, "link": "https://meet.example/1"})

    assert 'name="link"' in asked
    assert ("Enter the link of the online meeting" in without, "starts with https://" in refused) == (True, True)
    for each in (of_ann, of_ben):
        (link,) = re.findall(r'<a href="https://meet.example/1"[^>]*>', each.get(page).text)
        assert 'rel="noopener noreferrer"' in link


def test_person_when_seen_by_exhibitors_only_then_attendees_neither_find_nor_invite_them(
    app: Flask, edition: EditionFacts, now: datetime, ann: MadeAttendee, ben: MadeAttendee
) -> None:
    hidden = [
        make_person(edition, now, Visibility.EXHIBITORS, {"name": "Cai"}),
        make_person(edition, now, Visibility.NOBODY, {"name": "Cai"}),
    ]
    of_ann = browser(app, ann)

    answers = [
        answer
        for each in hidden
        for name in (key_of(each), each.code, each.code.lower(), each.token)
        for answer in (
            of_ann.get(f"{NEW}?attendee={name}"),
            of_ann.post(NEW, data={"attendee": name, "message": "Hello"}),
        )
    ]
    with_ben = {"attendee": [key_of(ben), *map(key_of, hidden)], "times": FIRST.isoformat(), "message": "Hello"}
    group = of_ann.post(NEW, data=with_ben)

    assert {each.status_code for each in answers} == {404}
    assert all(">Cai<" not in of_ann.get(path).text for path in ("/en/people", "/en/people?q=Cai", "/en/me"))
    assert {of_ann.get(f"/en/people/{key_of(each)}").status_code for each in hidden} == {404}
    assert ">Cai<" not in of_ann.get(group.location).text
    assert [list_meetings(guest_of(edition, each)) for each in hidden] == [[], []]


def test_block_when_set_then_neither_finds_nor_asks_the_other_until_it_is_lifted(
    app: Flask, edition: EditionFacts, ann: MadeAttendee, ben: MadeAttendee
) -> None:
    of_ann, of_ben = browser(app, ann), browser(app, ben)
    page = of_ann.post(NEW, data={"attendee": key_of(ben), "message": "Spam"}).location

    of_ben.post(page, data={"act": "block"})
    blocked = [
        of_ann.get(f"/en/people/{key_of(ben)}"),
        of_ann.get(f"{NEW}?attendee={key_of(ben)}"),
        of_ann.post(NEW, data={"attendee": ben.code}),
        of_ben.get(f"/en/people/{key_of(ann)}"),
    ]
    (row,) = list_meetings(guest_of(edition, ann))
    found = [">Ben<" in of_ann.get("/en/people").text, ">Ann<" in of_ben.get("/en/people").text]
    of_ben.post(page, data={"act": "unblock"})

    assert ({each.status_code for each in blocked}, row.state, found) == ({404}, MeetingState.DECLINED, [False, False])
    assert ">Ben<" in of_ann.get("/en/people").text


def test_request_when_the_phase_is_over_then_the_form_says_so(
    app: Flask, edition: EditionFacts, now: datetime, ann: MadeAttendee, ben: MadeAttendee
) -> None:
    change_settings(SYSTEM, edition.id, SettingsRequest(closes_at=utcnow()), now)

    answer = browser(app, ann).post(NEW, data={"attendee": key_of(ben), "message": "Hello"})

    assert (answer.status_code, "The time for meeting requests is over" in answer.text) == (409, True)
    assert list_meetings(guest_of(edition, ben)) == []


def test_group_when_chosen_in_the_directory_then_each_answers_on_their_own_page(
    app: Flask, edition: EditionFacts, now: datetime, ann: MadeAttendee, ben: MadeAttendee
) -> None:
    cai = make_person(edition, now, Visibility.EVERYONE, {"name": "Cai"})
    of_ann, of_ben, of_cai = (browser(app, each) for each in (ann, ben, cai))
    keys = re.findall(r'name="attendee"\s+value="([^"]+)" form="group"', of_ann.get("/en/people").text)
    nobody = of_ann.get(NEW, follow_redirects=True).text

    form = of_ann.get(NEW, query_string={"attendee": keys}).text
    two_times = {"attendee": keys, "times": [FIRST.isoformat(), SECOND.isoformat()], "message": "Lunch"}
    refused = of_ann.post(NEW, data=two_times)
    page = of_ann.post(NEW, data={**two_times, "times": FIRST.isoformat()}).location
    before = of_cai.get(page).text
    of_ben.post(page, data={"act": "accept", "starts_at": FIRST.isoformat()})
    after = of_cai.get(page).text
    of_cai.post(page, data={"act": "decline", "reason": "Hungry later"})

    (row,) = list_meetings(guest_of(edition, ann))
    assert (sorted(keys), "Choose at least one person." in nobody) == (sorted(map(key_of, (ben, cai))), True)
    assert (form.count('type="radio"') > 0, refused.status_code) == (True, 422)
    assert ("Ben" in before, "1 more person is invited." in before, "Ben" in after) == (False, True, True)
    assert {each.name: each.state for each in row.participants} == {
        "Ann": ParticipantState.JOINED,
        "Ben": ParticipantState.JOINED,
        "Cai": ParticipantState.DECLINED,
    }
    assert ("You are not attending" in of_cai.get(page).text, "Send message" in of_cai.get(page).text) == (True, False)
    assert "Leave meeting" in of_ben.get(page).text


def test_request_when_one_has_no_free_time_then_says_what_to_do(
    app: Flask, edition: EditionFacts, ann: MadeAttendee, ben: MadeAttendee
) -> None:
    of_ann = browser(app, ann)
    for day in ("26", "27", "28"):
        of_ann.post("/en/me/busy", data={"day": f"2027-05-{day}"})

    own = of_ann.get(f"{NEW}?attendee={key_of(ben)}").text
    of_other = browser(app, ben).get(f"{NEW}?attendee={key_of(ann)}").text

    assert "Remove a session from your schedule or a time that you keep free" in own
    assert "They have no free time on the days of their ticket." in of_other


def test_person_when_opened_by_a_representative_without_a_registration_then_is_invited_by_the_company(
    app: Flask, edition: EditionFacts, now: datetime, ann: MadeAttendee
) -> None:
    company = make_company(edition, now)
    rep = browser_of(app, company.actors[0].id or 0)

    page = rep.get(f"/en/people/{key_of(ann)}").text

    invite = f"/en/exhibitor/{company.slug}/meetings/new?attendee={key_of(ann)}"
    assert invite in page
    assert 'name="message"' in rep.get(invite).text
    rep.post(invite, data={"attendee": key_of(ann), "message": "Hello"})
    again = rep.get(invite).text
    assert ("You have already sent a request" in again, 'name="message"' in again) == (True, False)
    assert "Request a meeting" not in page
