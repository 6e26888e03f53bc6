"""The demo's programme: bilingual sessions on three days, drawn from lists of topics. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from expo.demo.drawing import read_data
from expo.demo.people import generate_people
from expo.formats.schedule import Schedule, ScheduleEvent, SchedulePerson, ScheduleRoom, ScheduleTrack, Texts

SPEAKERS = 320
PLENARY_STARTS = time(9, 0)
# When sessions start in forums, workshops and hall stages (hour, minute), and their length in minutes.
FORUM = ((10, 45, 40), (11, 30, 30), (13, 30, 40), (14, 15, 40), (15, 0, 40), (16, 0, 40), (16, 45, 45))
WORKSHOPS = ((10, 45, 75), (13, 30, 90), (15, 30, 90))
STAGE_OPENS, STAGE_CLOSES = time(10, 0), time(17, 0)
STAGE_MINUTES = (10, 15, 20, 20, 30)
PITCH_MINUTES = 5
PANEL_SHARE = 0.16
EMPTY_SHARE = 0.05
CHINESE_SHARE = 0.62
LEVELS_OF = {
    "talk": ("beginner", "intermediate", "intermediate", "advanced"),
    "panel": ("all", "all", "intermediate"),
    "workshop": ("beginner", "intermediate", "advanced"),
    "pitch": ("all", "all", "beginner"),
}


@dataclass(frozen=True)
class DemoRoom:
    """A room of the demo and its hall: None for the conference centre, else a number from 1."""

    key: str
    name: Texts
    capacity: int
    hall: int | None


@dataclass(frozen=True)
class _Subject:
    track: int
    name: Texts


def list_rooms() -> list[DemoRoom]:
    """Return the rooms of the conference centre, and a stage in each hall."""
    data = read_data("programme.json")
    rooms = [DemoRoom(each["key"], _texts(each), each["capacity"], None) for each in data["rooms"]]
    stages = [
        DemoRoom(f"stage-{number}", {"en": f"Stage in Hall {number}", "zh": f"{number}号馆舞台"}, 120, number)
        for number in range(1, len(data["halls"]) + 1)
    ]
    return rooms + stages


def draw_schedule(title: str, slug: str, days: Sequence[date], zone: ZoneInfo, rng: Random, seed: int) -> Schedule:
    """Return a programme for the days: plenaries in the morning, then parallel forums, workshops and stages."""
    data = read_data("programme.json")
    writer = _Writer(data, zone, rng, list(_draw_people(data, seed + 1)))
    events = [event for number, day in enumerate(days) for event in writer.write_day(number, day)]
    return Schedule(
        format="own",
        title=title,
        acronym=slug,
        zone=zone,
        days=tuple(days),
        events=tuple(events),
        rooms=tuple(ScheduleRoom(each.key, each.name) for each in list_rooms()),
        tracks=tuple(ScheduleTrack(each["en"], _texts(each)) for each in data["tracks"]),
        persons=tuple({person.key: person for event in events for person in event.persons}.values()),
    )


class _Writer:
    """Writes sessions, each with a new combination of subject and form."""

    def __init__(self, data: Mapping[str, Any], zone: ZoneInfo, rng: Random, speakers: list[SchedulePerson]) -> None:
        self._data, self._zone, self._rng, self._speakers = data, zone, rng, speakers
        self._tracks = [each["en"] for each in data["tracks"]]
        self._subjects = [
            _Subject(number, _texts(each)) for number, track in enumerate(data["tracks"]) for each in track["subjects"]
        ]
        self._taken: set[str] = set()
        self._busy: dict[str, list[tuple[datetime, datetime]]] = {}

    def write_day(self, number: int, day: date) -> Iterator[ScheduleEvent]:
        start = datetime.combine(day, PLENARY_STARTS, self._zone)
        rooms = list_rooms()
        for each in self._data["plenary"][number % len(self._data["plenary"])]:
            count = {"ceremony": 0, "keynote": 1}.get(each["kind"], 4)
            about = _texts(each["abstract"])
            yield self._event(day, start, each["minutes"], rooms[0], _texts(each), about, each["kind"], None, count)
            start += timedelta(minutes=each["minutes"])
        for place, room in enumerate(rooms[1:]):
            yield from self._write_room(day, room, (place + number * 5) % len(self._tracks))

    def _write_room(self, day: date, room: DemoRoom, track: int) -> Iterator[ScheduleEvent]:
        for start, minutes, kind in self._plan(day, room):
            if self._rng.random() < EMPTY_SHARE:
                continue
            subject = self._draw_subject(track if room.hall is None else None)
            speakers = {"panel": 4, "workshop": 2}.get(kind, self._rng.choice((1, 1, 1, 2)))
            title, about = self._title(subject, kind), self._fill(self._rng.choice(self._data["abstracts"]), subject)
            yield self._event(day, start, minutes, room, title, about, kind, subject, speakers)

    def _plan(self, day: date, room: DemoRoom) -> Iterator[tuple[datetime, int, str]]:
        if room.hall is not None:
            start = datetime.combine(day, STAGE_OPENS, self._zone)
            while start.time() < STAGE_CLOSES:
                minutes = PITCH_MINUTES if start.hour == 11 else self._rng.choice(STAGE_MINUTES)  # noqa: PLR2004 - pitches before lunch
                yield start, minutes, "pitch"
                start += timedelta(minutes=minutes + (0 if minutes == PITCH_MINUTES else 10))
            return
        is_workshop = "Workshop" in room.name["en"]
        for hour, minute, minutes in WORKSHOPS if is_workshop else FORUM:
            kind = "workshop" if is_workshop else "panel" if self._rng.random() < PANEL_SHARE else "talk"
            yield datetime.combine(day, time(hour, minute), self._zone), minutes, kind

    def _draw_subject(self, track: int | None) -> _Subject:
        candidates = [each for each in self._subjects if track is None or each.track == track]
        return self._rng.choice(candidates)

    def _title(self, subject: _Subject, kind: str) -> Texts:
        for _attempt in range(200):
            title = self._fill(self._rng.choice(self._data["titles"][kind]), subject)
            if title["en"] not in self._taken:
                break
            subject = self._rng.choice(self._subjects)
        self._taken.add(title["en"])
        return title

    def _fill(self, pattern: Sequence[str], subject: _Subject) -> Texts:
        return _fill(pattern, subject.name, self._rng.choice(self._data["places"]))

    def _event(
        self,
        day: date,
        start: datetime,
        minutes: int,
        room: DemoRoom,
        title: Texts,
        abstract: Texts,
        kind: str,
        subject: _Subject | None,
        speakers: int,
    ) -> ScheduleEvent:
        end = start + timedelta(minutes=minutes)
        return ScheduleEvent(
            key=f"{day:%m%d}-{room.key}-{start:%H%M}",
            title=title,
            day=day,
            start=start,
            minutes=minutes,
            room=room.key,
            abstract=abstract,
            track=self._tracks[subject.track] if subject else None,
            kind=kind,
            language="zh" if self._rng.random() < CHINESE_SHARE else "en",
            level=self._draw_level(kind),
            persons=tuple(self._draw_speakers(speakers, start, end)),
        )

    def _draw_level(self, kind: str) -> str:
        return "" if kind in ("ceremony", "keynote") else self._rng.choice(LEVELS_OF.get(kind, LEVELS_OF["talk"]))

    def _draw_speakers(self, count: int, start: datetime, end: datetime) -> Iterator[SchedulePerson]:
        """Yield people who do not speak elsewhere at that time."""
        for _number in range(count):
            free = [each for each in self._speakers if not self._is_busy(each, start, end)]
            chosen = self._rng.choice(free)
            self._busy.setdefault(chosen.key, []).append((start, end))
            yield chosen

    def _is_busy(self, person: SchedulePerson, start: datetime, end: datetime) -> bool:
        return any(begin < end and start < until for begin, until in self._busy.get(person.key, ()))


def _draw_people(data: Mapping[str, Any], seed: int) -> Iterator[SchedulePerson]:
    """Yield the speakers, each with a biography in both languages."""
    rng = Random(seed)
    subjects = [each for track in data["tracks"] for each in track["subjects"]]
    for number, who in enumerate(generate_people(SPEAKERS, seed), start=1):
        name = {"en": who.latin_name or who.name}
        if who.latin_name and who.language.startswith("zh"):
            name["zh"] = who.name
        biography = _fill(rng.choice(data["biographies"]), rng.choice(subjects), rng.choice(data["places"]))
        yield SchedulePerson(f"speaker-{number}", name, biography)


def _fill(pattern: Sequence[str], subject: Mapping[str, str], place: Mapping[str, str]) -> Texts:
    """Return a text about a subject and a place in both languages."""
    english = subject["en"]
    return {
        "en": pattern[0].format(S=english[0].upper() + english[1:], s_=english, place=place["en"]),
        "zh": pattern[1].format(s=subject["zh"], place_zh=place["zh"]),
    }


def _texts(row: Mapping[str, str]) -> Texts:
    return {"en": row["en"], "zh": row["zh"]}
