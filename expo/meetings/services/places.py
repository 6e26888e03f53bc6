"""Choosing where a meeting takes place: on the web, at the company's booth, or at a table with enough seats."""

from dataclasses import dataclass
from datetime import datetime

from expo.errors import Conflict, Invalid
from expo.infra.db import atomic, db
from expo.meetings.models import Meeting
from expo.meetings.queries import MeetingRow, Party, find_places, list_taken_tables
from expo.meetings.rules import HoldKind, PlaceKind, Side, check_link, require_scheduled
from expo.meetings.services.holds import release_time, take_time
from expo.meetings.services.parties import lock_meeting, record
from expo.pure.free_slots import Slot


@dataclass(frozen=True)
class Choice:
    """What somebody who accepts chooses; what is not chosen is assigned."""

    starts_at: datetime
    member_id: int | None = None
    table_id: int | None = None
    link: str = ""


def assign_place(meeting: Meeting, row: MeetingRow, slot: Slot, choice: Choice, side: Side | None) -> None:
    """Choose where a locked meeting takes place, and hold its table.

    The link of an online meeting is for the host to give; it may follow if the guest accepts.
    """
    if row.is_virtual:
        link = check_link(choice.link) or row.link
        if not link and side is not Side.GUEST:
            raise Invalid("meeting_link_missing", field="link")
        meeting.place, meeting.table_id, meeting.link = PlaceKind.VIRTUAL.value, None, link
        return
    places = find_places(row.edition_id, row.exhibitor_id, tables_beside_booth=choice.table_id is not None)
    if places.booth_code and choice.table_id is None:
        meeting.place, meeting.table_id = PlaceKind.BOOTH.value, None
        return
    people = len(row.of_side(Side.GUEST)) + max(len(row.of_side(Side.HOST)), 1)
    tables = [each for each in places.tables if choice.table_id in (None, each.id)]
    large = [each for each in tables if each.seats >= people]
    taken = list_taken_tables([each.id for each in large], slot.starts_at, slot.ends_at)
    # The smallest that is large enough, so that larger ones stay for larger groups.
    for table in sorted((each for each in large if each.id not in taken), key=lambda each: each.seats):
        if not take_time(meeting.id, [(HoldKind.TABLE, table.id)], slot.starts_at, slot.ends_at):
            meeting.place, meeting.table_id = PlaceKind.TABLE.value, table.id
            return
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
