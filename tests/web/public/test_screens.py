"""Screens show public sessions only, with what was cancelled or moved, in two languages."""

from datetime import datetime, timedelta

from flask import Flask

from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from tests.make import make_room, make_session


def test_data_when_sessions_were_moved_cancelled_or_are_drafts_then_says_so_and_leaks_nothing(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    old, new = make_room(edition, now, "Old room"), make_room(edition, now, "New room", "Hall N")
    at = utcnow().replace(microsecond=0)
    before = {"starts_at": (at - timedelta(hours=1)).isoformat(), "room_id": old}
    make_session(edition, "Moved", starts_at=at, room_id=new, moved_from=before, notes="internal note")
    make_session(edition, "Gone", starts_at=at + timedelta(minutes=1), room_id=new, state="cancelled")
    make_session(edition, "Draft secret", starts_at=at, room_id=old, state="draft")
    make_session(edition, "Next week", starts_at=at + timedelta(days=7), room_id=new)

    answer = app.test_client().get("/en/screens/data.json?room=new-room")
    data = answer.get_json()

    assert [each["title"] for each in data["sessions"]] == [["Moved", "Moved（中文）"], ["Gone", "Gone（中文）"]]
    moved, gone = data["sessions"]
    assert moved["moved_from_room"] == ["Old room", "Old room"]
    assert datetime.fromisoformat(moved["moved_from_start"]) == at - timedelta(hours=1)
    assert (moved["is_cancelled"], gone["is_cancelled"], gone["moved_from_start"]) == (False, True, None)
    assert data["departed"] == []
    left = app.test_client().get("/en/screens/data.json?room=old-room").get_json()
    assert (left["rooms"][0]["slug"], left["sessions"]) == ("old-room", [])
    assert left["departed"] == [
        {
            "title": ["Moved", "Moved（中文）"],
            "former_start": before["starts_at"],
            "starts_at": at.isoformat(),
            "room": ["New room", "New room"],
        }
    ]
    assert app.test_client().get("/en/screens/old-room").status_code == 200
    assert data["rooms"] == [{"slug": "new-room", "name": ["New room"] * 2, "hall": ["Hall N"] * 2}]
    assert [each["tag"] for each in data["languages"]] == ["en", "zh-Hans"]
    assert data["languages"][1]["words"]["now"] != data["languages"][0]["words"]["now"]
    everything = app.test_client().get("/en/screens/data.json").text
    assert "secret" not in everything + answer.text
    assert "internal note" not in everything
    not_modified = app.test_client().get(
        "/en/screens/data.json?room=new-room", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert not_modified.status_code == 304


def test_pages_when_opened_then_list_the_rooms_and_refuse_unknown_ones(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    client = app.test_client()
    assert "No rooms with sessions yet" in client.get("/en/screens").text
    make_session(edition, starts_at=utcnow(), room_id=make_room(edition, now, "Great hall"))

    pages = [client.get(path) for path in ("/en/screens", "/zh/screens/all-rooms", "/en/screens/great-hall")]

    assert [each.status_code for each in pages] == [200, 200, 200]
    assert "/en/screens/great-hall" in pages[0].text
    assert 'data-source="/en/screens/data.json?room=great-hall"' in pages[2].text
    assert client.get("/en/screens/nowhere").status_code == 404
    with client.get("/en/screens/worker.js") as worker:
        assert worker.headers["Service-Worker-Allowed"] == "/en/screens"
