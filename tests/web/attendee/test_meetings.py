"""An attendee requests a meeting, answers, and sees their own meetings only."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts
from expo.flows.meetings import decline_meeting, propose_times
from expo.meetings.queries import get_meeting, list_busy_marks, list_meetings
from expo.meetings.rules import MeetingState, SettingsRequest
from expo.meetings.services import change_settings
from expo.profiles.rules import Visibility
from expo.web.kit import meeting_actions
from tests.make import make_attendee
from tests.meetings import FIRST, SECOND, THIRD, guest_of, make_company, make_meeting, request_meeting
from tests.profiles import make_person
from tests.sessions import browser_of


def test_meetings_when_there_are_none_then_the_list_says_how_to_begin(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann = make_attendee(edition, now)

    page = browser_of(app, ann.attendee.person_id).get("/en/me/meetings")

    assert (page.status_code, "No meetings yet" in page.text) == (200, True)


def test_request_when_sent_from_the_form_then_is_shown_with_its_times(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann, company = make_attendee(edition, now), make_company(edition, now)
    browser = browser_of(app, ann.attendee.person_id)
    form = browser.get(f"/en/me/meetings/new?exhibitor={company.slug}")
    times = re.findall(r'name="times" value="([^"]+)"', form.text)
    data = {"exhibitor": company.slug, "message": "Data exchange?", "times": times[:2], "key": "form-1"}

    sent = [browser.post("/en/me/meetings/new", data=data) for _ in range(2)]

    (row,) = list_meetings(guest_of(edition, ann))
    assert [each.location for each in sent] == [f"/en/me/meetings/{row.code}"] * 2
    page = browser.get(sent[0].location).text
    assert ("Data exchange?" in page, "Data Valley" in page, row.proposals) == (True, True, (FIRST, SECOND))


def test_request_when_there_were_too_many_then_the_form_keeps_the_text_and_says_when_to_try_again(
    app: Flask, edition: EditionFacts, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meeting_actions, "RATE", "1/hour")
    ann, company = make_attendee(edition, now), make_company(edition, now)
    browser = browser_of(app, ann.attendee.person_id)
    chosen = FIRST.astimezone(edition.zone).isoformat()
    data = {"exhibitor": company.slug, "message": "My long text", "times": [chosen, "yesterday"]}
    guest = make_person(edition, now, Visibility.EVERYONE)
    inviting = browser_of(app, company.actors[0].id or 0)
    invitation = {"attendee": guest.attendee.code, "message": "Come and see", "times": "yesterday"}

    wrong, refused = (browser.post("/en/me/meetings/new", data=data) for _ in range(2))
    first, second = (inviting.post(f"/en/exhibitor/{company.slug}/meetings/new", data=invitation) for _ in range(2))

    assert [each.status_code for each in (wrong, refused, first, second)] == [422, 429, 422, 429]
    assert ">My long text</textarea>" in refused.text
    assert re.search(rf'value="{re.escape(chosen)}"[^>]* checked', refused.text)
    assert ">Come and see</textarea>" in second.text
    for page in (refused, second):
        assert "Too many attempts. Wait" in page.text
        assert 0 < int(page.headers["Retry-After"]) <= 3600


def test_request_when_it_opens_later_then_the_page_says_when_in_the_zone_of_the_expo(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann, company = make_attendee(edition, now), make_company(edition, now)
    opens_at = datetime(2027, 5, 1, 20, 30, tzinfo=UTC)
    change_settings(SYSTEM, edition.id, SettingsRequest(opens_at=opens_at), now)

    page = browser_of(app, ann.attendee.person_id).get(f"/en/me/meetings/new?exhibitor={company.slug}")

    assert "Meetings can be requested from 2 May 2027, 04:30" in page.text


def test_request_when_it_cannot_be_sent_then_the_form_says_why_and_keeps_the_text(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann, company = make_attendee(edition, now), make_company(edition, now)
    browser = browser_of(app, ann.attendee.person_id)
    request_meeting(edition, ann, company, now)

    again = browser.post("/en/me/meetings/new", data={"exhibitor": company.slug, "message": "Still there?"})
    other = make_company(edition, now, "Cloud Hill", booth=None)
    wrong = browser.post("/en/me/meetings/new", data={"exhibitor": other.slug, "times": "yesterday", "message": "Hm?"})

    assert (again.status_code, wrong.status_code) == (409, 422)
    assert "You have already sent a request" in again.text
    assert "Still there?" in again.text
    assert (">Hm?</textarea>" in wrong.text, 'name="message"' in again.text) == (True, False)
    code = list_meetings(guest_of(edition, ann))[0].code
    opened = browser.get(f"/en/me/meetings/new?exhibitor={company.slug}").text
    assert ("You have already sent a request" in opened, f"/en/me/meetings/{code}" in opened) == (True, True)
    decline_meeting(company.party(edition), code, "", now)
    declined = browser.get(f"/en/me/meetings/new?exhibitor={company.slug}").text
    assert ("Your earlier request was declined" in declined, 'name="message"' in declined) == (True, False)


def test_meeting_when_the_company_proposes_other_times_then_the_attendee_accepts_one(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann, company = make_attendee(edition, now), make_company(edition, now)
    code = request_meeting(edition, ann, company, now, FIRST)
    propose_times(company.party(edition), code, (SECOND, THIRD), "Later?", now)
    browser = browser_of(app, ann.attendee.person_id)

    page = browser.get(f"/en/me/meetings/{code}").text
    offered = re.findall(r'name="starts_at" value="([^"]+)"', page)
    browser.post(f"/en/me/meetings/{code}", data={"act": "accept", "starts_at": offered[1]})

    row = get_meeting(guest_of(edition, ann), code)
    assert ("Later?" in page, len(offered)) == (True, 2)
    assert (row.state, row.starts_at) == (MeetingState.SCHEDULED, THIRD)
    assert "Your next meeting" in browser.get("/en/me").text


def test_meeting_when_an_answer_is_refused_then_the_page_keeps_what_was_typed_and_chosen(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann, company = make_attendee(edition, now), make_company(edition, now)
    code = request_meeting(edition, ann, company, now, FIRST)
    of_ann = browser_of(app, ann.attendee.person_id), f"/en/me/meetings/{code}"
    of_team = browser_of(app, company.actors[0].id or 0), f"/en/exhibitor/{company.slug}/meetings/{code}"
    chosen, long = SECOND.astimezone(edition.zone).isoformat(), "Wait! " * 400

    for browser, path in (of_ann, of_team):
        written = browser.post(path, data={"act": "message", "text": long})
        assert (written.status_code, f">{long}</textarea>" in written.text) == (422, True)
    browser, path = of_team
    proposed = browser.post(path, data={"act": "propose", "times": [chosen, "yesterday"], "message": "Or so?"})

    assert (proposed.status_code, ">Or so?</textarea>" in proposed.text) == (422, True)
    assert re.search(rf'name="times" value="{re.escape(chosen)}"[^>]* checked', proposed.text)
    assert re.search(r"<details open>\s*<summary[^>]*>(?:(?!</summary>).)*Propose", proposed.text, re.DOTALL)


def test_meeting_when_somebody_else_opens_it_then_there_is_none(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann, ben = make_attendee(edition, now, name="Ann"), make_attendee(edition, now, name="Ben")
    row = make_meeting(edition, ann, make_company(edition, now), now)
    of_ben = browser_of(app, ben.attendee.person_id)

    answers = [
        of_ben.get(f"/en/me/meetings/{row.code}"),
        of_ben.post(f"/en/me/meetings/{row.code}", data={"act": "cancel"}),
        app.test_client().get(f"/en/me/meetings/{row.code}"),
    ]

    assert [each.status_code for each in answers] == [404, 404, 302]
    assert all("Data Valley" not in of_ben.get(path).text for path in ("/en/me", "/en/me/meetings"))
    assert get_meeting(guest_of(edition, ann), row.code).state is MeetingState.SCHEDULED


def test_calendar_when_subscribed_then_has_own_meetings_of_both_sides_and_crosses_out_cancelled_ones(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann, rep = make_attendee(edition, now, name="Ann"), make_attendee(edition, now, name="Rep")
    ben = make_attendee(edition, now, name="Ben")
    company = make_company(edition, now, attendees=(rep,))
    row = make_meeting(edition, ann, company, now)

    feeds = []
    for made in (ann, rep, ben):
        browser = browser_of(app, made.attendee.person_id)
        browser.post("/en/me/calendar")
        found = re.search(r"/calendar/[^\"<]+\.ics", browser.get("/en/me").text)
        feeds.append(found[0] if found else "")
    before = [app.test_client().get(path).text for path in feeds]
    browser_of(app, ann.attendee.person_id).post(f"/en/me/meetings/{row.code}", data={"act": "cancel"})
    after = [app.test_client().get(path).text for path in feeds]

    titles = [re.findall(r"SUMMARY:(.+)\r", text) for text in before]
    assert titles == [["Data Valley"], [ann.attendee.name], []]
    assert [re.findall(r"STATUS:(\w+)", text) for text in before] == [["CONFIRMED"], ["CONFIRMED"], []]
    assert [re.findall(r"STATUS:(\w+)", text) for text in after] == [["CANCELLED"], ["CANCELLED"], []]
    assert [re.findall(r"SEQUENCE:(\d)", text) for text in (before[0], after[0])] == [["1"], ["2"]]


def test_busy_times_when_marked_then_are_listed_and_can_be_removed(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann, ben = make_attendee(edition, now), make_attendee(edition, now)
    browser = browser_of(app, ann.attendee.person_id)
    made = make_meeting(edition, ann, make_company(edition, now), now, FIRST + timedelta(hours=3))
    period = {"day": "2027-05-26", "from": "12:00", "until": "13:00"}
    answer = browser.post("/en/me/busy", data=period, follow_redirects=True).text
    browser.post("/en/me/busy", data={"day": "never", "from": "12:00", "until": "13:00"})
    browser.post("/en/me/busy", data={"day": "2027-05-26", "from": "13:00", "until": "12:00"})
    (mark,) = list_busy_marks(ann.id)

    browser_of(app, ben.attendee.person_id).post("/en/me/busy", data={"remove": mark.id})
    assert list_busy_marks(ann.id) == [mark]
    browser.post("/en/me/busy", data={"remove": mark.id})

    assert (mark.ends_at - mark.starts_at, list_busy_marks(ann.id)) == (timedelta(hours=1), [])
    assert "Your meeting with Data Valley on 26 May 2027, 12:00 stays." in answer
    assert get_meeting(guest_of(edition, ann), made.code).state is MeetingState.SCHEDULED
