"""The demo's venue: a conference centre with rooms, and eight exhibition halls with a stage and booths each."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from sqlalchemy import select

from expo.demo.drawing import read_data
from expo.demo.schedule import list_rooms
from expo.editions.models import Hall, Room
from expo.editions.queries import EditionFacts
from expo.exhibitors.rules import CompanyRequest
from expo.infra.db import db

CONFERENCE = "conference"
CONFERENCE_NAME = {"en": "Conference centre", "zh": "会议中心", "ar": "مركز المؤتمرات"}
# Capacities for rooms of an imported programme: schedules fill them to about half on average, some beyond.
CAPACITIES = (40, 60, 80, 100, 120, 160, 240, 400)
AISLES = "ABCDEFGH"
BOOTHS_OF_AISLE = 24
TWO_BOOTHS_SHARE = 0.08


def create_halls(edition: EditionFacts) -> None:
    """Create the halls: eight for exhibitors, then the conference centre."""
    for number, _theme in enumerate(read_data("programme.json")["halls"], 1):
        name = {"en": f"Hall {number}", "zh": f"{number}号馆", "ar": f"القاعة {number}"}
        db.session.add(Hall(edition_id=edition.id, code=f"hall-{number}", name=name, position=number))
    db.session.add(Hall(edition_id=edition.id, code=CONFERENCE, name=CONFERENCE_NAME, position=99))
    db.session.flush()


def assign_booths(companies: Sequence[CompanyRequest], rng: Random) -> tuple[CompanyRequest, ...]:
    """Return the companies with booths in our halls, aisle by aisle: `3-B17` is in hall 3, aisle B."""
    count = len(read_data("programme.json")["halls"])
    free = {
        number: [f"{number}-{aisle}{booth:02}" for aisle in AISLES for booth in range(1, BOOTHS_OF_AISLE + 1)]
        for number in range(1, count + 1)
    }
    settled = []
    for each in companies:
        number = rng.choice([number for number, booths in free.items() if len(booths) > 1])
        wanted = 2 if rng.random() < TWO_BOOTHS_SHARE else 1
        booths = tuple(free[number].pop(0) for _ in range(wanted))
        settled.append(replace(each, venue=f"Hall {number}", booths=booths))
    return tuple(settled)


def assign_rooms(edition: EditionFacts, rng: Random) -> None:
    """Give every room a capacity and a hall; rooms that are not ours get a random size."""
    known = {each.key: each for each in list_rooms()}
    halls = {row.code: row.id for row in db.session.scalars(select(Hall).where(Hall.edition_id == edition.id))}
    for room in db.session.scalars(select(Room).where(Room.edition_id == edition.id).order_by(Room.id)):
        ours = known.get(str(room.source.get("key")))
        room.capacity = ours.capacity if ours else rng.choice(CAPACITIES)
        room.hall_id = halls[f"hall-{ours.hall}" if ours and ours.hall else CONFERENCE]
    db.session.flush()
