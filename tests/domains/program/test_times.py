"""Sessions at odd times: when clocks change, after midnight, of five minutes and thirty hours, in rooms added late."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import icalendar
import pytest
from flask import Flask

from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import ensure_person, grant_role
from expo.editions.queries import EditionFacts, get_edition
from expo.editions.services import add_room, create_edition, make_current
from expo.errors import Invalid
from expo.flows.program_import import import_program, read_schedule_file
from expo.program.exports import SCHEDULE_FORMATS, export_ics, export_schedule
from expo.program.queries import get_session, list_sessions, read_draft
from expo.program.rules.conflicts import ConflictKind, find_conflicts
from expo.program.rules.timetable import Slot, slot_to_json
from expo.program.services import place_session, publish_timetable
from tests.sessions import browser_of
from tests.timetables import make_session

HOUR = timedelta(hours=1)


def _edition(now: datetime, first: date, slug: str = "berlin") -> EditionFacts:
    edition_id = create_edition(
        SYSTEM,
        slug=slug,
        title={"en": "Berlin"},
        starts_on=first,
        ends_on=first + timedelta(days=1),
        time_zone="Europe/Berlin",
        languages=["en"],
        now=now,
    )
    make_current(SYSTEM, edition_id, now)
    return get_edition(edition_id)


def _place(
    edition: EditionFacts, slug: str, room_id: int, starts_at: datetime, lasts: timedelta, now: datetime
) -> None:
    make_session(edition, slug)
    place_session(SYSTEM, edition.id, slug, Slot(room_id, starts_at, starts_at + lasts), None, now)


def test_sessions_when_clocks_go_back_in_the_night_then_in_order_without_conflicts_and_in_every_file(
    app: Flask, now: datetime
) -> None:
    edition = _edition(now, date(2027, 10, 30))
    room = add_room(SYSTEM, edition.id, "hall", {"en": "Hall"})
    # Half past two is there twice: at 00:30 and at 01:30 in UTC.
    starts = [datetime(2027, 10, 31, hour, 30, tzinfo=UTC) for hour in (0, 1, 2)]
    for number, start in enumerate(starts):
        _place(edition, f"s{number}", room, start, HOUR, now)
    conflicts = find_conflicts(read_draft(edition).facts, read_draft(edition).slots)
    publish_timetable(SYSTEM, edition.id, "", now)

    rows = list_sessions(edition.id)
    assert conflicts == []
    assert [(row.slug, row.starts_at, row.day) for row in rows] == [
        (f"s{number}", start, date(2027, 10, 30)) for number, start in enumerate(starts)
    ]
    assert {row.ends_at - row.starts_at for row in rows if row.ends_at and row.starts_at} == {HOUR}
    calendar = icalendar.Calendar.from_ical(export_ics(edition, "en", lambda slug: slug))
    found = sorted(each.decoded("dtstart").astimezone(UTC) for each in calendar.walk("VEVENT"))
    assert found == starts
    person_id = ensure_person("olga@example.org", "Olga", "en", now)
    grant_role(SYSTEM, edition.id, person_id, Role.ORGANIZER, now)
    second = Slot(room, starts[1], starts[1] + HOUR)
    form = {
        "room_id": 0,
        "day": "2027-10-30",
        "starts": "02:30",
        "minutes": 60,
        "before": json.dumps(slot_to_json(second)),
    }
    browser_of(app, person_id, edition.id).post("/organizer/program/timetable/sessions/s1", data=form)
    assert read_draft(edition).get_session("s1").slot == replace(second, room_id=None)


@pytest.mark.parametrize("name", [each for each in SCHEDULE_FORMATS if each not in ("csv", "xlsx")])
def test_files_when_clocks_go_forward_or_back_then_read_again_with_the_same_moments(
    app: Flask, now: datetime, name: str
) -> None:
    edition = _edition(now, date(2027, 10, 30))
    room = add_room(SYSTEM, edition.id, "hall", {"en": "Hall"})
    starts = [datetime(2027, 10, 31, hour, 30, tzinfo=UTC) for hour in (0, 1, 2)]
    for number, start in enumerate(starts):
        _place(edition, f"s{number}", room, start, HOUR / 2, now)
    publish_timetable(SYSTEM, edition.id, "", now)

    again = read_schedule_file(edition, export_schedule(edition, name, lambda slug: f"https://expo.example/{slug}"))

    assert sorted(event.start.astimezone(UTC) for event in again.events if event.start) == starts
    assert {event.minutes for event in again.events} == {30}


def test_sessions_of_five_minutes_and_thirty_hours_when_placed_then_kept_and_shorter_or_longer_ones_refused(
    app: Flask, now: datetime
) -> None:
    edition = _edition(now, date(2027, 3, 27))
    first = add_room(SYSTEM, edition.id, "first", {"en": "First"})
    # The clocks go forward while it runs.
    nine = datetime(2027, 3, 27, 8, tzinfo=UTC)
    _place(edition, "hackathon", first, nine, timedelta(hours=30), now)
    late = add_room(SYSTEM, edition.id, "late", {"en": "Added at noon"})
    noon = nine + 3 * HOUR
    for number in range(12):
        _place(edition, f"pitch-{number}", late, noon + timedelta(minutes=5 * number), timedelta(minutes=5), now)
    _place(edition, "closing", late, nine + timedelta(hours=26), HOUR, now)
    conflicts = find_conflicts(read_draft(edition).facts, read_draft(edition).slots)
    publish_timetable(SYSTEM, edition.id, "", now)

    hackathon = get_session(edition.id, "hackathon").row
    pitches = [row for row in list_sessions(edition.id) if row.slug.startswith("pitch")]
    assert (hackathon.ends_at, hackathon.day) == (nine + timedelta(hours=30), date(2027, 3, 27))
    second_day = app.test_client().get("/en/program/2027-03-28").text
    assert "Began on an earlier day" in second_day
    assert "27 Mar, 09:00–28 Mar, 16:00" in " ".join(re.sub("<[^>]+>", "", second_day).split())
    assert "Began on an earlier day" not in app.test_client().get("/en/program/2027-03-27").text
    assert all(first.ends_at == second.starts_at for first, second in pairwise(pitches))
    assert [each for each in conflicts if each.kind is ConflictKind.ROOM_OVERLAP] == []
    make_session(edition, "other")
    for minutes in (4, 48 * 60 + 1):
        with pytest.raises(Invalid, match="duration_out_of_range"):
            place_session(SYSTEM, edition.id, "other", Slot(late, nine, nine + timedelta(minutes=minutes)), None, now)


def test_session_when_at_half_past_midnight_then_of_the_day_before_also_when_imported(
    app: Flask, now: datetime
) -> None:
    edition = _edition(now, date(2027, 6, 1))
    room = add_room(SYSTEM, edition.id, "hall", {"en": "Hall"})
    _place(edition, "party", room, datetime(2027, 6, 1, 22, 30, tzinfo=UTC), HOUR, now)
    publish_timetable(SYSTEM, edition.id, "", now)
    page = app.test_client().get("/en/sessions/party").text

    days = {}
    for name in SCHEDULE_FORMATS:
        other = _edition(now, date(2027, 6, 1), name)
        file = export_schedule(edition, name, lambda slug: f"https://expo.example/{slug}")
        import_program(SYSTEM, other.id, read_schedule_file(other, file), now)
        days[name] = [row.day for row in list_sessions(other.id)]

    assert [row.day for row in list_sessions(edition.id)] == [date(2027, 6, 1)]
    assert "2 June 2027" in page
    assert days == {name: [date(2027, 6, 1)] for name in SCHEDULE_FORMATS}
