"""Random facts of scans: few values of each kind, close to one another, so that bounds are met and missed."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from expo.checkin.rules.facts import Facts, HolderFacts, Question, Rule, StandingFacts
from expo.pure.door_days import DayRange, DoorCalendar

_ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/St_Johns", "Asia/Kolkata", "UTC")
_TYPES = ("visitor", "speaker", "staff")
_ADD_ONS = ("dinner", "lunch")
_SESSIONS = ("opening", "closing")
_PLACES = ("main", "hall-1", "constructor")
_STATES = ("confirmed", "confirmed", "confirmed", "confirmed", "awaiting_approval", "unconfirmed", "cancelled")
# Germany's clocks change on 28 March 2027.
_FIRST_DAYS = (date(2027, 5, 26), date(2027, 3, 26))
_MINUTES = (0, 1, 30, 60, 1440)
_LEAVES = (
    "ticket_type",
    "add_on",
    "between",
    "entries_today",
    "entries",
    "minutes_since_entry",
    "minutes_since_exit",
    "inside",
    "holds_seat",
    "condition of a later version",
)


def make_facts(random: Random) -> Facts:
    """Return the facts of one scan."""
    first = random.choice(_FIRST_DAYS)
    calendar = DoorCalendar(DayRange.of(first, 3), ZoneInfo(random.choice(_ZONES)))
    at = datetime(first.year, first.month, first.day, tzinfo=UTC) + timedelta(
        hours=random.randrange(84), minutes=random.choice((0, 0, 1, 30, 59)), milliseconds=random.choice((0, 1, 59_999))
    )
    day = calendar.day_of(at)
    began = calendar.begins_at(day)
    return {
        "direction": "exit" if random.random() < 0.1 else "entry",
        "at": _text(at),
        "day": day.isoformat(),
        "day_began_at": _text(began),
        "time_zone": calendar.zone.key,
        "forced": _is(random, 0.2),
        "badge": {"issue": random.choice((1, 1, 2))},
        "holder": None if _is(random, 0.02) else _holder(random, day),
        "door": None if _is(random, 0.02) else _door(random, at),
        "standings": {zone: _standing(random, at, began) for zone in _PLACES if _is(random, 0.6)},
        "answers": {each: _answer(random) for each in ("a", "b", "toString") if _is(random, 0.6)},
    }


def _holder(random: Random, day: date) -> HolderFacts:
    return {
        "badge_issue": random.choice((1, 1, 1, 1, 2)),
        "is_revoked": _is(random, 0.05),
        "first_day": (day + timedelta(days=random.choice((-1, 0, 0, 0, 0, 1)))).isoformat(),
        "last_day": (day + timedelta(days=random.choice((-1, 0, 0, 0, 0, 1)))).isoformat(),
        "attendee_state": random.choice(_STATES),
        "order_state": random.choice(("confirmed", "confirmed", "confirmed", "unconfirmed", "expired")),
        "is_paid": _is(random, 0.9),
        "ticket_type": random.choice(_TYPES),
        "add_ons": _some(random, _ADD_ONS),
        "seats": _some(random, _SESSIONS),
        "party": random.choice((1, 12)),
    }


def _door(random: Random, at: datetime) -> Any:
    starts_at = _near(random, at) if _is(random, 0.6) else None
    return {
        "code": "door",
        "zone": random.choice(_PLACES),
        "is_open": _is(random, 0.95),
        "opens_at": _text(_near(random, at)) if _is(random, 0.2) else None,
        "closes_at": _text(_near(random, at)) if _is(random, 0.2) else None,
        "ticket_types": _some(random, _TYPES) if _is(random, 0.2) else None,
        "session": random.choice((*_SESSIONS, None)),
        "session_starts_at": _text(starts_at) if starts_at else None,
        "session_ends_at": _text(starts_at + timedelta(minutes=60)) if starts_at else None,
        "rule": _rule(random),
        "anti_passback": _is(random, 0.5),
        "questions": [_question(random, each) for each in ("a", "b", "toString") if _is(random, 0.3)],
    }


def _rule(random: Random) -> Rule | None:
    """Return any rule, or conditions with alternatives as the organizers' page makes them, or none."""
    if _is(random, 0.3):
        return {"all": [{"any": [make_rule(random, 1) for _ in range(random.randrange(1, 4))]} for _ in range(2)]}
    return make_rule(random, 3) if _is(random, 0.7) else None


def make_rule(random: Random, depth: int) -> Rule:
    """Return a rule whose groups are nested at most `depth` deep."""
    kind = random.choice(("all", "any", "not", "leaf", "leaf")) if depth else "leaf"
    if kind == "leaf":
        return _leaf(random, random.choice(_LEAVES))
    if kind == "not":
        return {"not": make_rule(random, depth - 1)}
    return {kind: [make_rule(random, depth - 1) for _ in range(random.randrange(4))]}


def _leaf(random: Random, name: str) -> Rule:
    values: dict[str, Any] = {
        "ticket_type": _some(random, _TYPES),
        "add_on": _some(random, _ADD_ONS),
        "between": [_bound(random), _bound(random)],
        "entries_today": {"max": random.randrange(4)},
        "entries": {"max": random.randrange(4)},
        "minutes_since_entry": {"min": random.choice(_MINUTES)},
        "minutes_since_exit": {"min": random.choice(_MINUTES)},
        "inside": random.choice((*_PLACES, "hasOwnProperty")),
        "holds_seat": True,
    }
    return {name: values.get(name, "anything")}


def _bound(random: Random) -> Any:
    kind = random.choice(("clock", "clock", "day", "session_start", "session_end"))
    if kind == "clock":
        return f"{random.randrange(24):02}:{random.choice((0, 30)):02}"
    if kind == "day":
        return {kind: random.choice((0, 30, 540, 1080, 1440, 1500))}
    return {kind: random.choice((-60, -30, 0, 1, 30))}


def _standing(random: Random, at: datetime, began: datetime) -> StandingFacts:
    entered_at = random.choice((_near(random, at), began, began - timedelta(milliseconds=1), at - timedelta(days=1)))
    left_at = random.choice((_near(random, at), began, began + timedelta(milliseconds=1)))
    entries = random.randrange(4)
    return {
        "is_inside": _is(random, 0.5),
        "entries": entries,
        "entries_today": random.randrange(entries + 1),
        "entered_at": _text(entered_at) if _is(random, 0.9) else None,
        "left_at": _text(left_at) if _is(random, 0.6) else None,
    }


def _question(random: Random, name: str) -> Question:
    choices = [{"id": each, "text": {"en": each}} for each in _some(random, ("s", "m"))]
    return {
        "id": name,
        "kind": random.choice(("confirm", "text", "choice")),
        "text": {"en": name},
        "choices": choices,  # type: ignore[typeddict-item]
        "ticket_types": _some(random, _TYPES) if _is(random, 0.3) else None,
    }


def _answer(random: Random) -> Any:
    return random.choice(
        (True, True, False, "s", "m", "票", "", " ", "\u3000\u00a0", "\ufeff", "\x1c", "\x85", 1, None, [])
    )


def _near(random: Random, at: datetime) -> datetime:
    minutes = random.choice((-61, -60, -30, -1, 0, 0, 1, 29, 30, 60))
    return at + timedelta(minutes=minutes, microseconds=random.choice((0, 0, 1, -1, 999, 1000, -1000)))


def _some(random: Random, values: Sequence[str]) -> list[str]:
    return [each for each in values if _is(random, 0.5)]


def _is(random: Random, share: float) -> bool:
    return random.random() < share


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
