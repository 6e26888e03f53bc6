"""Meetings over the API: requested, accepted, declined and cancelled, each repeatable."""

from datetime import datetime

import pytest
from flask import Flask

from expo.accounts.rules import SYSTEM, Permission
from expo.editions.queries import EditionFacts
from expo.meetings.rules import TableRequest
from expo.meetings.services import add_tables
from expo.profiles.rules import Visibility
from tests.api.calls import Api, make_token
from tests.conftest import make_edition
from tests.make import MadeAttendee, make_attendee
from tests.meetings import FIRST, SECOND, MadeCompany, make_company, make_meeting
from tests.profiles import make_person


@pytest.fixture
def api(app: Flask, edition: EditionFacts) -> Api:
    return Api(app, make_token(edition))


@pytest.fixture
def ann(edition: EditionFacts, now: datetime) -> MadeAttendee:
    return make_attendee(edition, now, name="Ann", email="secret@example.org")


@pytest.fixture
def company(edition: EditionFacts, now: datetime) -> MadeCompany:
    return make_company(edition, now)


def _wish(ann: MadeAttendee, company: MadeCompany) -> dict[str, object]:
    return {"exhibitor": company.slug, "attendee": ann.code, "message": "Hello", "times": [FIRST.isoformat()]}


def test_meeting_when_requested_accepted_and_cancelled_then_each_answer_has_its_state(
    api: Api, ann: MadeAttendee, company: MadeCompany
) -> None:
    sent = [api.post("/meetings", _wish(ann, company), Idempotency_Key="one") for _ in range(2)]
    code = sent[0].get_json()["id"]
    wrong = api.post(f"/meetings/{code}/accept", {"starts_at": "2027-05-26T09:01:00+08:00"})
    accepted = [api.post(f"/meetings/{code}/accept", {"starts_at": FIRST.isoformat()}) for _ in range(2)]
    cancelled = [api.post(f"/meetings/{code}/cancel", {"reason": "Closed"}) for _ in range(2)]
    after = api.post(f"/meetings/{code}/accept", {"starts_at": SECOND.isoformat()})

    assert [each.status_code for each in sent] == [201, 201]
    assert sent[0].get_json() == sent[1].get_json()
    assert (wrong.status_code, wrong.get_json()["code"]) == (422, "meeting_time_invalid")
    assert [(each.get_json()["state"], each.get_json()["place"]) for each in accepted] == [("scheduled", "booth")] * 2
    assert [(each.get_json()["state"], each.get_json()["reason"]) for each in cancelled] == [
        ("cancelled", "Closed")
    ] * 2
    assert (after.status_code, after.get_json()["code"]) == (409, "meeting_answered")
    assert "secret@" not in api.get("/meetings").text + api.get(f"/meetings/{code}").text


def test_meeting_when_declined_then_a_second_request_is_refused(
    api: Api, ann: MadeAttendee, company: MadeCompany
) -> None:
    code = api.post("/meetings", _wish(ann, company)).get_json()["id"]

    declined = api.post(f"/meetings/{code}/decline", {"reason": "No time"})
    again = api.post("/meetings", _wish(ann, company))

    assert declined.get_json()["state"] == "declined"
    assert (again.status_code, again.get_json()["code"]) == (409, "meeting_declined_before")


def test_meetings_when_listed_then_are_paged_and_filtered_by_state(
    api: Api, edition: EditionFacts, now: datetime, company: MadeCompany
) -> None:
    codes = [make_meeting(edition, make_attendee(edition, now), company, now, at).code for at in (FIRST, SECOND)]

    first = api.get("/meetings", limit=1).get_json()
    second = api.get("/meetings", limit=1, cursor=first["next"]).get_json()

    assert [page["items"][0]["id"] for page in (first, second)] == codes
    assert second["next"] is None
    assert api.get("/meetings", state="declined").get_json()["items"] == []


def test_meetings_when_the_token_may_not_or_is_of_another_edition_then_nothing_is_given(
    app: Flask, edition: EditionFacts, now: datetime, ann: MadeAttendee, company: MadeCompany
) -> None:
    code = make_meeting(edition, ann, company, now).code
    weak = Api(app, make_token(edition, Permission.EXHIBITORS_READ))
    other = Api(app, make_token(make_edition(now, "expo-2028", 2028)))

    assert [weak.get("/meetings").status_code, weak.get(f"/meetings/{code}").status_code] == [403, 403]
    assert [other.get("/meetings").get_json()["items"], other.get(f"/meetings/{code}").status_code] == [[], 404]
    assert other.post(f"/meetings/{code}/cancel", {}).status_code == 404


def test_meeting_when_of_two_attendees_then_is_asked_moved_and_cancelled(
    api: Api, edition: EditionFacts, now: datetime, ann: MadeAttendee, company: MadeCompany
) -> None:
    add_tables(SYSTEM, edition.id, [TableRequest("T1"), TableRequest("T2")], now)
    ben = make_person(edition, now, Visibility.EVERYONE, {"name": "Ben"})
    body = {"attendee": ann.code, "with_attendee": ben.code, "times": [FIRST.isoformat()]}

    code = api.post("/meetings", body).get_json()["id"]
    accepted = api.post(f"/meetings/{code}/accept", {"starts_at": FIRST.isoformat()}).get_json()
    moved = api.post(f"/meetings/{code}/move", {"starts_at": SECOND.isoformat(), "table": "T2"}).get_json()
    cancelled = api.post(f"/meetings/{code}/cancel", {"reason": "Closed"}).get_json()
    late = api.post(f"/meetings/{code}/move", {"starts_at": FIRST.isoformat()})
    wrong = [api.post("/meetings", each) for each in ({"attendee": ann.code}, {**body, "exhibitor": company.slug})]

    assert [each["attendee"] for each in accepted["participants"]] == [ann.code, ben.code]
    assert (accepted["exhibitor"], accepted["place_code"]) == (None, "T1")
    assert (moved["starts_at"], moved["place_code"]) == (SECOND.isoformat().replace("+00:00", "Z"), "T2")
    assert (cancelled["state"], late.status_code) == ("cancelled", 409)
    assert [(each.status_code, each.get_json()["code"]) for each in wrong] == [(422, "meeting_one_to_ask")] * 2


def test_meeting_when_the_other_attendee_cannot_be_found_then_there_is_none(
    api: Api, edition: EditionFacts, now: datetime, ann: MadeAttendee
) -> None:
    hidden = [make_person(edition, now, each) for each in (Visibility.EXHIBITORS, Visibility.NOBODY)]

    answers = [api.post("/meetings", {"attendee": ann.code, "with_attendee": each.code}) for each in hidden]

    assert [each.status_code for each in answers] == [404, 404]
    assert api.get("/meetings").get_json()["items"] == []
