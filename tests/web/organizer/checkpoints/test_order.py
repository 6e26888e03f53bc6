"""Checkpoints are moved, exported and deleted."""

from datetime import datetime

from flask.testing import FlaskClient

from expo.checkin.queries.checkpoints import list_checkpoints
from expo.editions.queries import EditionFacts


def test_checkpoints_when_moved_exported_and_deleted_in_the_browser_then_list_follows(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    for code in ("a", "b", "c"):
        data = {"code": code, "name-en": code.upper(), "who": "everyone", "hall_id": "0", "room_id": "0"}
        organizer.post("/organizer/checkpoints/new", data=data)

    organizer.post("/organizer/checkpoints/c/move/up")
    question = organizer.get("/organizer/checkpoints/a/delete")
    organizer.post("/organizer/checkpoints/a/delete")
    csv = organizer.get("/organizer/checkpoints/export.csv")

    assert "Delete A?" in question.text
    assert [each.code for each in list_checkpoints(edition.id)] == ["c", "b"]
    assert [line.split(",")[:2] for line in csv.data.decode("utf-8-sig").splitlines()[1:]] == [["c", "C"], ["b", "B"]]
