"""Fictional companies, universities and government offices of a country, shared by several attendees."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from expo.demo.drawing import Weighted, by_rank

# Shares of attendees by kind of organization, and the average number of attendees per organization.
_KINDS = Weighted(["company", "university", "government", "none"], [80, 10, 7, 3])
_SHARE_AND_SIZE = {"company": (0.80, 3.5), "university": (0.10, 14.0), "government": (0.07, 9.0)}
_MIN_PEOPLE = 3
_FLATNESS = 12.0  # keeps the largest organization near one and a half percent of a large country's attendees
_MAIL_PREFIX = {"company": "", "university": "uni-", "government": "gov-"}
_LETTERS = str.maketrans({"đ": "d", "ł": "l", "ø": "o", "ß": "ss", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})


@dataclass(frozen=True, slots=True)
class Organization:
    """Where a person works or studies; without a name for people who attend privately."""

    kind: str
    name: str
    mail_domain: str | None


NOWHERE = Organization("none", "", None)


class OrganizationPool:
    """The organizations of one country with one style of naming."""

    def __init__(
        self, style: Mapping[str, Any], places: Sequence[str], expected: float, taken_domains: set[str], rng: Random
    ) -> None:
        self._by_kind = {
            kind: by_rank(
                _invent(style, kind, places, max(_MIN_PEOPLE, round(expected * share / size)), taken_domains, rng),
                _FLATNESS,
            )
            for kind, (share, size) in _SHARE_AND_SIZE.items()
        }

    def draw(self, rng: Random) -> Organization:
        """Draw an attendee's organization."""
        kind = _KINDS.draw(rng)
        return NOWHERE if kind == "none" else self._by_kind[kind].draw(rng)


def ascii_words(text: str) -> list[str]:
    """Return the words of a Latin text in lower-case ASCII, for use in an address."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
    letters = "".join(char for char in plain if not unicodedata.combining(char)).replace("'", "").replace("’", "")
    return re.findall("[a-z0-9]+", letters)


def _invent(
    style: Mapping[str, Any], kind: str, places: Sequence[str], wanted: int, taken_domains: set[str], rng: Random
) -> list[Organization]:
    """Return up to `wanted` organizations with unique names; fewer if the name parts do not suffice."""
    found: dict[str, Organization] = {}
    for _ in range(wanted * 3):
        if len(found) == wanted:
            break
        place, place_latin = _both(rng.choice(places))
        stem, stem_latin = _both(rng.choice(style["stems"]))
        pattern: str = rng.choice(style[kind])
        name = pattern.format(place=place, stem=stem, field=rng.choice(style["fields"]))
        if name not in found:
            label = stem_latin if kind == "company" else _MAIL_PREFIX[kind] + place_latin
            found[name] = Organization(kind, name, _reserve_domain(label, place_latin, taken_domains))
    return list(found.values())


def _both(entry: str) -> tuple[str, str]:
    native, separator, latin = entry.partition("|")
    return native, latin if separator else native


def _reserve_domain(label: str, place: str, taken: set[str]) -> str:
    """Return an unused domain under the reserved top-level domain; the place, then a number make it unique."""
    base = "-".join(ascii_words(label))
    town = "-".join(ascii_words(place))
    located = base if base.endswith(town) else f"{base}-{town}"
    candidates = [base, located]
    number = 2
    while candidates[0] in taken:
        candidates.pop(0)
        if not candidates:
            candidates.append(f"{located}{number}")
            number += 1
    taken.add(candidates[0])
    return f"{candidates[0]}.example"
