"""Attendees mark exhibitors as favourites; nobody sees those of others."""

from datetime import datetime

import pytest
from flask import Flask

from expo.editions.queries import EditionFacts
from expo.exhibitors.queries import list_favourite_slugs
from tests.floor_plans import make_company
from tests.make import MadeAttendee, make_attendee
from tests.sessions import browser_of


@pytest.fixture
def visitor(edition: EditionFacts, now: datetime) -> MadeAttendee:
    make_company(edition, "Alpha", now)
    make_company(edition, "Beta", now)
    return make_attendee(edition, now, email="visitor@example.org")


def test_favourite_when_marked_then_shown_to_its_owner_alone(
    visitor: MadeAttendee, edition: EditionFacts, app: Flask
) -> None:
    pressed = 'value="alpha" aria-pressed="true"'
    client = browser_of(app, visitor.attendee.person_id)
    client.post("/en/me/favourites", data={"add": "alpha"})

    assert list_favourite_slugs(edition.id, visitor.id) == ["alpha"]
    for path in ("/en/exhibitors", "/en/exhibitors/alpha", "/en/exhibitors/favourites"):
        assert pressed in client.get(path).text, path
    client.post("/en/me/favourites", data={"remove": "alpha"})
    assert pressed not in client.get("/en/exhibitors").text


def test_merge_when_sent_twice_then_counts_what_is_new_and_skips_unknown_ones(
    visitor: MadeAttendee, edition: EditionFacts, app: Flask
) -> None:
    client = browser_of(app, visitor.attendee.person_id)

    answers = [client.post("/en/me/favourites/merge", data={"exhibitor": ["beta", "gone", "alpha"]}) for _ in range(2)]

    assert [each.get_json() for each in answers] == [{"added": 2}, {"added": 0}]
    assert set(list_favourite_slugs(edition.id, visitor.id)) == {"alpha", "beta"}


def test_favourite_when_nobody_is_signed_in_then_nothing_is_stored(
    visitor: MadeAttendee, edition: EditionFacts, app: Flask
) -> None:
    answer = app.test_client().post("/en/me/favourites", data={"add": "alpha"})

    assert answer.status_code == 302
    assert list_favourite_slugs(edition.id, visitor.id) == []


def test_favourite_when_the_company_is_unknown_then_is_not_found(visitor: MadeAttendee, app: Flask) -> None:
    client = browser_of(app, visitor.attendee.person_id)

    assert client.post("/en/me/favourites", data={"add": "nobody"}).status_code == 404
