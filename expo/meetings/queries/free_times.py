"""When people can meet: the slots in which they, somebody of a team, and a place are free."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from expo.editions.queries import EditionFacts
from expo.meetings.queries.diaries import read_diaries
from expo.meetings.queries.meetings import MeetingRow
from expo.meetings.queries.parties import Party
from expo.meetings.queries.settings import get_settings, list_slots
from expo.meetings.queries.tables import Places, find_places, list_full_slots
from expo.meetings.rules import SettingsRequest, Side
from expo.pure.free_slots import Diary, FreeSlots, Obstacle, Slot, find_free_slots


def search_slots(
    edition: EditionFacts,
    settings: SettingsRequest,
    groups: Sequence[Sequence[Diary]],
    places: Places | None,
    now: datetime,
) -> FreeSlots:
    """Return the free slots of these people after `now`; without `places` they meet on the web.

    At a booth any number of meetings can be held, each with another representative; tables may run out. With tables in
    several halls, one that is free has to be in a hall that everybody can walk to in time.
    """
    slots = list_slots(edition, settings, now)
    search = partial(
        find_free_slots,
        slots,
        groups,
        pause=timedelta(minutes=settings.buffer_minutes),
        walk=timedelta(minutes=settings.walking_minutes),
    )
    found = search(hall=places.hall if places else "")
    if places is None or places.booth_code or not found.slots:
        return found
    halls = sorted({each.hall_code or "" for each in places.tables})
    full = list_full_slots(places.tables, found.slots)
    reachable = [(search(hall=hall).slots if len(halls) > 1 else found.slots, full[hall]) for hall in halls]
    left = {slot for of_hall, taken in reachable for slot in of_hall if slot.starts_at not in taken}
    if left:
        return FreeSlots(tuple(slot for slot in found.slots if slot in left))
    is_far = bool(halls) and not any(of_hall for of_hall, _ in reachable)
    return FreeSlots((), Obstacle.NO_COMMON_TIME if is_far else Obstacle.NO_TABLE)


def search_for_meeting(edition: EditionFacts, row: MeetingRow, party: Party, now: datetime) -> FreeSlots:
    """Return the slots in which everybody in a meeting is free, apart from the meeting itself.

    People who declined do not come, and need not be free; see `ids_to_search` for the guests of a group. Those who may
    still join one that has a time need neither the host nor a place, which it has.
    """
    is_settled = row.is_group and row.starts_at is not None and row.side_of(party) is Side.GUEST
    return search_with(
        edition,
        row.ids_to_search(party),
        None if is_settled else row.exhibitor_id,
        now,
        is_virtual=row.is_virtual or is_settled,
        but_meeting_id=row.id,
    )


def search_with(
    edition: EditionFacts,
    attendee_ids: Sequence[int],
    exhibitor_id: int | None,
    now: datetime,
    *,
    is_virtual: bool = False,
    but_meeting_id: int | None = None,
) -> FreeSlots:
    """Return the slots in which these attendees, and somebody of a company's team, are free.

    Groups are numbered in this order: the attendees, then the team.
    """
    diaries, team = read_diaries(edition.id, attendee_ids, exhibitor_id, but_meeting_id)
    groups = [[diaries[each]] for each in dict.fromkeys(attendee_ids)]
    if exhibitor_id is not None:
        groups.append([each.diary for each in team])
    places = None if is_virtual else find_places(edition.id, exhibitor_id, tables_beside_booth=False)
    return search_slots(edition, get_settings(edition.id), groups, places, now)


def is_free_at(diary: Diary, slot: Slot, settings: SettingsRequest, hall: str) -> bool:
    """Return whether somebody is there and free in a slot, with time to walk to the hall if it is known."""
    pause, walk = timedelta(minutes=settings.buffer_minutes), timedelta(minutes=settings.walking_minutes)
    return bool(find_free_slots([slot], [[diary]], hall=hall, pause=pause, walk=walk).slots)
