"""Evaluate the rule of a checkpoint: a tree of conditions. Pure. `static/js/door/trees.js` evaluates the same trees.

    {"all": [rule, …]}    {"any": [rule, …]}    {"not": rule}

over conditions with one key each. What a condition cannot know fails: a window around a session at a checkpoint without
one, or a condition that this version does not know.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from expo.checkin.rules.facts import CheckpointFacts, Facts, HolderFacts, Rule, StandingFacts

ROOT = "$"
MINUTE_MS = 60_000
DAY_MINUTES = 1440
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
    return None if holds(name, value, case) else path


def list_required_add_ons(rule: Rule | None) -> list[str]:
    """Return the codes of the add-ons that a rule asks for; not those that it excludes."""
    found: list[str] = []
    for name, value in (rule or {}).items():
        if name in ("all", "any"):
            found += [code for each in value for code in list_required_add_ons(each)]
        elif name == "add_on":
            found += value
    return list(dict.fromkeys(found))


def holds(name: str, value: Any, case: Case) -> bool:  # noqa: PLR0911 - one return for each condition
    """Whether a condition holds."""
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
        case "minutes_since_entry" | "minutes_since_exit":
            ends = end_of_pause(name, value["min"], case)
            return ends is None or to_ms(facts["at"]) >= ends
        case "inside":
            return standing_in(facts, value)["is_inside"]
        case "holds_seat":
            return (case.door["session"] in holder["seats"]) is value
    return False


def end_of_pause(name: str, minutes: int, case: Case) -> int | None:
    """Return when so many minutes have passed since the last entry or exit, in milliseconds; None without one."""
    facts, standing = case.facts, standing_in(case.facts, case.door["zone"])
    since = standing["entered_at"] if name == "minutes_since_entry" else standing["left_at"]
    if since is None:
        return None
    # The end of a day lets everybody out without a scan, so only an exit of the same day counts.
    if name == "minutes_since_exit" and to_ms(since) <= to_ms(facts["day_began_at"]):
        return None
    return to_ms(since) + minutes * MINUTE_MS


def _is_between(window: Any, case: Case) -> bool:
    first, last = window
    if isinstance(first, str) and isinstance(last, str):
        clock = wall_minutes(to_ms(case.facts["at"]), case.facts) % DAY_MINUTES
        opens, closes = clock_minutes(first), clock_minutes(last)
        # A window from 22:00 to 02:00 spans midnight.
        return opens <= clock < closes if opens < closes else clock >= opens or clock < closes
    begins, ends = is_reached(first, case), is_reached(last, case)
    return begins is True and ends is False


def is_reached(bound: Any, case: Case) -> bool | None:
    """Return whether a bound of a window is reached; None if it is relative to a session that has no time."""
    facts = case.facts
    if isinstance(bound, str):
        return wall_minutes(to_ms(facts["at"]), facts) >= minutes_of_clock(bound, facts)
    if "day" in bound:
        return wall_minutes(to_ms(facts["at"]), facts) >= int(bound["day"])
    moment = moment_around(bound, case)
    return None if moment is None else to_ms(facts["at"]) >= moment


def moment_around(bound: Mapping[str, int], case: Case) -> int | None:
    """Return the moment of a bound around a session, in milliseconds; None if the session has no time."""
    ((name, minutes),) = bound.items()
    anchors = {"session_start": case.door["session_starts_at"], "session_end": case.door["session_ends_at"]}
    anchor = anchors.get(name)
    return None if anchor is None else to_ms(anchor) + int(minutes) * MINUTE_MS


def minutes_of_clock(text: str, facts: Facts) -> int:
    """Return a clock time as minutes from midnight of the door's day.

    01:00 is the end of the day rather than its beginning if the day began at 04:00.
    """
    clock = clock_minutes(text)
    return clock + DAY_MINUTES if clock < wall_minutes(to_ms(facts["day_began_at"]), facts) else clock


def clock_minutes(text: str) -> int:
    """Return a clock time as minutes from midnight."""
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def wall_minutes(moment: int, facts: Facts) -> int:
    """Return the whole minutes shown by a clock in the time zone since midnight of the door's day."""
    here = (_EPOCH + timedelta(milliseconds=moment)).astimezone(ZoneInfo(facts["time_zone"]))
    days = (here.date() - date.fromisoformat(facts["day"])).days
    return days * DAY_MINUTES + here.hour * 60 + here.minute
