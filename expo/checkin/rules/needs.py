"""Find what would let somebody in whom a checkpoint's rule or opening times refuse. Pure.

`static/js/door/needs.js` finds the same on devices, by the same cases. The answer is a tree, like a rule, of what is
missing:

    {"all": [need, …]}    {"any": [need, …]}

    {"ticket_type": [code, …]}    {"add_on": [code, …]}    {"holds_seat": true}    {"inside": zone}
    {"from": time}     it becomes possible then
    {"until": time}    it was possible until then
    {"entries_today": n}    {"entries": n}    so many are allowed, and used up

Of the first line, what must not be: `{"not": need}`, and `{"holds_seat": false}`. A time is that of a clock at the
expo, such as "2027-05-27T14:00". Ways that are closed by now are only named if there is no other one.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from expo.checkin.rules.facts import Facts, Need, Rule
from expo.checkin.rules.trees import (
    DAY_MINUTES,
    MINUTE_MS,
    Case,
    clock_minutes,
    end_of_pause,
    holds,
    is_reached,
    minutes_of_clock,
    moment_around,
    to_ms,
    wall_minutes,
)

# Nothing is missing; None means that nothing would help.
_MET: Need = {}
_CLOSED = frozenset({"until", "entries_today", "entries"})
# A day at a door ends at 04:00 of the next date; a window that opens later is one of another day.
_DAY_ENDS = 28 * 60


def find_need(case: Case) -> Need | None:
    """Return what would let the holder in; None if that cannot be said, or nothing is in the way."""
    rule = case.door["rule"]
    of_rule = _MET if rule is None else _need_of(rule, case, is_wanted=True)
    return _all_of([_need_of_opening_times(case), of_rule]) or None


def list_sufficient(need: Need | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the codes of ticket types and of add-ons any one of which is enough; empty if it is something else.

    If several such lists are needed, it is the first.
    """
    if need is None:
        return (), ()
    if "all" in need:
        return next((found for each in need["all"] if any(found := list_sufficient(each))), ((), ()))
    ways = need.get("any", [need])
    if not all("ticket_type" in each or "add_on" in each for each in ways):
        return (), ()
    ticket_types, add_ons = (
        tuple(code for each in ways for code in each.get(name, ())) for name in ("ticket_type", "add_on")
    )
    return ticket_types, add_ons


def _need_of_opening_times(case: Case) -> Need:
    opens_at, closes_at, at = case.door["opens_at"], case.door["closes_at"], to_ms(case.facts["at"])
    if opens_at is not None and at < to_ms(opens_at):
        return {"from": _write(_minutes_at(to_ms(opens_at), case.facts), case.facts)}
    if closes_at is not None and at >= to_ms(closes_at):
        return {"until": _write(_minutes_at(to_ms(closes_at), case.facts), case.facts)}
    return _MET


def _need_of(rule: Rule, case: Case, *, is_wanted: bool) -> Need | None:
    """Return what is missing for a rule to hold, or not to hold if that is wanted."""
    ((name, value),) = rule.items()
    if name == "not":
        return _need_of(value, case, is_wanted=not is_wanted)
    if name in ("all", "any"):
        needs = [_need_of(each, case, is_wanted=is_wanted) for each in value]
        return _all_of(needs) if (name == "all") == is_wanted else _one_of(needs)
    if holds(name, value, case) == is_wanted:
        return _MET
    return _missing(name, value, case) if is_wanted else _excess(name, value, case)


def _all_of(needs: Sequence[Need | None]) -> Need | None:
    known = [each for each in needs if each is not None]
    return _join("all", [each for each in known if each]) if len(known) == len(needs) else None


def _one_of(needs: Sequence[Need | None]) -> Need | None:
    ways = [each for each in needs if each is not None]
    if not ways or not all(ways):
        return _MET if ways else None
    return _join("any", [each for each in ways if _is_open(each)] or ways)


def _is_open(need: Need) -> bool:
    ((name, value),) = need.items()
    return all(map(_is_open, value)) if name in ("all", "any") else name not in _CLOSED


def _join(kind: str, needs: Sequence[Need]) -> Need:
    """Return several needs as one: nested groups of the same kind, and times and lists, become one."""
    joined: dict[str, Need] = {}
    for each in (part for need in needs for part in need.get(kind, [need])):
        ((name, value),) = each.items()
        merge = _MERGED[kind].get(name)
        key = name if merge else json.dumps(each)
        known = joined.get(key)
        joined[key] = {name: merge(known[name], value)} if merge and known else each
    parts = list(joined.values())
    if not parts:
        return _MET
    return parts[0] if len(parts) == 1 else {kind: parts}


