"""Evaluate the rule of a checkpoint: a tree of conditions. Pure. `static/js/door/judge.js` evaluates the same trees.

    {"all": [rule, …]}    {"any": [rule, …]}    {"not": rule}

over conditions with one key each. What a condition cannot know fails: a window around a session at a checkpoint without
one, or a condition that this version does not know.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from expo.checkin.rules.facts import CheckpointFacts, Facts, HolderFacts, Rule, StandingFacts

ROOT = "$"
_MINUTE_MS = 60_000
_DAY_MINUTES = 1440
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NEVER: StandingFacts = {
    "is_inside": False,
    "entries": 0,
    "entries_today": 0,
    "entered_at": None,
    "left_at": None,
}


@dataclass(frozen=True, slots=True)
class Case:
    """What a rule is evaluated on: the facts of a scan with a known holder and checkpoint."""

    facts: Facts
    holder: HolderFacts
    door: CheckpointFacts


@dataclass(frozen=True, slots=True)
class Missing:
    """Tickets and add-ons, by code: any one of them would meet the condition that fails. False if there are none."""

    ticket_types: tuple[str, ...] = ()
    add_ons: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.ticket_types or self.add_ons)


def to_ms(moment: str) -> int:
    """Return a moment in milliseconds; a finer fraction is cut off, because JavaScript knows nothing finer."""
    since = datetime.fromisoformat(moment) - _EPOCH
    return since.days * 86_400_000 + since.seconds * 1000 + since.microseconds // 1000


def standing_in(facts: Facts, zone: str) -> StandingFacts:
    """Return the holder's standing in a zone, without what ended with an earlier day.

    Anyone who did not leave is outside when the next day begins, and the entries of the day are counted from zero.
    """
    standing = facts["standings"].get(zone, _NEVER)
    entered_at = standing["entered_at"]
    if entered_at is None or to_ms(entered_at) >= to_ms(facts["day_began_at"]):
        return standing
    return {**standing, "is_inside": False, "entries_today": 0}


def find_failure(rule: Rule, case: Case, path: str = ROOT) -> str | None:
    """Return the JSONPath of the condition that fails, or None if the rule holds.

    Of `all` it is the first condition that fails; `any` and `not` fail as a whole.
    """
    ((name, value),) = rule.items()
    if name == "all":
        failures = (find_failure(each, case, f"{path}.all[{index}]") for index, each in enumerate(value))
        return next((failure for failure in failures if failure is not None), None)
    if name == "any":
        return None if any(find_failure(each, case) is None for each in value) else path
    if name == "not":
        return path if find_failure(value, case) is None else None
    return None if _holds(name, value, case) else path


def list_asked_add_ons(rule: Rule | None) -> list[str]:
    """Return the codes of the add-ons that a rule asks for; not those that it excludes."""
    found: list[str] = []
    for name, value in (rule or {}).items():
        if name in ("all", "any"):
            found += [code for each in value for code in list_asked_add_ons(each)]
        elif name == "add_on":
            found += value
    return list(dict.fromkeys(found))


def find_missing(rule: Rule | None, ticket_type: str, held: Collection[str]) -> Missing:
    """Return the tickets and add-ons of which a rule requires one, if the holder has none of them.

    Empty if there is another way to fulfil the rule, such as another time. Of several such lists it is the first.
    """
    if rule is None:
        return Missing()
    if "all" in rule:
        return next((found for each in rule["all"] if (found := find_missing(each, ticket_type, held))), Missing())
    ways = rule.get("any", [rule])
    if not all("ticket_type" in each or "add_on" in each for each in ways):
        return Missing()
    ticket_types = dict.fromkeys(code for each in ways for code in each.get("ticket_type", ()))
    add_ons = dict.fromkeys(code for each in ways for code in each.get("add_on", ()))
    if ticket_type in ticket_types or any(code in held for code in add_ons):
        return Missing()
    return Missing(tuple(ticket_types), tuple(add_ons))


def _holds(name: str, value: Any, case: Case) -> bool:  # noqa: PLR0911 - one return for each condition
    holder, facts = case.holder, case.facts
    here = case.door["zone"]
    match name:
        case "ticket_type":
            return holder["ticket_type"] in value
        case "add_on":
            return any(each in value for each in holder["add_ons"])
        case "between":
            return _is_between(value, case)
        case "entries_today":
            return standing_in(facts, here)["entries_today"] < int(value["max"])
        case "entries":
            return standing_in(facts, here)["entries"] < int(value["max"])
        case "minutes_since_entry":
            return _is_past(standing_in(facts, here)["entered_at"], value["min"], facts)
        case "minutes_since_exit":
            # The end of a day lets everybody out without a scan, so only an exit of the same day counts.
            left_at = standing_in(facts, here)["left_at"]
            is_of_today = left_at is not None and to_ms(left_at) > to_ms(facts["day_began_at"])
            return _is_past(left_at if is_of_today else None, value["min"], facts)
        case "inside":
            return standing_in(facts, value)["is_inside"]
        case "holds_seat":
            return (case.door["session"] in holder["seats"]) is value
    return False


def _is_past(since: str | None, minutes: int, facts: Facts) -> bool:
    return since is None or to_ms(facts["at"]) - to_ms(since) >= minutes * _MINUTE_MS


def _is_between(window: Any, case: Case) -> bool:
    first, last = window
    if isinstance(first, str) and isinstance(last, str):
        clock, opens, closes = _wall_minutes(case.facts["at"], case.facts) % _DAY_MINUTES, _clock(first), _clock(last)
        # A window from 22:00 to 02:00 spans midnight.
        return opens <= clock < closes if opens < closes else clock >= opens or clock < closes
    begins, ends = _has_come(first, case), _has_come(last, case)
    return begins is True and ends is False


def _has_come(bound: Any, case: Case) -> bool | None:
    """Return whether a bound of a window is reached; None if it is relative to a session that has no time."""
    facts, door = case.facts, case.door
    if isinstance(bound, str):
        clock, began = _clock(bound), _wall_minutes(facts["day_began_at"], facts)
        # 01:00 is the end of the day rather than its beginning if the day began at 04:00.
        return _wall_minutes(facts["at"], facts) >= (clock + _DAY_MINUTES if clock < began else clock)
    ((name, minutes),) = bound.items()
    if name == "day":
        return _wall_minutes(facts["at"], facts) >= int(minutes)
    anchor = {"session_start": door["session_starts_at"], "session_end": door["session_ends_at"]}.get(name)
    return None if anchor is None else to_ms(facts["at"]) >= to_ms(anchor) + int(minutes) * _MINUTE_MS


def _clock(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def _wall_minutes(moment: str, facts: Facts) -> int:
    """Return the whole minutes shown by a clock in the time zone since midnight of the door's day."""
    here = datetime.fromisoformat(moment).astimezone(ZoneInfo(facts["time_zone"]))
    days = (here.date() - date.fromisoformat(facts["day"])).days
    return days * _DAY_MINUTES + here.hour * 60 + here.minute
