"""What would let somebody in, in words. `static/js/door/requirement_texts.js` says the same on devices.

The phrases are given to devices with the page, so they have placeholders like `{names}` for values.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from typing import Any

from babel.dates import format_skeleton, format_time
from babel.lists import format_list
from flask_babel import gettext as _, pgettext

from expo.checkin.rules import Reason
from expo.checkin.rules.facts import Need
from expo.web.kit.language import current_locale
from expo.web.kit.rule_sentences import RuleNames
from expo.web.kit.scan_labels import REASON_TEXTS, WITHOUT_ADD_ON, advise_without_add_on, advise_without_ticket

_DAY_ENDS = timedelta(hours=28)
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
# What to do next, by what is missing.
_AT_THE_DESK = frozenset({"ticket_type", "add_on", "holds_seat"})
_CLOSED = frozenset({"until", "entries_today", "entries"})


@dataclass(frozen=True)
class Refusal:
    """A refusal as people read it."""

    word: str
    advice: str


def list_phrases() -> dict[str, str]:
    """Return the phrases in the page's language, with `{names}` for values."""
    ways = "{ways}"
    return {
        "too_early": _("Too early"),
        "too_late": _("Too late"),
        "used_up": _("No entries left"),
        "without_seat": _("No seat"),
        "later": _("Entry is allowed only %(ways)s. Ask them to come back then.", ways=ways),
        "desk": _("Entry is allowed only %(ways)s. Send them to the help desk.", ways=ways),
        "later_or_desk": _(
            "Entry is allowed only %(ways)s. Ask them to come back then, or send them to the help desk.", ways=ways
        ),
        "elsewhere": _("Entry is allowed only %(ways)s. Tell them where to go.", ways=ways),
        "closed": _("Entry is allowed only %(ways)s. If in doubt, call the team leader.", ways=ways),
        "ticket": pgettext("way in", "with the ticket %(names)s", names="{names}"),
        "other_ticket": pgettext("way in", "with a ticket other than %(names)s", names="{names}"),
        "add_on": pgettext("way in", "with the add-on %(names)s", names="{names}"),
        "without_add_on": pgettext("way in", "without the add-on %(names)s", names="{names}"),
        "from": pgettext("way in", "from %(time)s", time="{time}"),
        "until": pgettext("way in", "until %(time)s", time="{time}"),
        "once_today": pgettext("way in", "once a day"),
        "times_today": pgettext("way in", "%(count)s times a day", count="{count}"),
        "once": pgettext("way in", "once"),
        "times": pgettext("way in", "%(count)s times", count="{count}"),
        "inside": pgettext("way in", "after entering %(zone)s", zone="{zone}"),
        "outside": pgettext("way in", "after leaving %(zone)s", zone="{zone}"),
        "seat": pgettext("way in", "with a seat in this session"),
        "no_seat": pgettext("way in", "without a seat in this session"),
        "and": pgettext("way in", "%(first)s and %(second)s", first="{first}", second="{second}"),
        "or": pgettext("way in", "%(first)s, or %(second)s", first="{first}", second="{second}"),
        "or_inner": pgettext("way in", "%(first)s or %(second)s", first="{first}", second="{second}"),
        "brackets": _("(%(sentence)s)", sentence="{sentence}"),
    }


def describe_need(need: Need, names: RuleNames, day: date) -> Refusal:
    """Return the words of a refusal, on a day at the door, that `need` would have avoided."""
    kinds = frozenset(_kinds_in(need))
    if kinds <= {"ticket_type", "add_on"} and "all" not in need:
        return _refusal_without(need, kinds, names)
    phrases = list_phrases()
    ways = _Sentence(phrases, names, day).describe(need)
    return Refusal(_word_of(kinds, phrases), _fill(phrases[_next_step(kinds)], ways=ways))


def _kinds_in(need: Need) -> list[str]:
    ((name, value),) = need.items()
    if name in ("all", "any"):
        return [kind for each in value for kind in _kinds_in(each)]
    return ["not"] if name == "not" or value is False else [name]


