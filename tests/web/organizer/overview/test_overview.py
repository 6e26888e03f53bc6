"""The overview."""

from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient

from expo.editions.queries import EditionFacts
from tests.make import make_attendee
from tests.web.organizer.imported_files import import_file, schedule_file
from tests.web.query_counts import count_queries


def test_today_when_there_are_more_rows_then_as_many_queries(
    app: Flask, organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_attendee(edition, now, email="a@example.org")
    first = count_queries(organizer, "/organizer/")
    import_file(organizer, "program", schedule_file(*(f"Talk {number}" for number in range(1, 10))))
    make_attendee(edition, now, email="b@example.org")
    make_attendee(edition, now, email="c@example.org")
    app.extensions.pop("expo_recent", None)  # otherwise the figures may be a few seconds old
    assert (first, count_queries(organizer, "/organizer/")) == (first, first)


def test_registrations_when_shown_as_a_table_then_with_dates_of_the_language(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_attendee(edition, now, email="a@example.org")
    english = organizer.get("/en/organizer/").text
    chinese = organizer.get("/zh/organizer/").text
    day = now.astimezone(edition.zone)
    assert f'<td data-label="">{day.day} {day:%b} {day.year}</td>' in english
    assert f'<td data-label="">{day.year}年{day.month}月{day.day}日</td>' in chinese
