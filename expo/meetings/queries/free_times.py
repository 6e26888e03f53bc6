"""When people can meet: the slots in which they, somebody of a team, and a place are free."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from expo.editions.queries import EditionFacts
from expo.meetings.queries.diaries import read_diaries
from expo.meetings.queries.meetings import MeetingRow
from expo.meetings.queries.settings import get_settings, list_slots
from expo.meetings.queries.tables import Places, find_places, list_full_slots
from expo.meetings.rules import SettingsRequest
from expo.pure.free_slots import Diary, FreeSlots, Obstacle, Slot, find_free_slots


def search_slots(
    edition: EditionFacts,
    settings: SettingsRequest,
    groups: Sequence[Sequence[Diary]],
    places: Places | None,
    now: datetime,
) -> FreeSlots:
    """Return the free slots of these people after `now`; without `places` they meet on the web.

    At a booth any number of meetings can be held, each with another representative; tables may run out.
    """
    found = find_free_slots(
        list_slots(edition, settings, now),
        groups,
        hall=places.hall if places else "",
        pause=timedelta(minutes=settings.buffer_minutes),
        walk=timedelta(minutes=settings.walking_minutes),
    )
    if places is None or places.booth_code or not found.slots:
        return found
    full = list_full_slots([each.id for each in places.tables], found.slots) if places.tables else None
    left = tuple(slot for slot in found.slots if full is not None and slot.starts_at not in full)
    return FreeSlots(left, None if left else Obstacle.NO_TABLE)


def search_for_meeting(edition: EditionFacts, row: MeetingRow, now: datetime) -> FreeSlots:
    """Return the slots in which everybody in a meeting is free, apart from the meeting itself.

    People who declined do not come, and need not be free.
    """
    return search_with(edition, row.coming_ids, row.exhibitor_id, now, is_virtual=row.is_virtual, but_meeting_id=row.id)


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


def is_free_at(diary: Diary, slot: Slot, settings: SettingsRequest) -> bool:
    """Return whether somebody is there and free in a slot."""
    pause = timedelta(minutes=settings.buffer_minutes)
    return bool(find_free_slots([slot], [[diary]], pause=pause).slots)