def _word_of(kinds: Collection[str], phrases: Mapping[str, str]) -> str:
    words = {"from": "too_early", "until": "too_late", "holds_seat": "without_seat"}
    if set(kinds) <= {"entries_today", "entries"}:
        return phrases["used_up"]
    if len(kinds) == 1 and (word := words.get(*kinds)):
        return phrases[word]
    return str(REASON_TEXTS[Reason.RULE].word)


def _next_step(kinds: frozenset[str]) -> str:
    if kinds & _CLOSED:
        return "closed"
    if kinds & _AT_THE_DESK:
        return "later_or_desk" if "from" in kinds else "desk"
    return "later" if "from" in kinds else "elsewhere"


def _refusal_without(need: Need, kinds: Collection[str], names: RuleNames) -> Refusal:
    parts: Sequence[Need] = need.get("any", [need])
    asked = [names.ticket_types.get(code, code) for each in parts for code in each.get("ticket_type", ())]
    asked += [names.add_ons.get(code, code) for each in parts for code in each.get("add_on", ())]
    word = WITHOUT_ADD_ON if "add_on" in kinds else REASON_TEXTS[Reason.WRONG_TICKET_TYPE].word
    advise = advise_without_ticket if "ticket_type" in kinds else advise_without_add_on
    return Refusal(str(word), advise(_one_of(asked)))


@dataclass(frozen=True)
class _Sentence:
    phrases: Mapping[str, str]
    names: RuleNames
    day: date

    def describe(self, need: Need, *, is_inner: bool = False) -> str:
        """Return the ways in as part of a sentence. An alternative within a list of conditions is in brackets."""
        ((name, value),) = need.items()
        if name == "all":
            return self._join([self.describe(each, is_inner=True) for each in value], "and")
        if name != "any":
            return self._phrase(name, value)
        joined = self._join([self.describe(each, is_inner=True) for each in value], "or_inner" if is_inner else "or")
        return _fill(self.phrases["brackets"], sentence=joined) if is_inner else joined

    def _join(self, parts: Sequence[str], kind: str) -> str:
        return reduce(lambda first, second: _fill(self.phrases[kind], first=first, second=second), parts)

    def _phrase(self, name: str, value: Any) -> str:  # noqa: PLR0911 - one return for each kind
        phrases, names = self.phrases, self.names
        match name:
            case "ticket_type":
                return _fill(phrases["ticket"], names=_names_of(value, names.ticket_types))
            case "add_on":
                return _fill(phrases["add_on"], names=_names_of(value, names.add_ons))
            case "from" | "until":
                return _fill(phrases[name], time=_time_at(value, self.day))
            case "entries_today":
                return phrases["once_today"] if value == 1 else _fill(phrases["times_today"], count=str(value))
            case "entries":
                return phrases["once"] if value == 1 else _fill(phrases["times"], count=str(value))
            case "inside":
                return _fill(phrases["inside"], zone=names.zones.get(value, value))
            case "holds_seat":
                return phrases["seat" if value else "no_seat"]
        return self._opposite(value)

    def _opposite(self, need: Need) -> str:
        ((name, value),) = need.items()
        if name == "inside":
            return _fill(self.phrases["outside"], zone=self.names.zones.get(value, value))
        if name == "ticket_type":
            return _fill(self.phrases["other_ticket"], names=_names_of(value, self.names.ticket_types))
        return _fill(self.phrases["without_add_on"], names=_names_of(value, self.names.add_ons))


def _fill(text: str, **values: str) -> str:
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)


def _names_of(codes: Sequence[str], names: Mapping[str, str]) -> str:
    return _one_of([names.get(code, code) for code in codes])


def _one_of(names: Sequence[str]) -> str:
    return format_list(names, style="or", locale=current_locale())


def _time_at(text: str, day: date) -> str:
    """Return a time of the expo's clock; with the date if that is not of the door's day."""
    moment, locale = datetime.fromisoformat(text), current_locale()
    clock = format_time(moment.time(), "short", locale=locale)
    if timedelta(0) <= moment - datetime.combine(day, datetime.min.time()) < _DAY_ENDS:
        return clock
    both = str(locale.datetime_formats["medium"]).replace("'", "")
    return both.replace("{0}", clock).replace("{1}", format_skeleton("MMMd", moment, locale=locale))
