"""Rules of agendas, of what is on now, and of the times of offers and reminders. Pure."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from expo.program.rules import (
    SeatState,
    evening_window,
    find_alternatives,
    find_now_and_next,
    find_tight_walks,
    offer_until,
    overlaps,
    seats_left,
    state_when_asked,
)

NOON = datetime(2027, 5, 26, 4, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Talk:
    """A session as these rules need it."""

    id: int
    starts_at: datetime | None
    ends_at: datetime | None
    hall_name: dict[str, str] | None = None
    title: dict[str, str] = field(default_factory=dict)
    track: str | None = None
    is_cancelled: bool = False


def talk(number: int, start: int, minutes: int = 30, hall: str = "A", title: str = "", track: str = "") -> Talk:
    """Return a session that begins this many minutes after noon."""
    starts_at = NOON + start * MINUTE
    names = {"en": title or f"Talk {number}"}
    return Talk(number, starts_at, starts_at + minutes * MINUTE, {"en": hall} if hall else None, names, track or None)


def test_walks_when_halls_differ_and_less_than_ten_minutes_are_left_then_tight() -> None:
    own = [talk(1, 0), talk(2, 39, hall="B"), talk(3, 79, hall="A"), talk(4, 110, hall="A"), talk(5, 140, hall="")]

    assert find_tight_walks(own) == {1: 0}


def test_walks_when_sessions_overlap_then_left_to_the_clashes() -> None:
    assert find_tight_walks([talk(1, 0), talk(2, 29, hall="B")]) == {}


def test_alternatives_when_found_then_the_same_session_again_comes_before_its_track() -> None:
    own = [talk(1, 0, title="Lakes", track="data"), talk(2, 15)]
    program = [
        *own,
        talk(3, 200, track="data"),
        talk(4, 300, title="Lakes"),
        talk(5, 20, title="Lakes"),
        talk(6, 400, track="other"),
        Talk(7, NOON + 500 * MINUTE, NOON + 530 * MINUTE, None, {"en": "Lakes"}, None, is_cancelled=True),
        Talk(8, None, None, None, {"en": "Lakes"}),
    ]

    assert [each.id for each in find_alternatives(own[0], own, program, NOON)] == [4, 3]
    assert find_alternatives(own[0], own, program, NOON + 301 * MINUTE) == []


def test_now_and_next_when_asked_then_says_when_it_changes() -> None:
    sessions = [talk(1, -10), talk(2, 0), talk(3, 120), talk(4, 121), Talk(5, None, None)]

    found = find_now_and_next(sessions, NOON)

    assert [each.id for each in found.now] == [1, 2]
    assert [each.id for each in found.next] == [3]
    assert found.changes_at == NOON + MINUTE
    assert find_now_and_next([], NOON).changes_at is None


def test_offers_when_made_then_expire_before_the_session_begins() -> None:
    in_hours = [NOON + timedelta(hours=hours) for hours in (1, 3, 73)]

    expirations = [offer_until(starts_at, NOON) - NOON for starts_at in (*in_hours, None)]

    assert expirations == [timedelta(hours=hours) for hours in (1, 2, 24, 24)]


def test_seat_when_asked_for_then_nobody_overtakes_until_it_is_too_late_for_offers() -> None:
    soon, later = NOON + 10 * MINUTE, NOON + 11 * MINUTE

    assert state_when_asked(1, 0, later, NOON) is SeatState.HELD
    assert state_when_asked(1, 1, later, NOON) is SeatState.WAITING
    assert state_when_asked(1, 1, soon, NOON) is SeatState.HELD
    assert state_when_asked(0, 0, soon, NOON) is SeatState.WAITING
    assert seats_left(3, 5) == 0


def test_overlap_when_one_ends_as_the_other_begins_then_none() -> None:
    assert not overlaps(NOON, NOON + MINUTE, NOON + MINUTE, NOON + 2 * MINUTE)
    assert overlaps(NOON, NOON + 2 * MINUTE, NOON + MINUTE, NOON + 3 * MINUTE)
    assert not overlaps(NOON, NOON + MINUTE, None, None)


def test_evening_when_it_has_begun_then_the_next_day_is_announced_until_ten() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    evening = datetime(2027, 5, 25, 18, 0, tzinfo=zone)

    windows = [evening_window(evening + hours * timedelta(hours=1), zone) for hours in (-1, 0, 3.9, 4)]

    assert windows == [None, date(2027, 5, 26), date(2027, 5, 26), None]
