"""The rule of a checkpoint as a sentence in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from babel.lists import format_list
from flask_babel import get_locale, gettext as _, ngettext

from expo.checkin.queries.zones import list_zones
from expo.checkin.rules.facts import Rule
from expo.infra.clock import utcnow
from expo.tickets.queries import list_ticket_types, name_add_ons
from expo.web.kit.language import localized

_HOUR, _DAY = 60, 1440


@dataclass(frozen=True)
class RuleNames:
    """The names of what rules refer to, in the reader's language, by code; what has no name is shown by its code."""

    ticket_types: Mapping[str, str]
    zones: Mapping[str, str]
    add_ons: Mapping[str, str] = field(default_factory=dict)


def rule_names(edition_id: int) -> RuleNames:
    """Return the names that rules of an edition refer to, in the reader's language."""
    return RuleNames(
        ticket_types={each.code: localized(each.name) for each in list_ticket_types(edition_id, utcnow())},
        zones={each.code: localized(each.name) for each in list_zones(edition_id)},
        add_ons={code: localized(name) for code, name in name_add_ons(edition_id).items()},
    )


def describe_rule(rule: Rule, names: RuleNames) -> str:
    """Return a rule as a sentence without a full stop."""
    sentence = _describe(rule, names, is_inner=False)
    return sentence[:1].upper() + sentence[1:]


def _describe(rule: Rule, names: RuleNames, *, is_inner: bool) -> str:
    ((name, value),) = rule.items()
    if name == "all":
        parts = [_describe(each, names, is_inner=True) for each in value]
        sentence = reduce(lambda first, second: _("%(first)s, and %(second)s", first=first, second=second), parts)
        return _in_brackets(sentence) if is_inner and len(parts) > 1 else sentence
    if name == "any":
        parts = [_describe(each, names, is_inner=len(value) > 1) for each in value]
        sentence = reduce(lambda first, second: _("%(first)s or %(second)s", first=first, second=second), parts)
        return _in_brackets(sentence) if is_inner and len(parts) > 1 else sentence
    if name == "not":
        return _describe_opposite(value, names)
    return _describe_condition(name, value, names)


def _in_brackets(sentence: str) -> str:
    return _("(%(sentence)s)", sentence=sentence)


def _describe_opposite(rule: Rule, names: RuleNames) -> str:
    ((name, value),) = rule.items()
    match name:
        case "ticket_type":
            return _("ticket is not %(names)s", names=_one_of(value, names.ticket_types))
        case "add_on":
            return _("without the add-on %(names)s", names=_one_of(value, names.add_ons))
        case "between":
            return _("not between %(first)s and %(last)s", first=_bound(value[0]), last=_bound(value[1]))
        case "inside":
            return _("not inside %(zone)s", zone=names.zones.get(value, value))
        case "holds_seat":
            return _("no seat held in the session")
    return _("not (%(sentence)s)", sentence=_describe(rule, names, is_inner=False))


def _describe_condition(name: str, value: Any, names: RuleNames) -> str:  # noqa: PLR0911 - one return for each
    match name:
        case "ticket_type":
            return _("ticket is %(names)s", names=_one_of(value, names.ticket_types))
        case "add_on":
            return _("with the add-on %(names)s", names=_one_of(value, names.add_ons))
        case "between":
            return _("between %(first)s and %(last)s", first=_bound(value[0]), last=_bound(value[1]))
        case "entries_today":
            count = value["max"]
            return ngettext("fewer than %(num)s entry today", "fewer than %(num)s entries today", count)
        case "entries":
            count = value["max"]
            return ngettext("fewer than %(num)s entry in total", "fewer than %(num)s entries in total", count)
        case "minutes_since_entry":
            minutes = value["min"]
            return ngettext(
                "at least %(num)s minute since the last entry", "at least %(num)s minutes since the last entry", minutes
            )
        case "minutes_since_exit":
            minutes = value["min"]
            return ngettext(
                "at least %(num)s minute since the last exit", "at least %(num)s minutes since the last exit", minutes
            )
        case "inside":
            return _("inside %(zone)s", zone=names.zones.get(value, value))
        case "holds_seat":
            return _("a seat held in the session")
    return name


def _one_of(codes: list[str], names: Mapping[str, str]) -> str:
    return format_list([names.get(code, code) for code in codes], style="or", locale=get_locale() or "en")


def _bound(bound: Any) -> str:
    if isinstance(bound, str):
        return bound
    ((name, minutes),) = bound.items()
    if name == "day":
        return _clock(minutes)
    if name == "session_start":
        return _around(
            minutes,
            _("the start of the session"),
            ngettext("%(num)s minute before the session starts", "%(num)s minutes before the session starts", -minutes),
            ngettext("%(num)s minute after the session starts", "%(num)s minutes after the session starts", minutes),
        )
    return _around(
        minutes,
        _("the end of the session"),
        ngettext("%(num)s minute before the session ends", "%(num)s minutes before the session ends", -minutes),
        ngettext("%(num)s minute after the session ends", "%(num)s minutes after the session ends", minutes),
    )


def _around(minutes: int, at: str, before: str, after: str) -> str:
    if minutes == 0:
        return at
    return before if minutes < 0 else after


def _clock(minutes: int) -> str:
    clock = f"{minutes % _DAY // _HOUR:02}:{minutes % _HOUR:02}"
    if 0 <= minutes < _DAY:
        return clock
    days = minutes // _DAY
    if days < 0:
        return ngettext("%(clock)s %(num)s day before", "%(clock)s %(num)s days before", -days, clock=clock)
    return ngettext("%(clock)s %(num)s day later", "%(clock)s %(num)s days later", days, clock=clock)
