"""Rules for merging an imported file with the programme. Pure.

What the file said before, what we have, and what the file says now are compared in the form of the file (`read_back`),
which may have fewer fields and languages than we have.
"""

from collections.abc import Callable, Mapping
from typing import Any

from expo.formats.schedule import ANY, ScheduleEvent, SchedulePerson, Texts
from expo.pure.merges import Merge, Sides


def _persons(event: ScheduleEvent) -> Any:
    return tuple(dict.fromkeys(person.key for person in event.persons))


# The fields that are merged one by one, in the order in which they are shown.
EVENT_FIELDS: Mapping[str, Callable[[ScheduleEvent], Any]] = {
    "title": lambda event: event.title,
    "subtitle": lambda event: event.subtitle,
    "start": lambda event: event.start,
    "minutes": lambda event: event.minutes,
    "room": lambda event: event.room or None,
    "track": lambda event: event.track or None,
    "persons": _persons,
    "kind": lambda event: event.kind,
    "language": lambda event: event.language,
    "level": lambda event: event.level,
    "abstract": lambda event: event.abstract,
    "description": lambda event: event.description,
    "links": lambda event: event.links,
    "attachments": lambda event: event.attachments,
    "is_recording_refused": lambda event: event.is_recording_refused,
}
PERSON_FIELDS: Mapping[str, Callable[[SchedulePerson], Any]] = {
    "name": lambda person: person.name,
    "biography": lambda person: person.biography,
}
# The fields that a timetable editor changes.
PLACE_FIELDS = frozenset({"start", "minutes", "room"})


def compare_events(base: ScheduleEvent | None, ours: ScheduleEvent, theirs: ScheduleEvent) -> dict[str, Sides]:
    """Return the fields of a session in the three states."""
    return {
        name: Sides(read(base) if base else None, read(ours), read(theirs), base is not None)
        for name, read in EVENT_FIELDS.items()
    }


def compare_persons(base: SchedulePerson | None, ours: SchedulePerson, theirs: SchedulePerson) -> dict[str, Sides]:
    """Return the fields of a speaker in the three states."""
    return {
        name: Sides(read(base) if base else None, read(ours), read(theirs), base is not None)
        for name, read in PERSON_FIELDS.items()
    }


def merge_texts(current: Texts, ours: Texts, theirs: Texts) -> Texts:
    """Return a text with a file's changes: languages that the file cannot tell apart or does not have stay.

    `ours` is `current` in the form of the file, for example in one language under the key for any language.
    """
    if ours == theirs:
        return current
    if len(current) == 1 and set(ours) <= {ANY} and set(theirs) <= {ANY}:
        [language] = current
        return {language: theirs[ANY]} if ANY in theirs else {}
    merged = {language: text for language, text in current.items() if language in theirs or language not in ours}
    changed = {language: text for language, text in theirs.items() if ours.get(language) != text}
    return {**merged, **changed}


def next_base(side: Sides, before: Any, merged: Any) -> Any:
    """Return what the file is known to say about a field, in our form, after an import.

    If the file says what we have, it may be our own export: what was changed here is still known to be changed.
    """
    return before if side.merge in (Merge.SAME, Merge.KEEP) else merged
