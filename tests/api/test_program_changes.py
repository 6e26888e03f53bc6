"""Sessions, speakers, tracks and rooms: created, changed and deleted over the API."""

import io
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask

from expo.accounts.rules import SYSTEM, Permission
from expo.editions.queries import EditionFacts
from expo.program.queries import count_sessions, list_all_sessions
from expo.program.services import add_material
from tests.api.calls import Api, make_token
from tests.web.organizer.program_forms import publish

NAME = {"en": "Alpha", "zh": "甲"}
BODIES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "/sessions": ({"title": NAME}, {"subtitle": {"en": "More"}}),
    "/speakers": ({"name": NAME}, {"biography": {"en": "More"}}),
    "/tracks": ({"name": NAME}, {"name": {"en": "Beta"}}),
    "/session-types": ({"name": NAME, "minutes": 90}, {"is_break": True}),
    "/rooms": ({"name": NAME, "equipment": ["projector"]}, {"capacity": 20}),
}
REVERSED = {"start": "2027-05-26T10:00:00Z", "end": "2027-05-26T09:00:00Z"}


@pytest.fixture
def api(app: Flask, edition: EditionFacts) -> Api:
    return Api(app, make_token(edition))


@pytest.mark.parametrize("path", BODIES)
def test_object_when_created_changed_and_deleted_then_each_step_has_its_version(path: str, api: Api) -> None:
    body, change = BODIES[path]

    made: Any = api.post(path, body)
    read = api.get(f"{path}/alpha")
    changed = api.patch(f"{path}/alpha", change, If_Match=made.headers["ETag"])
    outdated = api.patch(f"{path}/alpha", body, If_Match=made.headers["ETag"])
    kept = api.delete(f"{path}/alpha", If_Match=made.headers["ETag"])
    gone = api.delete(f"{path}/alpha", If_Match=changed.headers["ETag"])

    assert (made.status_code, made.get_json() | {"version": ""}, made.headers["ETag"]) == (
        201,
        read.get_json() | {"version": ""},
        f'"{made.get_json()["version"]}"',
    )
    assert (changed.status_code, {name: changed.get_json()[name] for name in change}) == (200, change)
    assert [(each.status_code, each.get_json()["code"]) for each in (outdated, kept)] == [(412, "version_outdated")] * 2
    assert (gone.status_code, gone.get_json(), api.get(f"{path}/alpha").status_code) == (200, {"id": "alpha"}, 404)


@pytest.mark.parametrize("path", BODIES)
def test_object_when_changed_without_a_version_then_asked_for_one(path: str, api: Api) -> None:
    body, change = BODIES[path]
    api.post(path, body)

    refused = [api.patch(f"{path}/alpha", change), api.delete(f"{path}/alpha")]
    forced = api.patch(f"{path}/alpha", change, If_Match="*")

    assert [(each.status_code, each.get_json()["code"]) for each in refused] == [(428, "version_required")] * 2
    assert forced.status_code == 200


@pytest.mark.parametrize("path", BODIES)
def test_object_when_the_same_request_is_repeated_then_made_once(path: str, api: Api) -> None:
    body, _ = BODIES[path]

    first, second = (api.post(path, body, Idempotency_Key="k1") for _ in range(2))

    assert (first.get_json(), second.headers["Idempotency-Replayed"]) == (second.get_json(), "true")
    assert second.headers["ETag"] == first.headers["ETag"]
    assert api.get(f"{path}/alpha-2").status_code == 404


@pytest.mark.parametrize("path", BODIES)
def test_object_when_duplicated_then_a_copy_with_what_differs(path: str, api: Api) -> None:
    body, change = BODIES[path]
    original = api.post(path, change | body).get_json()
    differs = None if path == "/sessions" else {"name": {"en": "Gamma"}}

    first, second = (api.post(f"{path}/alpha/duplicate", each) for each in (differs and {}, differs))

    own = {"id", "version", "name"} if differs else {"id", "version"}
    values = [{name: value for name, value in each.items() if name not in own} for each in (original, first.get_json())]
    assert (first.status_code, second.status_code, values[0]) == (201, 201, values[1])
    assert len({original["id"], first.get_json()["id"], second.get_json()["id"]}) == 3
    if differs:
        assert (first.get_json()["name"], second.get_json()["name"]) == (
            {"en": "Alpha (2)", "zh": "甲（2）"},
            differs["name"],
        )
    assert api.post(f"{path}/missing/duplicate", differs).status_code == 404


@pytest.mark.parametrize("path", BODIES)
def test_object_when_the_token_may_only_read_then_refused(path: str, app: Flask, edition: EditionFacts) -> None:
    Api(app, make_token(edition)).post(path, BODIES[path][0])
    reader = Api(app, make_token(edition, Permission.PROGRAM_READ))
    scanner = Api(app, make_token(edition, Permission.SCAN))

    calls = [
        reader.post(path, BODIES[path][0]),
        reader.post(f"{path}/alpha/duplicate", {}),
        reader.patch(f"{path}/alpha", BODIES[path][1], If_Match="*"),
        reader.delete(f"{path}/alpha", If_Match="*"),
    ]

    assert {each.status_code for each in calls} == {403}
    # Drafts, and speakers who are not public, do not exist for the reader.
    assert reader.get(f"{path}/alpha").status_code == (404 if path in {"/sessions", "/speakers"} else 200)
    if path in {"/sessions", "/speakers"}:
        assert scanner.get(f"{path}/alpha").status_code == 403


