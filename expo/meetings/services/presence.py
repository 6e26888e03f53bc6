"""Acts at the meeting and afterwards: check in both sides, free meetings to which nobody came, rate."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select

from expo.accounts.rules import SYSTEM
from expo.errors import Conflict, Invalid
from expo.infra.db import atomic, db, lock
from expo.meetings.models import Meeting, MeetingParticipant
from expo.meetings.queries import (
    MeetingRow,
    ParticipantRow,
    Party,
    find_attendee_of_badge,
    get_meeting,
    get_settings,
    list_meetings_at,
    read_badge,
)
from expo.meetings.rules import (
    ARRIVAL_STATES,
    ARRIVE_FROM,
    CHECK_IN_FROM,
    CHECK_IN_UNTIL,
    MeetingState,
    ParticipantState,
    Side,
    is_check_in_open,
)
from expo.meetings.services.holds import release_time
from expo.meetings.services.parties import change_meeting, lock_meeting, record

BATCH = 200


def check_in(party: Party, code: str, badge_code: str, now: datetime) -> str | None:
    """Check in the other side by the code on their badge, and the party itself; return the name of who came.

    Returns None if they were checked in before. Raises MeetingMissing, Conflict `meeting_not_scheduled`,
    `meeting_check_in_closed`, Invalid `meeting_badge_unknown`.
    """
    with atomic():
        meeting, row = lock_meeting(party, code)
        if row.state not in (MeetingState.SCHEDULED, MeetingState.HELD):
            raise Conflict("meeting_not_scheduled", state=row.state.value)
        if row.starts_at is None or row.ends_at is None or not is_check_in_open(row.starts_at, row.ends_at, now):
            raise Conflict("meeting_check_in_closed")
        found = _find_by_badge(party, row, badge_code)
        if found is None:
            raise Invalid("meeting_badge_unknown", field="badge")
        participant_id, name, was_there = found
        if was_there:
            return None
        own = {each.id for each in _own_participants(party, row)}
        for each in db.session.scalars(select(MeetingParticipant).where(MeetingParticipant.meeting_id == meeting.id)):
            if each.id == participant_id or (each.id in own and each.checked_in_at is None):
                each.checked_in_at = now
        if row.state is MeetingState.SCHEDULED:
            change_meeting(meeting, MeetingState.HELD, now)
        record(party, "check_in", meeting.id, now, participant=participant_id)
        return name


@dataclass(frozen=True)
class Arrival:
    """Who was checked in, to which meeting, and whether for the first time."""

    code: str
    name: str
    is_first: bool
    starts_at: datetime | None = None


def check_in_by_badge(party: Party, badge: str, at: datetime, now: datetime) -> Arrival:
    """Check in a visitor whose badge a company scanned at a moment to check them in, for their meeting at that time.

    The scan may arrive much later, even after the meeting was released: it counts if it was made before the meeting's
    end. Of several meetings the nearest counts to which they have not been checked in; repeating a scan changes
    nothing. Raises Invalid `meeting_badge_nobody`.
    """
    at = min(at, now)
    attendee_id = find_attendee_of_badge(party.edition_id, badge)
    with atomic():
        rows = [
            row
            for row in list_meetings_at(party, attendee_id or 0, at - CHECK_IN_UNTIL, at + CHECK_IN_FROM)
            if row.state is not MeetingState.NO_SHOW or (row.ends_at is not None and row.ends_at >= at)
        ]
        arrival = _arrive(party, rows, attendee_id or 0, at, now)
        if arrival is None:
            raise Invalid("meeting_badge_nobody", field="badge")
        return arrival


def check_in_by_scan(party: Party, attendee_id: int, scanned_at: datetime, now: datetime) -> Arrival | None:
    """Check in a visitor whose badge a company scanned as a lead, and the company, for their meeting at that moment.

    The scan may arrive much later, even after the meeting was released for lack of a check-in: it was held all the
    same. Repeating it changes nothing. Returns None if there was no such meeting.
    """
    with atomic():
        rows = list_meetings_at(party, attendee_id, scanned_at, scanned_at + ARRIVE_FROM)
        nearest = sorted(rows, key=lambda row: (abs((row.starts_at or scanned_at) - scanned_at), row.id))[:1]
        return _arrive(party, nearest, attendee_id, scanned_at, now)


def _arrive(party: Party, rows: Sequence[MeetingRow], attendee_id: int, at: datetime, now: datetime) -> Arrival | None:
    """Check in a guest and the company for one of these meetings; None if there is none, or it was cancelled by now."""

    def order(row: MeetingRow) -> tuple[bool, bool, timedelta, int]:
        checked_in_at = _guest(row, attendee_id).checked_in_at
        return checked_in_at != at, checked_in_at is not None, abs((row.starts_at or at) - at), row.id

    nearest = min(rows, key=order, default=None)
    if nearest is None:
        return None
    meeting, row = lock_meeting(party, nearest.code)
    if row.state not in ARRIVAL_STATES:
        return None
    guest = _guest(row, attendee_id)
    if guest.checked_in_at is not None:
        return Arrival(row.code, guest.name, is_first=False, starts_at=row.starts_at)
    came = {guest.id} | {each.id for each in _own_participants(party, row) if each.checked_in_at is None}
    for each in db.session.scalars(select(MeetingParticipant).where(MeetingParticipant.id.in_(came))):
        each.checked_in_at = at
    if row.state is not MeetingState.HELD:
        change_meeting(meeting, MeetingState.HELD, now)
    record(party, "check_in", meeting.id, now, participant=guest.id)
    return Arrival(row.code, guest.name, is_first=True, starts_at=row.starts_at)


def _guest(row: MeetingRow, attendee_id: int) -> ParticipantRow:
    return next(each for each in row.participants if each.attendee_id == attendee_id)


def release_no_shows(edition_id: int, now: datetime) -> list[int]:
    """Free meetings that began some minutes ago and to which nobody came, and return their ids."""
    minutes = get_settings(edition_id).no_show_minutes
    if not minutes:
        return []
    came = exists().where(MeetingParticipant.meeting_id == Meeting.id, MeetingParticipant.checked_in_at.is_not(None))
    freed = []
    with atomic():
        ids = db.session.scalars(
            select(Meeting.id)
            .where(
                Meeting.edition_id == edition_id,
                Meeting.state == MeetingState.SCHEDULED.value,
                Meeting.starts_at <= now - timedelta(minutes=minutes),
                Meeting.place != "virtual",
                ~came,
            )
            .order_by(Meeting.id)
            .limit(BATCH)
        ).all()
        for meeting_id in ids:
            meeting = lock(Meeting, meeting_id)
            if meeting is None or meeting.state != MeetingState.SCHEDULED.value:
                continue
            release_time(meeting_id)
            change_meeting(meeting, MeetingState.NO_SHOW, now)
            record(Party(SYSTEM, edition_id, ""), "free", meeting_id, now)
            freed.append(meeting_id)
    return freed


def rate_meeting(party: Party, code: str, rating: int, now: datetime) -> None:
    """Store how good a meeting was, from 1 to 5; it can be changed. Raises MeetingMissing, Invalid, Conflict."""
    if not 1 <= rating <= 5:  # noqa: PLR2004
        raise Invalid("rating_invalid", field="rating")
    with atomic():
        row = get_meeting(party, code)
        is_over = row.state in (MeetingState.SCHEDULED, MeetingState.HELD)
        if not is_over or row.starts_at is None or row.starts_at > now:
            raise Conflict("meeting_rating_not_yet")
        own = _own_participants(party, row)
        if not own:
            raise Conflict("meeting_rating_not_yet")
        for each in own:
            db.session.get_one(MeetingParticipant, each.id).rating = rating
        db.session.flush()
        record(party, "rate", row.id, now)


def _own_participants(party: Party, row: MeetingRow) -> list[ParticipantRow]:
    """Return the participants whom the party stands for: the attendee, or the representative of the company."""
    if party.attendee_id is not None:
        own = [each for each in row.participants if each.attendee_id == party.attendee_id]
        return [each for each in own if each.state is ParticipantState.JOINED]
    joined = [each for each in row.of_side(Side.HOST) if each.member_id]
    return [each for each in joined if each.member_id == party.member_id] or joined


def _find_by_badge(party: Party, row: MeetingRow, badge_code: str) -> tuple[int, str, bool] | None:
    """Return the participant of the other side with this code, their name, and whether they are checked in."""
    wanted, side = read_badge(party.edition_id, badge_code), row.side_of(party)
    for each in row.participants:
        is_other = side is None or each.side is side.other
        if wanted and each.badge_code == wanted and is_other and each.state is ParticipantState.JOINED:
            return each.id, each.name, each.checked_in_at is not None
    return None
