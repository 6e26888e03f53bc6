"""What is on now and next is on the home page during the expo, and a filter finds free seats."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask
from lxml import html

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts, get_edition
from expo.editions.services import create_edition, make_current
from expo.flows.seats import take_seat
from expo.infra.clock import utcnow
from tests.make import make_attendee, make_session


def _edition_of_today(now: datetime) -> EditionFacts:
    today = date.fromisoformat(utcnow().date().isoformat())
    edition_id = create_edition(
        SYSTEM,
        slug="today",
        title={"en": "Today"},
        starts_on=today - timedelta(days=1),
        ends_on=today + timedelta(days=1),
        time_zone="UTC",
        languages=["en"],
        now=now,
    )
    make_current(SYSTEM, edition_id, now)
    return get_edition(edition_id)


def test_home_when_the_expo_is_on_then_shows_what_is_on_and_what_is_next(app: Flask, now: datetime) -> None:
    edition = _edition_of_today(now)
    assert "Now and next" not in app.test_client().get("/en/").text
    at = utcnow()
    make_session(edition, "Running", starts_at=at - timedelta(minutes=10))
    make_session(edition, "Soon", starts_at=at + timedelta(minutes=60))
    make_session(edition, "Past", starts_at=at - timedelta(hours=2))
    make_session(edition, "Off", starts_at=at, state="cancelled")
    make_session(edition, "Hidden", starts_at=at, state="draft")

    page = app.test_client().get("/en/").text

    shown = [title for title in ("Running", "Soon", "Past", "Off", "Hidden") if f"<bdi>{title}</bdi>" in page]
    assert shown == ["Running", "Soon"]
    assert [f'name="add" value="{slug}"' in page for slug in ("running", "soon", "past")] == [True, True, False]


def test_home_when_the_expo_is_not_on_then_shows_nothing_of_it(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_session(edition, "Running", starts_at=utcnow())

    assert "Now and next" not in app.test_client().get("/en/").text


def test_free_now_when_chosen_then_only_sessions_with_seats_that_run_or_begin_soon(app: Flask, now: datetime) -> None:
    edition = _edition_of_today(now)
    at = utcnow()
    day = at.date()
    make_session(edition, "Open", starts_at=at)
    make_session(edition, "Full", starts_at=at, seat_limit=1)
    make_session(edition, "Seats", starts_at=at, seat_limit=2)
    make_session(edition, "Much later", starts_at=at + timedelta(minutes=61))
    made = make_attendee(edition, now)
    take_seat(SYSTEM, edition.id, made.id, "full", at)

    page = app.test_client().get(f"/en/program/{day.isoformat()}?when=now").text

    shown = [title for title in ("Open", "Full", "Seats", "Much later") if f"<bdi>{title}</bdi>" in page]
    assert shown == ["Open", "Seats"]


def test_programme_when_it_is_after_midnight_then_still_of_the_day_that_began_before(
    app: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition = _edition_of_today(now)
    last = edition.days[-1]
    half_past = datetime.combine(last + timedelta(days=1), time(0, 30), UTC)
    make_session(edition, "Evening talk", starts_at=half_past - timedelta(hours=3), day=last)
    make_session(edition, "Night party", starts_at=half_past - timedelta(minutes=10), day=last)
    for module in ("home", "program", "program_day"):
        monkeypatch.setattr(f"expo.web.public.{module}.utcnow", lambda: half_past)

    client = app.test_client()
    home, programme = client.get("/en/").text, client.get("/en/program").text
    day = client.get(f"/en/program/{last.isoformat()}").text

    assert ("Now and next" in home, "<bdi>Night party</bdi>" in home) == (True, True)
    assert ("Night party" in programme, "#h-00" in day, "Free now" in day) == (True, True, True)


def test_programme_when_all_of_today_is_over_then_opens_at_the_next_day(
    app: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition = _edition_of_today(now)
    first, second = edition.days[:2]
    evening = datetime.combine(first, time(23, 30), UTC)
    make_session(edition, "First talk", starts_at=evening - timedelta(hours=12), day=first)
    make_session(edition, "Second talk", starts_at=evening + timedelta(hours=12), day=second)
    for module in ("program", "program_day"):
        monkeypatch.setattr(f"expo.web.public.{module}.utcnow", lambda: evening)

    client = app.test_client()
    opened, today = client.get("/en/program").text, client.get(f"/en/program/{first.isoformat()}").text

    assert ("Second talk" in opened, "First talk" in opened) == (True, False)
    assert ("First talk" in today, "data-jump-now" in today) == (True, False)


def test_day_when_it_has_many_sessions_then_the_current_hour_is_open_without_scripts(
    app: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition = _edition_of_today(now)
    noon = datetime.combine(edition.days[1], time(12, 10), UTC)
    for title, hours in (("Early talk", -3), ("Current talk", -1), ("Late talk", 2)):
        make_session(edition, title, starts_at=noon + timedelta(hours=hours), day=edition.days[1])
    monkeypatch.setattr("expo.web.public.day_hours.ALL_OPEN", 2)
    for module in ("program", "program_day"):
        monkeypatch.setattr(f"expo.web.public.{module}.utcnow", lambda: noon)

    page = html.fromstring(app.test_client().get("/en/program").text)

    blocks = page.findall(".//details[@class='hour-block']")
    opened = [(each.findtext(".//h2/time"), "open" in each.attrib) for each in blocks]
    assert opened == [("09:00", False), ("11:00", True), ("14:00", False)]
