"""The timetable over the API: what the draft changes, publishing now and later, rolling back; drafts in the list."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from expo.accounts.rules import SYSTEM, Permission
from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from expo.infra.db import db
from expo.infra.jobs.models import Job
from expo.program.queries import list_sessions
from expo.program.rules.timetable import Slot
from expo.program.services import place_session
from tests.api.calls import Api, make_token
from tests.timetables import make_room, make_session, slot_at


@pytest.fixture
def api(app: Flask, edition: EditionFacts) -> Api:
    return Api(app, make_token(edition))


@pytest.fixture
def rooms(edition: EditionFacts) -> tuple[int, int]:
    return make_room(edition), make_room(edition, "Hall 2")


@pytest.fixture
def placed(edition: EditionFacts, rooms: tuple[int, int], now: datetime) -> Slot:
    """Make a draft, place it, and return its place; a second one stays without a place."""
    make_session(edition, "alpha", "Ada", language="en")
    make_session(edition, "beta", "Bob", language="zh")
    slot = slot_at(rooms[0])
    place_session(SYSTEM, edition.id, "alpha", slot, None, now)
    return slot


@pytest.mark.usefixtures("placed")
def test_draft_when_read_as_pretalx_then_only_with_a_token_of_the_team(app: Flask, edition: EditionFacts) -> None:
    team, reader = make_token(edition), make_token(edition, Permission.PROGRAM_READ)
    client = app.test_client()

    talks = Api(app, team).get("/pretalx/talks").get_json()
    as_sent = client.get("/api/v1/pretalx/talks", headers={"Authorization": f"Token {team}"}).get_json()
    speakers = Api(app, team).get("/pretalx/speakers").get_json()
    refused = [Api(app, token).get("/pretalx/talks").status_code for token in (None, reader)]
    public = client.get("/program/pretalx/talks.json").get_json()["count"]

    assert as_sent == talks
    starts = {each["title"]: each["slots"][0]["start"] for each in talks["results"]}
    assert (talks["count"], talks["next"], starts["Beta"]) == (2, None, None)
    assert starts["Alpha"].startswith("2027-05-26T")
    assert sorted(each["name"] for each in speakers["results"]) == ["Ada", "Bob"]
    assert (refused, public) == ([401, 403], 0)


@pytest.mark.usefixtures("placed")
def test_draft_when_published_then_a_version_with_its_changes(api: Api, edition: EditionFacts) -> None:
    draft = api.get("/program/draft").get_json()
    made = api.post("/program/versions", {"label": "First", "revision": draft["revision"]})
    after = api.get("/program/draft").get_json()
    again = api.post("/program/versions", {})

    [change] = draft["changes"]
    assert (change["kind"], change["session"], change["before"]) == ("added", "alpha", None)
    assert change["after"]["room"] == {"en": "Hall 1", "zh": "Hall 1 号厅"}
    assert (made.status_code, made.get_json()["number"], made.get_json()["label"]) == (201, 1, "First")
    assert made.get_json()["changes"] == draft["changes"]
    assert after["changes"] == []
    assert (again.status_code, again.get_json()["code"]) == (409, "timetable_unchanged")
    assert [row.slug for row in list_sessions(edition.id)] == ["alpha"]
    assert [each["counts"] for each in api.get("/program/versions").get_json()["items"]] == [{"added": 1}]
    assert api.get("/program/versions/1").get_json() == made.get_json()


def test_draft_when_changed_since_it_was_read_then_not_published(
    api: Api, edition: EditionFacts, placed: Slot, rooms: tuple[int, int], now: datetime
) -> None:
    seen = api.get("/program/draft").get_json()["revision"]
    place_session(SYSTEM, edition.id, "alpha", slot_at(rooms[1]), placed, now)

    refused = api.post("/program/versions", {"revision": seen})

    assert (refused.status_code, refused.get_json()["code"]) == (409, "timetable_changed")
    assert list_sessions(edition.id) == []


@pytest.mark.parametrize(("body", "expected"), [({}, 1), ({"notify": False}, 0)])
@pytest.mark.usefixtures("placed")
def test_draft_when_published_then_people_are_told_unless_unwanted(
    api: Api, body: dict[str, bool], expected: int
) -> None:
    api.post("/program/versions", body)

    jobs = db.session.scalars(select(Job.kind).where(Job.kind == "program.notify_version")).all()
    assert len(jobs) == expected


@pytest.mark.usefixtures("placed")
def test_publication_when_planned_then_shown_until_cancelled(api: Api) -> None:
    at = (utcnow() + timedelta(days=1)).replace(microsecond=0)

    planned = api.post(
        "/program/draft/plan", {"publish_at": at.isoformat(), "label": "Later", "notify": False}
    ).get_json()
    past = api.post("/program/draft/plan", {"publish_at": (utcnow() - timedelta(days=1)).isoformat()})
    cancelled = api.post("/program/draft/plan", {"publish_at": None}).get_json()

    assert datetime.fromisoformat(planned["publish_at"]) == at
    assert {**planned["plan"], "publish_at": at} == {"publish_at": at, "label": "Later", "notify": False}
    assert planned["notices"] == {"speakers": 0, "attendees": 0}
    assert cancelled["plan"] is None
    assert (past.status_code, past.get_json()["code"]) == (422, "publish_at_past")
    assert cancelled["publish_at"] is None


def test_version_when_restored_then_its_places_are_published_again(
    api: Api, edition: EditionFacts, placed: Slot, rooms: tuple[int, int], now: datetime
) -> None:
    api.post("/program/versions", {})
    place_session(SYSTEM, edition.id, "alpha", slot_at(rooms[1]), placed, now)
    api.post("/program/versions", {})

    restored = api.post("/program/versions/1/restore", {"label": "Back"})
    missing = [api.post(f"/program/versions/{number}/restore", {}).status_code for number in ("9", "x", "9" * 30)]

    assert (restored.status_code, restored.get_json()["number"], restored.get_json()["counts"]) == (
        201,
        3,
        {"moved": 1},
    )
    assert [row.room.slug for row in list_sessions(edition.id) if row.room] == ["hall-1"]
    assert missing == [404, 404, 404]


@pytest.mark.usefixtures("placed")
def test_sessions_when_listed_by_state_then_drafts_only_for_managers(
    api: Api, app: Flask, edition: EditionFacts
) -> None:
    reader = Api(app, make_token(edition, Permission.PROGRAM_READ))

    found = {state: _ids(api, state=state) for state in ("draft", "unplaced", "published", "cancelled")}
    chinese, page = _ids(api, state="draft", language="zh"), api.get("/sessions", state="draft", limit=1).get_json()
    api.post("/program/versions", {})

    assert found == {"draft": ["alpha", "beta"], "unplaced": ["beta"], "published": [], "cancelled": []}
    assert (chinese, [each["id"] for each in page["items"]]) == (["beta"], ["alpha"])
    assert _ids(api, state="draft", cursor=page["next"]) == ["beta"]
    assert [reader.get("/sessions", state=state).status_code for state in ("draft", "unplaced", "x")] == [403, 403, 422]
    assert (_ids(reader, state="published"), _ids(reader)) == (["alpha"], ["alpha"])


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/program/draft"),
        ("get", "/program/versions"),
        ("get", "/program/versions/1"),
        ("post", "/program/versions"),
        ("post", "/program/versions/1/restore"),
        ("post", "/program/draft/plan"),
    ],
)
def test_timetable_when_the_token_may_only_read_then_refused(
    method: str, path: str, app: Flask, edition: EditionFacts
) -> None:
    reader = Api(app, make_token(edition, Permission.PROGRAM_READ))
    body = ({"publish_at": None} if path.endswith("plan") else {},) if method == "post" else ()
    assert getattr(reader, method)(path, *body).status_code == 403


def _ids(api: Api, **query: str) -> list[str]:
    return [each["id"] for each in api.get("/sessions", **query).get_json()["items"]]