def _union(codes: Sequence[str], others: Sequence[str]) -> list[str]:
    return list(dict.fromkeys([*codes, *others]))


_MERGED: Mapping[str, Mapping[str, Callable[[Any, Any], Any]]] = {
    "all": {"from": max, "until": min},
    "any": {"from": min, "until": max, "ticket_type": _union, "add_on": _union},
}


def _missing(name: str, value: Any, case: Case) -> Need | None:  # noqa: PLR0911 - one return for each condition
    match name:
        case "ticket_type" | "add_on":
            return {name: list(value)} if value else None
        case "between":
            return _before_or_after(value, case)
        case "entries_today" | "entries":
            return {name: value["max"]}
        case "minutes_since_entry" | "minutes_since_exit":
            return _time_of_pause("from", name, value, case)
        case "inside":
            return {name: value}
        case "holds_seat":
            return _seat(case, is_needed=value)
    return None


def _excess(name: str, value: Any, case: Case) -> Need | None:
    """Return what is missing for a condition not to hold that does."""
    match name:
        case "ticket_type" | "inside":
            return {"not": {name: value}}
        case "add_on":
            return {"not": {name: [code for code in value if code in case.holder["add_ons"]]}}
        case "between":
            return _end_of(value, case)
        case "minutes_since_entry" | "minutes_since_exit":
            return _time_of_pause("until", name, value, case)
        case "holds_seat":
            return _seat(case, is_needed=not value)
    return None


def _seat(case: Case, *, is_needed: bool) -> Need | None:
    return None if is_needed and case.door["session"] is None else {"holds_seat": is_needed}


def _time_of_pause(kind: str, name: str, value: Mapping[str, int], case: Case) -> Need | None:
    ends = end_of_pause(name, value["min"], case)
    return None if ends is None else {kind: _write(_minutes_at(ends, case.facts), case.facts)}


def _before_or_after(window: Sequence[Any], case: Case) -> Need | None:
    """Return when a window opens, or when it closed if it does not open again on this day."""
    facts = case.facts
    if _is_daily(window):
        begins, ends = _daily_window(window, case)
        if begins < _DAY_ENDS:
            return {"from": _write(begins, facts)}
        return {"until": _write(ends - DAY_MINUTES, facts)}
    bounds = [_minutes_of(each, case) for each in window]
    begins_or_none, ends_or_none = bounds
    if begins_or_none is None or ends_or_none is None or begins_or_none >= ends_or_none:
        return None
    if is_reached(window[0], case):
        return {"until": _write(ends_or_none, facts)}
    return {"from": _write(begins_or_none, facts)}


def _end_of(window: Sequence[Any], case: Case) -> Need | None:
    """Return when a window closes that is open."""
    if _is_daily(window):
        begins, ends = _daily_window(window, case)
        return {"from": _write(ends, case.facts)} if begins < ends else None
    ends_or_none = _minutes_of(window[1], case)
    return None if ends_or_none is None else {"from": _write(ends_or_none, case.facts)}


def _is_daily(window: Sequence[Any]) -> bool:
    return all(isinstance(each, str) for each in window)


def _daily_window(window: Sequence[str], case: Case) -> tuple[int, int]:
    """Return the window between two clock times that is open or opens next, in minutes of the door's day."""
    first, last = window
    lasts = (clock_minutes(last) - clock_minutes(first)) % DAY_MINUTES
    now = wall_minutes(to_ms(case.facts["at"]), case.facts)
    begins = minutes_of_clock(first, case.facts) - DAY_MINUTES
    while begins + lasts <= now:
        begins += DAY_MINUTES
    return begins, begins + lasts


def _minutes_of(bound: Any, case: Case) -> int | None:
    """Return a bound of a window as minutes from midnight of the door's day."""
    if isinstance(bound, str):
        return minutes_of_clock(bound, case.facts)
    if "day" in bound:
        return int(bound["day"])
    moment = moment_around(bound, case)
    return None if moment is None else _minutes_at(moment, case.facts)


def _minutes_at(moment: int, facts: Facts) -> int:
    """Return the first whole minute, on the clock at the expo, that is not before a moment in milliseconds."""
    return wall_minutes(moment, facts) + (1 if moment % MINUTE_MS else 0)


def _write(minutes: int, facts: Facts) -> str:
    midnight = datetime.fromisoformat(facts["day"])
    return (midnight + timedelta(minutes=minutes)).isoformat(timespec="minutes")
