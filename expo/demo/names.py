"""Personal names typical of a country in its own script, with the Latin form that the person would write."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from expo.demo.drawing import Weighted, by_rank, read_data

_SLOT = re.compile(r"\{(\w+)\}")
# A doubled syllable (俊俊, Min-min) is redrawn this often; short lists may still produce one.
_REDRAWS = 4


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name in its original script, and its Latin form if the script differs."""

    name: str
    latin_name: str | None


@dataclass(frozen=True, slots=True)
class _Pattern:
    slots: tuple[str, ...]
    name: str
    latin: str | None


class NameList:
    """The names of one culture."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._lists = {key: _compile(key, rows, data["rank_offset"]) for key, rows in data["lists"].items()}
        patterns = data["patterns"]
        self._patterns = Weighted(
            [
                _Pattern(tuple(_SLOT.findall(p["latin"] if "latin" in p else p["name"])), p["name"], p.get("latin"))
                for p in patterns
            ],
            [pattern["weight"] for pattern in patterns],
        )
        western = data.get("western")
        self._western = _Pattern(tuple(_SLOT.findall(western)), "", western) if western else None

    def draw(self, rng: Random, gender: str) -> PersonName:
        """Return a name in its own script; gender is "m" or "f"."""
        pattern = self._patterns.draw(rng)
        native, latin = self._fill(pattern, rng, gender)
        name = pattern.name.format_map(native)
        return PersonName(name, pattern.latin.format_map(latin) if pattern.latin else None)

    def draw_abroad(self, rng: Random, gender: str) -> PersonName:
        """Return a name as somebody abroad would write it: in Latin letters, given name first."""
        if self._western is None or self._western.latin is None:
            return PersonName(self.draw(rng, gender).name, None)
        _, latin = self._fill(self._western, rng, gender)
        return PersonName(self._western.latin.format_map(latin), None)

    def _fill(self, pattern: _Pattern, rng: Random, gender: str) -> tuple[dict[str, str], dict[str, str]]:
        native: dict[str, str] = {}
        latin: dict[str, str] = {}
        previous = ""
        for slot in pattern.slots:
            choice = self._lists.get(f"{slot}_{gender}") or self._lists[slot]
            entry = choice.draw(rng)
            for _ in range(_REDRAWS):
                if entry[0] != previous:
                    break
                entry = choice.draw(rng)
            native[slot], latin[slot] = entry
            previous = entry[0]
        return native, latin


def _compile(key: str, rows: list[str], rank_offset: float) -> Weighted[tuple[str, str]]:
    """Return the entries of a list; family names are ordered by how common they are."""
    entries = []
    for row in rows:
        native, separator, latin = row.partition("|")
        entries.append((native, latin if separator else native))
    return by_rank(entries, rank_offset) if key.startswith("family") else Weighted(entries, [1.0] * len(entries))


@cache
def name_list(key: str) -> NameList:
    """Return the name list `data/names/<key>.json`, loaded once."""
    return NameList(read_data(f"names/{key}.json"))
