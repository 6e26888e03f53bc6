"""Writing schedules as the views "All" and "GridSmart" of Sessionize's API; times are in UTC, as its API can send them.

Tracks, types, languages and levels are categories, as in Sessionize itself, where organizers name them.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from expo.formats.frab_names import room_name, track_name
from expo.formats.json_text import dump_json
from expo.formats.schedule import ANY, Link, Schedule, ScheduleEvent, SchedulePerson, Texts

Json = dict[str, Any]

_TITLES = ("Track", "Session format", "Language", "Level")
# Of an event imported from Sessionize, what we have no field for.
_EXTRAS = ("questionAnswers", "status", "isInformed", "isConfirmed", "isPlenumSession")


def write_sessionize_all(schedule: Schedule) -> bytes:
    """Write a schedule as the view "All": sessions, speakers, categories and rooms that refer to each other by id."""
    rooms = _number_rooms(schedule)
    categories = _Categories(schedule)
    held: dict[str, list[str]] = {}
    for event in schedule.events:
        for person in event.persons:
            held.setdefault(person.key, []).append(event.key)
    return dump_json(
        {
            "sessions": [
                {
                    **_session(event, schedule, rooms),
                    "speakers": list(dict.fromkeys(person.key for person in event.persons)),
                    "categoryItems": categories.list_items(event),
                }
                for event in schedule.events
            ],
            "speakers": [_speaker(person, held.get(person.key, []), schedule) for person in _list_persons(schedule)],
            "questions": [],
            "categories": categories.to_json(),
            "rooms": [{"id": number, "name": name, "sort": number} for name, number in rooms.items()],
        }
    )


def write_sessionize_grid(schedule: Schedule) -> bytes:
    """Write the scheduled sessions as the view "GridSmart": by day and room, and by day and starting time."""
    rooms = _number_rooms(schedule)
    categories = _Categories(schedule)
    days: dict[date, list[Json]] = {}
    starts: dict[date, list[datetime]] = {}
    for event in sorted((each for each in schedule.events if each.start), key=_start):
        day = event.day or _start(event).astimezone(schedule.zone).date()
        session = {
            **_session(event, schedule, rooms),
            "speakers": [{"id": person.key, "name": _first(person.name)} for person in event.persons],
            "categories": categories.describe(event),
            "room": room_name(schedule, event.room) or None,
        }
        days.setdefault(day, []).append(session)
        starts.setdefault(day, []).append(_start(event))
    return dump_json([_day(day, listed, starts[day], schedule, rooms) for day, listed in sorted(days.items())])


def _day(day: date, sessions: list[Json], starts: list[datetime], schedule: Schedule, rooms: dict[str, int]) -> Json:
    by_room: dict[str, list[Json]] = {}
    slots: dict[str, list[Json]] = {}
    for session, start in zip(sessions, starts, strict=True):
        by_room.setdefault(session["room"] or "", []).append(session)
        slot = start.astimezone(schedule.zone).strftime("%H:%M:%S")
        room = {"id": session["roomId"], "name": session["room"] or "", "session": session, "index": 0}
        slots.setdefault(slot, []).append(room)
    ordered = sorted(by_room, key=lambda name: rooms.get(name, 0))
    return {
        "date": datetime.combine(day, time()).isoformat(),
        "isDefault": False,
        "rooms": [
            {
                "id": rooms.get(name),
                "name": name,
                "sessions": by_room[name],
                "hasOnlyPlenumSessions": all(each["isPlenumSession"] for each in by_room[name]),
            }
            for name in ordered
        ],
        "timeSlots": [{"slotStart": slot, "rooms": listed} for slot, listed in sorted(slots.items())],
    }


def _session(event: ScheduleEvent, schedule: Schedule, rooms: dict[str, int]) -> Json:
    """Return what both views say about a session."""
    raw = event.raw if schedule.format.startswith("sessionize") and isinstance(event.raw, dict) else {}
    end = event.start + timedelta(minutes=event.minutes) if event.start and event.minutes is not None else None
    return {
        "isPlenumSession": False,
        **{name: raw[name] for name in _EXTRAS if name in raw},
        "id": event.key,
        "title": _first(event.title),
        "description": _first(event.description) or _first(event.abstract) or None,
        "startsAt": _moment(event.start),
        "endsAt": _moment(end),
        "isServiceSession": event.kind == "service",
        "roomId": rooms.get(room_name(schedule, event.room)),
        "liveUrl": _url(event.links, "Live"),
        "recordingUrl": _url(event.links, "Recording"),
    }


class _Categories:
    """The categories of a schedule, with numbers for their items."""

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule
        self._numbers: dict[tuple[str, str], int] = {}
        for title in _TITLES:
            for event in schedule.events:
                for each in self._chosen(event):
                    if each[0] == title:
                        self._numbers.setdefault(each, len(self._numbers) + 1)

    def list_items(self, event: ScheduleEvent) -> list[int]:
        """Return the numbers of the items of an event."""
        return [self._numbers[each] for each in self._chosen(event)]

    def describe(self, event: ScheduleEvent) -> list[Json]:
        """Return the categories of an event, each with its item."""
        return [
            {
                "id": _TITLES.index(title) + 1,
                "name": title,
                "categoryItems": [{"id": self._numbers[title, name], "name": name}],
                "sort": _TITLES.index(title),
            }
            for title, name in self._chosen(event)
        ]

    def to_json(self) -> list[Json]:
        """Return all categories that are in use."""
        return [
            {
                "id": position + 1,
                "title": title,
                "items": [
                    {"id": number, "name": name, "sort": number}
                    for (of, name), number in self._numbers.items()
                    if of == title
                ],
                "sort": position,
                "type": "session",
            }
            for position, title in enumerate(_TITLES)
            if any(of == title for of, _name in self._numbers)
        ]

    def _chosen(self, event: ScheduleEvent) -> list[tuple[str, str]]:
        kind = "" if event.kind == "service" else event.kind
        names = (track_name(self._schedule, event.track), kind, event.language, event.level)
        return [(title, name) for title, name in zip(_TITLES, names, strict=True) if name]


def _number_rooms(schedule: Schedule) -> dict[str, int]:
    names = [_first(room.name) for room in schedule.rooms]
    names += [room_name(schedule, event.room) for event in schedule.events]
    return {name: number for number, name in enumerate(dict.fromkeys(filter(None, names)), start=1)}


def _list_persons(schedule: Schedule) -> list[SchedulePerson]:
    """Return the speakers, including those who are only named in their sessions."""
    found = {person.key: person for person in schedule.persons}
    for event in schedule.events:
        for person in event.persons:
            found.setdefault(person.key, person)
    return list(found.values())


def _speaker(person: SchedulePerson, held: Sequence[str], schedule: Schedule) -> Json:
    name = _first(person.name)
    first, _space, last = name.partition(" ")
    raw = person.raw if schedule.format.startswith("sessionize") and isinstance(person.raw, dict) else {}
    links = [{"title": each.title or each.url, "url": each.url, "linkType": "Other"} for each in person.links]
    return {
        "id": person.key,
        "firstName": first,
        "lastName": last,
        "bio": _first(person.biography) or None,
        "tagLine": raw.get("tagLine"),
        "profilePicture": person.photo or raw.get("profilePicture"),
        "isTopSpeaker": raw.get("isTopSpeaker") is True,
        "links": links or raw.get("links") or [],
        "sessions": list(held),
        "fullName": name,
        "categoryItems": [],
        "questionAnswers": [],
    }


def _start(event: ScheduleEvent) -> datetime:
    if event.start is None:
        raise ValueError("an event without a time has no place in a grid")
    return event.start


def _moment(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def _url(links: Sequence[Link], title: str) -> str | None:
    return next((link.url for link in links if link.title == title), None)


def _first(texts: Texts) -> str:
    return texts.get(ANY) or next(iter(texts.values()), "")
