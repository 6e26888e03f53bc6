"""Choosing where a meeting takes place: on the web, at the company's booth, or at a table with enough seats."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from expo.errors import Conflict, Invalid
from expo.infra.db import atomic, db
from expo.meetings.models import Meeting
from expo.meetings.queries import (
    MeetingRow,
    Party,
    People,
    Places,
    Resource,
    find_places,
    list_halls_nearby,
    list_tables,
    list_taken_tables,
    list_team,
)
from expo.meetings.rules import HoldKind, PlaceKind, SettingsRequest, Side, check_link, require_scheduled
from expo.meetings.services.holds import release_time, reserve_time
from expo.meetings.services.parties import lock_meeting, record
from expo.pure.free_slots import Slot


@dataclass(frozen=True)
class Choice:
    """What somebody who accepts chooses; what is not chosen is assigned."""

    starts_at: datetime
    member_id: int | None = None
    table_id: int | None = None
    link: str = ""


def find_places_for(row: MeetingRow, choice: Choice) -> Places:
    """Return where a meeting can take place: nowhere if it is online, else at the table that is chosen, if one is."""
    if row.is_virtual:
        return Places()
    places = find_places(row.edition_id, row.exhibitor_id, tables_beside_booth=choice.table_id is not None)
    if choice.table_id is None:
        return places
    return Places(tables=tuple(each for each in places.tables if each.id == choice.table_id))


def find_hall(row: MeetingRow) -> str:
    """Return the hall in which a scheduled meeting takes place; empty if it is online, or nobody knows."""
    if row.place == PlaceKind.BOOTH:
        return find_places(row.edition_id, row.exhibitor_id).booth_hall
    return next((each.hall_code or "" for each in list_tables(row.edition_id) if each.id == row.table_id), "")


def find_halls_nearby(
    meeting_id: int, starts_at: datetime, ends_at: datetime, settings: SettingsRequest
) -> dict[Resource, set[str]]:
    """Return in which halls those whose time a meeting holds have others, too shortly before or after to walk.

    They have to be locked; see `lock_people`.
    """
    walk = timedelta(minutes=settings.walking_minutes)
    return list_halls_nearby(meeting_id, starts_at - walk, ends_at + walk)


def require_time_to_walk(row: MeetingRow, people: People, hall: str, nearby: Mapping[Resource, set[str]]) -> None:
    """Check that everybody can walk to a meeting, and from it to their next one. Raises Conflict `meeting_too_far`."""
    far = {who for who, halls in nearby.items() if hall and halls - {hall}}
    if far:
        names = {(HoldKind.ATTENDEE, each.attendee_id): each.name for each in row.participants if each.attendee_id}
        names |= {(HoldKind.MEMBER, each.id): each.name for each in list_team(people, row.exhibitor_id)}
        raise Conflict("meeting_too_far", name=next((names[who] for who in names if who in far), row.company_name))


def assign_place(
    meeting: Meeting,
    row: MeetingRow,
    slot: Slot,
    choice: Choice,
    side: Side | None,
    places: Places,
    nearby: set[str],
) -> str:
    """Choose where a locked meeting takes place, hold its table, and return the hall if it is known.

    The link of an online meeting is for the host to give; it may follow if the guest accepts. Tables in the halls
    `nearby` come first, where the participants have other meetings shortly before or after.
    """
    if row.is_virtual:
        link = check_link(choice.link) or row.link
        if not link and side is not Side.GUEST:
            raise Invalid("meeting_link_missing", field="link")
        meeting.place, meeting.table_id, meeting.link = PlaceKind.VIRTUAL.value, None, link
        return ""
    if places.booth_code:
        meeting.place, meeting.table_id = PlaceKind.BOOTH.value, None
        return places.booth_hall
    people = len(row.of_side(Side.GUEST)) + max(len(row.of_side(Side.HOST)), 1)
    tables = places.tables
    large = [each for each in tables if each.seats >= people]
    taken = list_taken_tables([each.id for each in large], slot.starts_at, slot.ends_at)
    # The smallest that is large enough, so that larger ones stay for larger groups.
    free = [each for each in large if each.id not in taken]
    for table in sorted(free, key=lambda each: (bool(each.hall_code and nearby - {each.hall_code}), each.seats)):
        if not reserve_time(meeting.id, [(HoldKind.TABLE, table.id)], slot.starts_at, slot.ends_at):
            meeting.place, meeting.table_id = PlaceKind.TABLE.value, table.id
            return table.hall_code or ""
        release_time(meeting.id, [(HoldKind.TABLE, table.id)])
    if tables and not large:
        raise Conflict("meeting_table_small", people=people)
    if choice.table_id is not None and tables:
        raise Conflict("meeting_taken", name=tables[0].code)
    raise Conflict("meeting_no_table")


def change_link(party: Party, code: str, link: str, now: datetime) -> bool:
    """Give an online meeting that is scheduled another link; False if it has it already.

    Raises MeetingMissing, Invalid `meeting_link_missing` or `meeting_link_invalid`, Conflict `meeting_not_scheduled`,
    `meeting_not_online`, or `meeting_not_your_turn` for guests, who do not host it.
    """
    link = check_link(link)
    if not link:
        raise Invalid("meeting_link_missing", field="link")
    with atomic():
        meeting, row = lock_meeting(party, code)
        require_scheduled(row.state)
        if row.side_of(party) is Side.GUEST and row.exhibitor_id is not None:
            raise Conflict("meeting_not_your_turn")
        if row.place != PlaceKind.VIRTUAL.value:
            raise Conflict("meeting_not_online")
        if meeting.link == link:
            return False
        meeting.link = link
        meeting.sequence += 1
        meeting.changed_at = now
        meeting.version += 1
        db.session.flush()
        record(party, "change_link", meeting.id, now)
        return True
