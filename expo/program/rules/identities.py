"""Rules for recognizing a session in a file: by its key, guid, number, address or slug. Pure."""

import re
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence

from expo.formats.frab_names import event_guid, event_number, event_slug
from expo.formats.schedule import Schedule, ScheduleEvent

# From the most to the least certain. A mark of one kind is only compared with marks of the same kind.
KINDS = ("key", "guid", "number", "page", "url", "slug", "title")
# These may be equal by chance, so they do not join sessions whose files gave them different guids.
_WEAK = frozenset({"number", "slug", "title"})
_PAGE = re.compile(r"/sessions/([a-z0-9-]+)/?(?:[?#].*)?$")

Identifiers = Mapping[str, str]


def identifiers_of_session(event: ScheduleEvent, schedule: Schedule, slug: str) -> Identifiers:
    """Return the marks by which any of our exports of a session is recognized; `slug` is part of its address."""
    return {
        "key": event.key,
        "guid": event_guid(event),
        "own guid": _guid(event.guid),
        "number": event_number(event),
        "page": slug,
        "url": event.url,
        "slug": event_slug(event, schedule),
        "title": _folded(event),
    }


def identifiers_of_event(event: ScheduleEvent) -> Identifiers:
    """Return the marks of an event in a file; the title counts only if the file has nothing else."""
    page = _PAGE.search(event.url)
    return {
        "key": event.key,
        "guid": _guid(event.guid or event.key),
        "own guid": _guid(event.guid),
        "number": event.number,
        "page": page[1] if page else "",
        "url": event.url,
        "slug": event.slug,
        "title": _folded(event) if event.is_keyed_by_title else "",
    }


def match_identifiers(known: Sequence[Identifiers], said: Sequence[Identifiers]) -> dict[int, int]:
    """Map positions in `said` to positions in `known`: each is used once, and a mark that two share joins nothing."""
    found: dict[int, int] = {}
    taken: set[int] = set()
    for kind in KINDS:
        by_mark = _unique(known, kind)
        for mark, position in _unique(said, kind).items():
            at = by_mark.get(mark)
            if position in found or at is None or at in taken:
                continue
            if kind in _WEAK and _contradict(known[at]["own guid"], said[position]["own guid"]):
                continue
            found[position] = at
            taken.add(at)
    return found


def _unique(listed: Sequence[Identifiers], kind: str) -> dict[str, int]:
    counts = Counter(marks[kind] for marks in listed)
    return {marks[kind]: position for position, marks in enumerate(listed) if marks[kind] and counts[marks[kind]] == 1}


def _contradict(one: str, other: str) -> bool:
    return bool(one and other and one != other)


def _guid(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return ""


def _folded(event: ScheduleEvent) -> str:
    return " ".join(next(iter(event.title.values()), "").casefold().split())
