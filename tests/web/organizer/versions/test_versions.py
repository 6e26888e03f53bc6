"""The page that publishes the timetable: draft, plan, preview, versions, rolling back; and what visitors see of it."""

import json
import re
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar

from expo.accounts.rules import Role
from expo.editions.queries import EditionFacts
from expo.program.queries import get_timetable, list_sessions, list_versions
from tests.domains.program.test_versions import HOUR, make_session, place, rooms
from tests.web.organizer.conftest import SignIn

__all__ = ["rooms"]
PAGE = "/organizer/program/versions"


@pytest.fixture
def placed(edition: EditionFacts, rooms: tuple[int, int], now: datetime) -> int:
    """A placed draft."""
    session_id = make_session(edition, "lakes")
    place(edition, session_id, rooms[0], now)
    return session_id


def publish(client: FlaskClient, edition: EditionFacts, label: str = "", **values: str) -> int:
    data = {"revision": str(get_timetable(edition.id).revision), "label": label, "notify": "y", **values}
    return client.post(f"{PAGE}/publish", data=data).status_code


@pytest.mark.usefixtures("placed")
def test_page_when_the_draft_has_changes_then_names_them_and_publishes(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    before = organizer.get(PAGE).text
    visited = organizer.get("/program").text

    assert publish(organizer, edition, "First") == 302

    assert "1 change is not published yet." in before
    assert "Lakes" in before
    assert "Lakes" not in visited
    assert [row.slug for row in list_sessions(edition.id)] == ["lakes"]
    after = organizer.get(PAGE).text
    assert "The draft is the same as the published timetable" in after
    assert "First" in after


@pytest.mark.usefixtures("placed")
def test_publication_when_the_draft_is_newer_than_the_page_then_asks_to_look_again(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    answer = organizer.post(f"{PAGE}/publish", data={"revision": "7", "label": "Mine"})

    assert answer.status_code == 422
    assert "Someone has changed the draft in the meantime." in answer.text
    assert 'value="Mine"' in answer.text
    assert [publish(organizer, edition, revision=each) for each in ("", "x", "-1")] == [422] * 3
    assert list_versions(edition.id) == []


@pytest.mark.usefixtures("placed")
def test_plan_when_in_the_past_then_refused_otherwise_shown_and_cancelled(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    assert organizer.post(f"{PAGE}/plan", data={"publish_at": "2001-01-01T10:00"}).status_code == 422
    assert organizer.post(f"{PAGE}/plan", data={"publish_at": "2199-05-01T10:00", "notify": "y"}).status_code == 302

    page = organizer.get(PAGE).text
    assert "The draft will be published on" in page
    assert "The people concerned will get an e-mail." in page
    organizer.post(f"{PAGE}/plan", data={"publish_at": "2199-05-01T10:00", "label": "Quietly"})
    planned, page = get_timetable(edition.id), organizer.get(PAGE).text
    assert (planned.publish_label, planned.publish_notify) == ("Quietly", False)
    assert "Nobody will get an e-mail." in page
    assert 'value="Quietly"' in page
    organizer.post(f"{PAGE}/plan", data={"publish_at": ""})
    assert get_timetable(edition.id).publish_at is None


@pytest.mark.usefixtures("placed")
def test_preview_when_shared_then_opens_only_with_its_key(
    organizer: FlaskClient, client: FlaskClient, edition: EditionFacts
) -> None:
    organizer.post(f"{PAGE}/preview")
    key = get_timetable(edition.id).preview_key

    preview = client.get(f"/program/preview/{key}")

    assert "Lakes" in preview.text
    assert "Hall A" in preview.text
    assert preview.headers["Cache-Control"] == "private, no-store"
    assert "noindex" in preview.headers["X-Robots-Tag"]
    assert client.get(f"/program/preview/{key}x").status_code == 404
    organizer.post(f"{PAGE}/preview/end")
    assert client.get(f"/program/preview/{key}").status_code == 404
    assert client.get("/program/preview/None").status_code == 404


def test_version_when_rolled_back_then_asked_first_and_visitors_see_the_changes(
    organizer: FlaskClient,
    client: FlaskClient,
    edition: EditionFacts,
    placed: int,
    rooms: tuple[int, int],
    now: datetime,
) -> None:
    publish(organizer, edition)
    place(edition, placed, rooms[1], now + HOUR)
    publish(organizer, edition, "Rooms of day one")
    changes = client.get("/program/changes").text
    question = organizer.get(f"{PAGE}/1/restore")

    assert organizer.post(f"{PAGE}/1/restore", data={"number": "1"}).status_code == 302

    assert "Rooms of day one" in changes
    assert "Hall B" in changes
    assert "will be published again" in question.text
    assert [row.room.slug for row in list_sessions(edition.id) if row.room] == ["hall-a"]
    assert [each.number for each in list_versions(edition.id)] == [3, 2, 1]
    assert "Hall B" in organizer.get(f"{PAGE}/2").text
    assert [organizer.get(f"{PAGE}/{each}").status_code for each in (4, "4/restore")] == [404, 404]


def test_version_when_rolled_back_then_calendars_and_search_engines_follow(
    organizer: FlaskClient,
    client: FlaskClient,
    edition: EditionFacts,
    placed: int,
    rooms: tuple[int, int],
    now: datetime,
) -> None:
    publish(organizer, edition)
    place(edition, placed, rooms[1], now + HOUR)
    place(edition, make_session(edition, "rivers"), rooms[0], now)
    publish(organizer, edition)
    moved = _event(client, "lakes")
    organizer.post(f"{PAGE}/1/restore", data={"number": "1"})

    events = {str(each["summary"]): each for each in Calendar.from_ical(_get(client, ".ics")).walk("VEVENT")}

    assert (moved["eventStatus"], moved["previousStartDate"]) == (
        "https://schema.org/EventRescheduled",
        now.astimezone(edition.zone).isoformat(),
    )
    lakes, rivers = events["Lakes"], events["Rivers"]
    assert (lakes["status"], lakes["sequence"], lakes.start) == ("CONFIRMED", 2, now)
    # It has no time any longer: calendars would keep it if it only vanished.
    assert (rivers["status"], rivers["sequence"], rivers.start) == ("CANCELLED", 1, now)
    postponed = _event(client, "rivers")
    assert postponed["eventStatus"] == "https://schema.org/EventPostponed"
    assert ("startDate" in postponed, "Time to be announced" in client.get("/en/sessions/rivers").text) == (False, True)
    assert ("Lakes" in _get(client, ".xml"), "Rivers" in _get(client, ".xml")) == (True, False)
    assert "Updated" in client.get("/en/program").text


def _get(client: FlaskClient, ending: str) -> str:
    return client.get(f"/program/schedule{ending}").text


def _event(client: FlaskClient, slug: str) -> dict[str, Any]:
    page = client.get(f"/en/sessions/{slug}").text
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found
    event: dict[str, Any] = json.loads(found[1])
    return event


@pytest.mark.usefixtures("placed")
def test_publication_when_a_reviewer_tries_then_refused(sign_in: SignIn, edition: EditionFacts) -> None:
    reviewer = sign_in(Role.REVIEWER)

    assert reviewer.get(PAGE).status_code == 403
    assert publish(reviewer, edition) == 403
    posts = ("plan", "preview", "preview/end")
    assert [reviewer.post(f"{PAGE}/{each}").status_code for each in posts] == [403] * 3
    assert list_versions(edition.id) == []


def test_drafts_when_visitors_look_anywhere_then_are_nowhere(
    client: FlaskClient,
    organizer: FlaskClient,
    edition: EditionFacts,
    placed: int,
    rooms: tuple[int, int],
    now: datetime,
) -> None:
    publish(organizer, edition)
    secret = make_session(edition, "zanzibar")
    place(edition, secret, rooms[1], now)
    pages = (
        "/", "/program", "/program?view=list", "/program/search?q=zanzibar", "/program/rooms/hall-b",
        "/program/schedule.xml", "/program/schedule.json", "/program/schedule.ics", "/program/changes", "/speakers",
        "/program/sessionize/all.json", "/program/sessionize/grid-smart.json", "/program/pretalx/talks.json",
        "/program/pretalx/speakers.json", "/sitemap.xml", "/screens/data.json", "/screens/data.json?room=hall-b",
    )  # fmt: skip

    answers = {page: client.get(page).text.casefold() for page in pages}

    assert "lakes" in answers["/program/schedule.xml"]
    assert "/en/sessions/lakes</loc>" in answers["/sitemap.xml"]
    assert "/sitemap.xml" in client.get("/robots.txt").text
    found = answers["/program/search?q=zanzibar"].replace('value="zanzibar"', "")
    assert [page for page in pages if "zanzibar" in answers[page] and "search" not in page] == []
    assert "/sessions/zanzibar" not in found
    assert client.get("/sessions/zanzibar").status_code == 404
    assert client.get("/sessions/zanzibar.ics").status_code == 404
    assert placed