def test_session_when_created_then_a_draft_that_no_list_shows(api: Api, edition: EditionFacts) -> None:
    api.post("/speakers", {"name": {"en": "Ada"}})
    body = {
        "title": {"en": "Alpha"},
        "speakers": [{"id": "ada", "role": "moderator"}],
        "tags": ["x"],
        "seat_limit": 30,
        "links": [{"url": "https://example.org", "title": "Home"}],
        "notes": "For us",
    }

    made = api.post("/sessions", body).get_json()

    assert {name: made[name] for name in ("state", "tags", "seat_limit", "links", "notes")} == {
        "state": "draft",
        "tags": ["x"],
        "seat_limit": 30,
        "links": [{"url": "https://example.org", "title": "Home"}],
        "notes": "For us",
    }
    assert made["speakers"] == [{"id": "ada", "name": {"en": "Ada"}, "role": "moderator"}]
    assert (api.get("/sessions").get_json()["items"], api.get("/speakers").get_json()["items"]) == ([], [])
    assert count_sessions(edition.id) == 0


def test_session_when_it_has_a_file_then_named_with_where_to_download_it(
    api: Api, app: Flask, edition: EditionFacts, now: datetime
) -> None:
    api.post("/sessions", {"title": {"en": "Alpha"}})
    publish("alpha")
    add_material(
        SYSTEM, edition.id, "alpha", io.BytesIO(b"%PDF-1.7"), "talk.pdf", "application/pdf", now, title="Slides"
    )

    [file] = api.get("/sessions/alpha").get_json()["files"]

    url = file.pop("url")
    assert file == {"name": "talk.pdf", "title": "Slides", "media_type": "application/pdf", "size": 8}
    with app.test_client().get(urlsplit(url).path) as answer:
        assert answer.data == b"%PDF-1.7"


def test_speaker_when_cancelled_then_in_no_session_and_not_public(api: Api) -> None:
    made: Any = api.post("/speakers", {"name": {"en": "Ada"}})
    session: Any = api.post("/sessions", {"title": {"en": "Alpha"}, "speakers": [{"id": "ada"}]})
    publish("alpha")

    cancelled, again = (
        api.post("/speakers/ada/cancel", None, If_Match=each).get_json() for each in (made.headers["ETag"], "*")
    )

    after: Any = api.get("/sessions/alpha")
    assert (cancelled["sessions"], cancelled["is_public"], again["code"]) == ([], False, "speaker_without_sessions")
    assert (after.get_json()["speakers"], after.headers["ETag"] == session.headers["ETag"]) == ([], False)
    assert api.get("/speakers").get_json()["items"] == []


def test_session_when_cancelled_and_reinstated_then_its_state_follows(api: Api) -> None:
    api.post("/sessions", {"title": {"en": "Alpha"}})
    refused = api.post("/sessions/alpha/cancel", None, If_Match="*")
    publish("alpha")

    states = [
        api.post(f"/sessions/alpha/{act}", None, If_Match="*").get_json()["state"] for act in ("cancel", "reinstate")
    ]

    assert (refused.status_code, refused.get_json()["code"]) == (409, "session_not_published")
    assert states == ["cancelled", "published"]


def test_session_type_when_in_use_then_deleted_only_if_that_is_wanted(api: Api, edition: EditionFacts) -> None:
    api.post("/session-types", {"name": {"en": "Talk"}})
    api.post("/sessions", {"title": {"en": "Alpha"}, "kind": "talk"})

    taken = api.post("/session-types", {"name": {"en": "talk"}})
    refused = api.delete("/session-types/talk", If_Match="*")
    listed = [each["id"] for each in api.get("/session-types").get_json()["items"]]
    done = api.delete("/session-types/talk?cascade=true", If_Match="*")

    assert (taken.status_code, taken.get_json()["code"]) == (409, "session_type_exists")
    assert (refused.status_code, refused.get_json()["code"], refused.get_json()["sessions"]) == (
        409,
        "session_type_in_use",
        1,
    )
    assert (listed, done.status_code) == (["talk"], 200)
    assert [row.session.kind for row in list_all_sessions(edition.id)] == [""]


def test_speaker_when_in_a_session_then_deleted_only_if_that_is_wanted(api: Api, edition: EditionFacts) -> None:
    api.post("/speakers", {"name": {"en": "Ada"}})
    api.post("/sessions", {"title": {"en": "Alpha"}, "speakers": [{"id": "ada"}]})

    refused = api.delete("/speakers/ada", If_Match="*")
    done = api.delete("/speakers/ada?cascade=true", If_Match="*")

    assert (refused.status_code, refused.get_json()["code"], refused.get_json()["sessions"]) == (
        409,
        "speaker_in_use",
        1,
    )
    assert (done.status_code, [row.session.speakers for row in list_all_sessions(edition.id)]) == (200, [()])


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/sessions", {"title": {}}),
        ("/sessions", {"title": {"en": "A"}, "speakers": [{"id": "nobody"}]}),
        ("/sessions", {"title": {"en": "A"}, "track": "none"}),
        ("/sessions", {"title": {"en": "A"}, "stream_url": "http://example.org"}),
        ("/sessions", {"title": {"en": "A\x00"}}),
        ("/sessions", {"title": {"en": "A"}, "seat_limit": 0}),
        ("/sessions", {"title": {"not a language": "A"}}),
        ("/speakers", {"name": {"en": "  "}}),
        (
            "/speakers",
            {"name": {"en": "A"}, "unavailable": [REVERSED]},
        ),
        ("/rooms", {"name": {"en": "A"}, "hall": "none"}),
        ("/rooms", {"name": {"en": "A"}, "equipment": ["x" * 65]}),
    ],
)
def test_object_when_a_value_is_wrong_then_refused(path: str, body: dict[str, Any], api: Api) -> None:
    answer = api.post(path, body)

    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
