"""The timetable's pages: what the editor shows, the plain form, and the JSON that the script sends and polls."""

import json
import re
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from expo.accounts.rules import Role
from expo.editions.queries import EditionFacts, get_edition
from expo.flows.sessions import change_session
from expo.infra.db import db
from expo.program.queries import list_changes, list_sessions, read_draft
from expo.program.rules.timetable import Slot, slot_to_json
from expo.program.services import place_session
from tests.timetables import make_planner, make_room, make_session, session_request, slot_at
from tests.web.organizer.conftest import SignIn
from tests.web.query_counts import count_queries

PAGE = "/organizer/program/timetable"


def _data(page: str) -> Any:
    found = re.search(r'id="timetable-data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def _place(
    browser: FlaskClient, slug: str, slot: Slot | None, before: Slot | None = None, request_id: str = "", since: int = 0
) -> Any:
    body = {"slug": slug, "slot": slot_to_json(slot), "before": slot_to_json(before)}
    return browser.post(f"{PAGE}/placements", json=body | {"request_id": request_id, "since": since})


def _slots(edition: EditionFacts) -> dict[str, Slot | None]:
    db.session.rollback()
    return {each.slug: each.slot for each in read_draft(edition).sessions.values()}


def test_editor_when_opened_then_has_the_draft_and_its_conflicts(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    room, ann = make_room(edition, hall_id=None, capacity=5), make_planner(edition, "Ann", now)
    make_session(edition, "talk", "Ada", expected_audience=50)
    make_session(edition, "open-talk", title={"en": "<b>Open</b>"})
    make_session(edition, "off", state="cancelled", title={"en": "Called off"})
    place_session(ann, edition.id, "talk", slot_at(room), None, now)

    page = organizer.get(PAGE).text
    data = _data(page)

    assert {each["slug"]: each["slot"] for each in data["sessions"]} == {
        "talk": slot_to_json(slot_at(room)),
        "open-talk": None,
    }
    assert [each["kind"] for each in data["conflicts"]] == ["capacity"]
    assert "50 people are expected in “Talk”, but Hall 1 has room for 5." in page
    assert ("&lt;b&gt;Open&lt;/b&gt;" in page, "<b>Open" in page, "Called off" in page) == (True, False, False)
    assert [each["date"] for each in data["days"]] == ["2027-05-26", "2027-05-27", "2027-05-28"]


def test_editor_when_there_are_no_rooms_or_sessions_then_says_what_to_do(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    assert "No rooms yet" in organizer.get(PAGE).text
    make_room(edition)
    assert "No sessions yet" in organizer.get(PAGE).text


@pytest.mark.parametrize(("day", "shown"), [("", "2027-05-26"), ("2027-05-27", "2027-05-27"), ("x", "2027-05-26")])
def test_editor_when_a_day_is_chosen_then_shown(
    day: str, shown: str, organizer: FlaskClient, edition: EditionFacts
) -> None:
    make_room(edition)
    make_session(edition, "talk")

    assert _data(organizer.get(f"{PAGE}?day={day}").text)["day"] == shown


def test_editor_when_a_session_is_past_midnight_then_in_the_day_before(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    room, ann = make_room(edition), make_planner(edition, "Ann", now)
    make_session(edition, "night", title={"en": "Night talk"})
    # Half past midnight, 15.5 hours after nine in the morning.
    place_session(ann, edition.id, "night", slot_at(room, 930), None, now)

    pages = [organizer.get(f"{PAGE}?day=2027-05-{day}").text.partition("data-rooms")[2] for day in (26, 27)]

    assert ["Night talk" in page.partition("timetable-data")[0] for page in pages] == [True, False]


def test_editor_when_there_are_more_sessions_then_no_more_queries(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    room, ann = make_room(edition), make_planner(edition, "Ann", now)

    def add(count: int) -> int:
        for number in range(count):
            slug = f"talk-{count}-{number}"
            make_session(edition, slug, f"Ada{number}", expected_audience=20)
            place_session(ann, edition.id, slug, slot_at(room, 10 * number), None, now)
        return count_queries(organizer, PAGE)

    assert add(3) == add(1)


def test_placement_when_sent_by_the_script_then_stored_and_answered_with_its_conflicts(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    room = make_room(edition)
    one, two = make_session(edition, "one"), make_session(edition, "two")
    _place(organizer, "one", slot_at(room))

    answer = _place(organizer, "two", slot_at(room, 10), since=1)

    assert answer.status_code == 200
    assert answer.json["revision"] == 2
    assert answer.json["changes"] == [
        {"session": two, "slot": slot_to_json(slot_at(room, 10)), "name": "organizer@example.org", "isOwn": True}
    ]
    assert [(each["kind"], each["sessions"]) for each in answer.json["conflicts"]] == [("room_overlap", [one, two])]
    assert answer.json["history"] == {"undo": True, "redo": False}
    assert _slots(edition) == {"one": slot_at(room), "two": slot_at(room, 10)}
    # The draft does not leak.
    assert list_sessions(edition.id) == []


def test_placement_when_somebody_else_was_faster_then_told_who_and_what(
    sign_in: SignIn, edition: EditionFacts, now: datetime
) -> None:
    room, talk = make_room(edition), make_session(edition, "talk")
    browser = sign_in(Role.PROGRAM_MANAGER)
    place_session(make_planner(edition, "Bo", now), edition.id, "talk", slot_at(room, 60), None, now)

    answer = _place(browser, "talk", slot_at(room))

    assert (answer.status_code, answer.json["code"], answer.json["revision"]) == (409, "placement_changed", 1)
    assert answer.json["error"] == (
        "Bo has moved “Talk” in the meantime. Before: not placed. Now: Hall 1, Wed 26 May, 10:00–10:30."
    )
    assert answer.json["changes"][0] == {
        "session": talk,
        "slot": slot_to_json(slot_at(room, 60)),
        "name": "Bo",
        "isOwn": False,
    }


def test_placement_when_the_request_is_repeated_then_one_change(organizer: FlaskClient, edition: EditionFacts) -> None:
    room = make_room(edition)
    make_session(edition, "talk")

    answers = [_place(organizer, "talk", slot_at(room), request_id="r1") for _ in range(2)]

    assert [(each.status_code, each.json["revision"]) for each in answers] == [(200, 1), (200, 1)]
    assert len(list_changes(edition.id, 0)) == 1


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {"slug": "talk"},
        {"slug": "talk", "slot": 5, "before": None, "request_id": "", "since": 0},
        {"slug": "talk", "slot": {"room_id": 1}, "before": None, "request_id": "", "since": 0},
        {"slug": "talk", "slot": None, "before": None, "request_id": "", "since": "x"},
        {
            "slug": "talk",
            "slot": {"room_id": 1, "starts_at": "2027-05-26T09:00", "ends_at": "2027-05-26T10:00"},
            "before": None,
            "request_id": "",
            "since": 0,
        },
        {
            "slug": "talk",
            "slot": {"room_id": "1", "starts_at": "2027-05-26T09:00Z", "ends_at": "2027-05-26T10:00Z"},
            "before": None,
            "request_id": "",
            "since": 0,
        },
    ],
)
def test_placement_when_unreadable_then_refused(body: object, organizer: FlaskClient, edition: EditionFacts) -> None:
    make_session(edition, "talk")

    assert organizer.post(f"{PAGE}/placements", json=body).status_code == 400


@pytest.mark.parametrize(
    ("slug", "slot", "status"), [("talk", slot_at(1, 0, 2), 422), ("talk", slot_at(9_999), 404), ("no", None, 404)]
)
def test_placement_when_impossible_then_refused_with_a_sentence(
    slug: str, slot: Slot | None, status: int, organizer: FlaskClient, edition: EditionFacts
) -> None:
    make_session(edition, "talk")

    answer = _place(organizer, slug, slot)

    assert (answer.status_code, bool(answer.json["error"])) == (status, True)


def test_changes_when_polled_then_those_since_and_304_while_there_are_none(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    room, talk = make_room(edition), make_session(edition, "talk")
    content = get_edition(edition.id).content_version

    def poll(since: int) -> Any:
        return organizer.get(f"{PAGE}/changes?since={since}", headers={"If-None-Match": f'"{since}.{content}"'})

    before = poll(0)
    place_session(make_planner(edition, "Bo", now), edition.id, "talk", slot_at(room), None, now)
    after = poll(0)

    assert (before.status_code, after.status_code, poll(1).status_code) == (304, 200, 304)
    assert (after.json["revision"], [each["session"] for each in after.json["changes"]]) == (1, [talk])
    assert after.headers["ETag"] == f'"1.{content}"'


def test_change_when_undone_by_the_script_or_by_a_button_then_reverted(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    room = make_room(edition)
    make_session(edition, "talk")
    _place(organizer, "talk", slot_at(room))

    undone = organizer.post(f"{PAGE}/undo", json={"since": 1, "request_id": "u"})
    slots = [_slots(edition)["talk"]]
    redone = organizer.post(f"{PAGE}/redo")
    slots.append(_slots(edition)["talk"])

    assert (undone.get_json()["history"], undone.get_json()["revision"]) == ({"undo": False, "redo": True}, 2)
    assert (redone.status_code, redone.location) == (302, f"{PAGE}?day=2027-05-26")
    assert slots == [None, slot_at(room)]
    assert organizer.post(f"{PAGE}/redo", json={"since": 3}).get_json()["code"] == "nothing_to_redo"
    assert "You have no changes to redo." in organizer.post(f"{PAGE}/redo", follow_redirects=True).text


def _form(browser: FlaskClient, slug: str, **values: object) -> dict[str, object]:
    page = browser.get(f"{PAGE}/sessions/{slug}").text
    before = re.search(r'name="before"[^>]*value="([^"]*)"', page)
    assert before is not None
    return {"before": before[1].replace("&#34;", '"'), **values}


def test_form_when_submitted_then_placed_and_its_conflicts_shown(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    room = make_room(edition)
    make_session(edition, "talk")
    make_session(edition, "other")
    place_session(make_planner(edition, "Bo", now), edition.id, "other", slot_at(room), None, now)
    form = _form(organizer, "talk", room_id=room, day="2027-05-26", starts="09:10", minutes=45)

    checked = organizer.post(f"{PAGE}/sessions/talk", data=form | {"check": "1"})
    unchanged = _slots(edition)["talk"]
    saved = organizer.post(f"{PAGE}/sessions/talk", data=form, follow_redirects=True)

    overlap = "“Other” and “Talk” overlap in Hall 1."
    assert (overlap in checked.text, unchanged, overlap in saved.text) == (True, None, True)
    assert _slots(edition)["talk"] == slot_at(room, 10, 45)


def test_form_when_the_time_is_past_midnight_then_the_night_after_that_day(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    room = make_room(edition)
    make_session(edition, "talk")
    form = _form(organizer, "talk", room_id=room, day="2027-05-26", starts="00:30", minutes=30)

    organizer.post(f"{PAGE}/sessions/talk", data=form)

    assert _slots(edition)["talk"] == slot_at(room, 930)
    assert 'value="00:30"' in organizer.get(f"{PAGE}/sessions/talk").text


def test_form_when_somebody_else_was_faster_then_told_and_a_second_attempt_overwrites(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    room = make_room(edition)
    make_session(edition, "talk")
    form = _form(organizer, "talk", room_id=room, day="2027-05-26", starts="10:00", minutes=30)
    place_session(make_planner(edition, "Bo", now), edition.id, "talk", slot_at(room), None, now)

    refused = organizer.post(f"{PAGE}/sessions/talk", data=form)
    kept = _slots(edition)["talk"]
    seen = re.search(r'name="before"[^>]*value="([^"]*)"', refused.text)
    assert seen is not None
    organizer.post(f"{PAGE}/sessions/talk", data=form | {"before": seen[1].replace("&#34;", '"')})

    assert (refused.status_code, "Bo has moved “Talk”" in refused.text, kept) == (422, True, slot_at(room))
    assert _slots(edition)["talk"] == slot_at(room, 60)


@pytest.mark.parametrize(
    "values",
    [{"starts": "25:00"}, {"starts": ""}, {"minutes": "4"}, {"minutes": "x"}, {"day": "2027-05-25"}, {"room_id": "77"}],
)
def test_form_when_a_value_is_wrong_then_said_at_the_field(
    values: dict[str, str], organizer: FlaskClient, edition: EditionFacts
) -> None:
    room = make_room(edition)
    make_session(edition, "talk")
    form = _form(organizer, "talk", room_id=room, day="2027-05-26", starts="09:00", minutes=30)

    answer = organizer.post(f"{PAGE}/sessions/talk", data=form | values)

    assert (answer.status_code, f'id="{next(iter(values))}-error"' in answer.text) == (422, True)
    assert _slots(edition)["talk"] is None


def test_session_when_removed_by_the_form_then_not_placed(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    room = make_room(edition)
    make_session(edition, "talk")
    place_session(make_planner(edition, "Bo", now), edition.id, "talk", slot_at(room), None, now)

    organizer.post(f"{PAGE}/sessions/talk/remove", data=_form(organizer, "talk"))

    assert _slots(edition)["talk"] is None


def test_checks_when_changed_then_used(organizer: FlaskClient, edition: EditionFacts) -> None:
    answer = organizer.post(f"{PAGE}/checks", data={"walking_minutes": "25", "buffer_minutes": "5"})
    wrong = organizer.post(f"{PAGE}/checks", data={"walking_minutes": "999", "buffer_minutes": ""})

    facts = read_draft(edition).facts
    assert (answer.status_code, wrong.status_code) == (302, 422)
    assert (facts.walking.total_seconds(), facts.buffer.total_seconds()) == (1500, 300)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.DESK, Role.SPEAKER])
def test_timetable_when_the_role_may_not_change_the_programme_then_refused(
    role: Role, sign_in: SignIn, edition: EditionFacts
) -> None:
    room = make_room(edition)
    make_session(edition, "talk")
    browser = sign_in(role)

    answers = [
        browser.get(PAGE),
        browser.get(f"{PAGE}/changes"),
        browser.get(f"{PAGE}/sessions/talk"),
        browser.get(f"{PAGE}/checks"),
        _place(browser, "talk", slot_at(room)),
        browser.post(f"{PAGE}/undo", json={}),
        browser.post(f"{PAGE}/sessions/talk/remove"),
    ]

    assert {each.status_code for each in answers} == {403}
    assert _slots(edition)["talk"] is None


def test_tabs_when_a_reviewer_looks_then_without_the_timetable(sign_in: SignIn, edition: EditionFacts) -> None:
    pages = [sign_in(role).get("/organizer/program/sessions").text for role in (Role.REVIEWER, Role.PROGRAM_MANAGER)]

    assert [PAGE in page for page in pages] == [False, True]


def test_changes_when_a_session_was_edited_then_the_whole_draft_comes_once(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    room, ann = make_room(edition), make_planner(edition, "Ann", now)
    make_session(edition, "talk", "Ada")
    make_session(edition, "other", "Ada")
    for slug in ("talk", "other"):
        place_session(ann, edition.id, slug, slot_at(room), None, now)
    data = _data(organizer.get(PAGE).text)
    since = {"since": data["revision"], "content": data["content"]}
    unchanged: Any = organizer.get(f"{PAGE}/changes", query_string=since).json

    change_session(ann, edition.id, "talk", session_request("New title"), None, now)
    edited: Any = organizer.get(f"{PAGE}/changes", query_string=since).json
    again = organizer.get(f"{PAGE}/changes", query_string={**since, "content": edited["content"]})

    assert unchanged == {"revision": data["revision"], "changes": [], "conflicts": []}
    assert {each["slug"]: each["title"] for each in edited["sessions"]} == {"talk": "New title", "other": "Other"}
    assert ({each["kind"] for each in data["conflicts"]}, {each["kind"] for each in edited["conflicts"]}) == (
        {"room_overlap", "speaker_overlap"},
        {"room_overlap"},
    )
    assert edited["rooms"] == data["rooms"]
    assert again.json == unchanged
    assert organizer.get(f"{PAGE}/changes?since=0&content=x").status_code == 200
