"""Delete halls and rooms, provided that no domain refers to them."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from expo.accounts.rules import Actor, Permission, require
from expo.checkin.queries.checkpoints import list_checkpoints
from expo.editions import services
from expo.editions.queries import list_rooms
from expo.errors import Conflict
from expo.exhibitors.queries import count_booths_by_hall
from expo.infra.db import atomic, retried
from expo.program.queries import count_sessions_by_room


@dataclass(frozen=True)
class Uses:
    """How many records of each kind refer to a hall or room."""

    rooms: int = 0
    sessions: int = 0
    checkpoints: int = 0
    booths: int = 0

    def __bool__(self) -> bool:
        """Return whether anything refers to it."""
        return any((self.rooms, self.sessions, self.checkpoints, self.booths))


class PlaceInUse(Conflict):
    """The hall or room cannot be deleted. `uses` says what refers to it."""

    def __init__(self, code: str, uses: Uses) -> None:
        super().__init__(code)
        self.uses = uses


@dataclass(frozen=True)
class VenueUses:
    """The references to halls and rooms, by id."""

    halls: dict[int, Uses] = field(default_factory=dict)
    rooms: dict[int, Uses] = field(default_factory=dict)


def count_venue_uses(edition_id: int) -> VenueUses:
    """Return the references to the halls and rooms of an edition."""
    checkpoints = list_checkpoints(edition_id)
    rooms_by_hall = Counter(each.hall.id for each in list_rooms(edition_id) if each.hall)
    checkpoints_by_hall = Counter(each.hall_id for each in checkpoints if each.hall_id)
    checkpoints_by_room = Counter(each.room_id for each in checkpoints if each.room_id)
    sessions, booths = count_sessions_by_room(edition_id), count_booths_by_hall(edition_id)
    return VenueUses(
        halls={
            each: Uses(rooms=rooms_by_hall[each], checkpoints=checkpoints_by_hall[each], booths=booths.get(each, 0))
            for each in {*rooms_by_hall, *checkpoints_by_hall, *booths}
        },
        rooms={
            each: Uses(sessions=sessions.get(each, 0), checkpoints=checkpoints_by_room[each])
            for each in {*sessions, *checkpoints_by_room}
        },
    )


@retried
def delete_hall(actor: Actor, edition_id: int, hall_id: int, now: datetime) -> None:
    """Delete a hall. Raises Missing `hall_missing`, or PlaceInUse `hall_in_use` while anything refers to it."""
    require(actor, Permission.EDITION_MANAGE, edition_id)
    with atomic():
        services.lock_hall(edition_id, hall_id)
        uses = count_venue_uses(edition_id).halls.get(hall_id)
        if uses:
            raise PlaceInUse("hall_in_use", uses)
        services.delete_hall(actor, edition_id, hall_id, now)


@retried
def delete_room(actor: Actor, edition_id: int, room_id: int, now: datetime) -> None:
    """Delete a room. Raises Missing `room_missing`, or PlaceInUse `room_in_use` while anything refers to it."""
    require(actor, Permission.EDITION_MANAGE, edition_id)
    with atomic():
        services.lock_room(edition_id, room_id)
        uses = count_venue_uses(edition_id).rooms.get(room_id)
        if uses:
            raise PlaceInUse("room_in_use", uses)
        services.delete_room(actor, edition_id, room_id, now)
