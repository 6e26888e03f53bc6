"""Rooms and tracks of a file that look like renamed ones of the programme. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from expo.formats.schedule import Schedule, Texts
from expo.pure.similar import similarity

# Names this alike are probably two names of one room; and so are rooms that share most of their sessions.
ALIKE = 0.7
MOST = 0.5


@dataclass(frozen=True)
class Named:
    """A room or track: its key, its name, and in how many sessions that are in both it is used."""

    key: str
    name: Texts
    sessions: int = 0


@dataclass(frozen=True)
class Rename:
    """A room or track of the file (`key`, `name`) that may be one of the programme (`our_key`, `our_name`)."""

    kind: str
    key: str
    name: Texts
    our_key: str
    our_name: Texts


def find_renames(
    kind: str, new: Iterable[Named], gone: Iterable[Named], shared: Mapping[tuple[str, str], int]
) -> tuple[Rename, ...]:
    """Return which of the new ones look like one that is not in the file: by their names, or by their sessions.

    `shared` counts the sessions that are in both by the two keys. Each is named at most once, the most likely first.
    """
    gone = list(gone)
    pairs = sorted(
        ((_likelihood(each, other, shared), each, other) for each in new for other in gone),
        key=lambda pair: pair[0],
        reverse=True,
    )
    found: dict[str, Rename] = {}
    taken: set[str] = set()
    for likelihood, each, other in pairs:
        if likelihood and each.key not in found and other.key not in taken:
            taken.add(other.key)
            found[each.key] = Rename(kind, each.key, each.name, other.key, other.name)
    return tuple(found.values())


def apply_renames(schedule: Schedule, renames: Iterable[Rename]) -> Schedule:
    """Return a schedule in which renamed rooms and tracks have the keys of the programme."""
    keys = {(each.kind, each.key): each.our_key for each in renames}
    return replace(
        schedule,
        rooms=tuple(replace(each, key=keys.get(("room", each.key), each.key)) for each in schedule.rooms),
        tracks=tuple(replace(each, key=keys.get(("track", each.key), each.key)) for each in schedule.tracks),
        events=tuple(
            replace(
                each,
                room=keys.get(("room", each.room or ""), each.room),
                track=keys.get(("track", each.track or ""), each.track),
            )
            for each in schedule.events
        ),
    )


def _likelihood(each: Named, other: Named, shared: Mapping[tuple[str, str], int]) -> float:
    """Return how likely two are the same, from 0 (not worth a question) to 2."""
    both = shared.get((each.key, other.key), 0)
    share = both / other.sessions if other.sessions else 0.0
    alike = max((_alike(mine, theirs) for mine in each.name.values() for theirs in other.name.values()), default=0.0)
    return (share if share > MOST else 0.0) + (alike if alike >= ALIKE else 0.0)


def _alike(first: str, second: str) -> float:
    """Return how alike two names are; names with other numbers (Hall 1, Hall 2) are not."""
    first, second = (" ".join(text.casefold().split()) for text in (first, second))
    return similarity(first, second) if re.findall(r"\d+", first) == re.findall(r"\d+", second) else 0.0
