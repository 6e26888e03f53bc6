"""Meetings as calendar entries, and as a table for organizers."""

from collections.abc import Iterator, Sequence

from sqlalchemy import or_, select

from expo.editions.queries import EditionFacts
from expo.exhibitors.models import Member
from expo.formats.calendars import CalendarEntry, write_ics
from expo.infra.db import db
from expo.meetings.models import Meeting, MeetingParticipant
from expo.meetings.queries import MeetingRow, Party, list_all_meetings, list_meetings, names_of, read_meetings
from expo.meetings.rules import MeetingState, ParticipantState, PlaceKind, Side
from expo.pure.languages import localized

COLUMNS = (
    "code",
    "status",
    "starts_at",
    "ends_at",
    "exhibitor",
    "guests",
    "representatives",
    "place",
    "hall",
    "requested_at",
    "checked_in",
    "guest_ratings",
    "host_ratings",
)
# States in which a meeting that had a time is shown in calendars; a cancelled one is crossed out.
SHOWN_STATES = (MeetingState.SCHEDULED, MeetingState.HELD, MeetingState.CANCELLED, MeetingState.NO_SHOW)


def own_calendar_entries(edition: EditionFacts, attendee_id: int, language: str) -> list[CalendarEntry]:
    """Return an attendee's meetings as calendar entries, also those in which they represent a company."""
    members = select(Member.id).where(Member.attendee_id == attendee_id)
    own = select(MeetingParticipant.meeting_id, MeetingParticipant.side, MeetingParticipant.state).where(
        or_(MeetingParticipant.attendee_id == attendee_id, MeetingParticipant.member_id.in_(members))
    )
    sides = {meeting_id: (Side(side), ParticipantState(state)) for meeting_id, side, state in db.session.execute(own)}
    rows = read_meetings(Meeting.id.in_(sides) & (Meeting.edition_id == edition.id))
    # Guests of a group who have not answered have nothing in their calendar yet.
    return [
        _entry(edition, row, *sides[row.id], language)
        for row in rows
        if _is_shown(row) and sides[row.id][1] is not ParticipantState.INVITED
    ]


def export_company_ics(edition: EditionFacts, party: Party, language: str) -> bytes:
    """Return the meetings of a company as a calendar."""
    rows = list_meetings(party, states=SHOWN_STATES)
    entries = [_entry(edition, row, Side.HOST, ParticipantState.JOINED, language) for row in rows if _is_shown(row)]
    changed_at = max((row.changed_at for row in rows), default=edition.content_changed_at)
    return write_ics(party.name, entries, edition.zone, changed_at.replace(microsecond=0), edition.slug)


def meeting_rows(edition: EditionFacts) -> Iterator[Sequence[str]]:
    """Yield the meetings of an edition as rows of COLUMNS, without addresses."""
    for row in list_all_meetings(edition.id):
        yield (
            row.code,
            row.state.value,
            row.starts_at.astimezone(edition.zone).isoformat() if row.starts_at else "",
            row.ends_at.astimezone(edition.zone).isoformat() if row.ends_at else "",
            row.company_name,
            names_of(row, Side.GUEST),
            ", ".join(each.name for each in row.of_side(Side.HOST)),
            row.place_code or row.place,
            localized(row.hall_name, "en") if row.hall_name else "",
            row.created_at.astimezone(edition.zone).isoformat(),
            str(sum(each.checked_in_at is not None for each in row.participants)),
            *(", ".join(str(each.rating) for each in row.of_side(side) if each.rating) for side in Side),
        )


def _is_shown(row: MeetingRow) -> bool:
    return row.starts_at is not None and row.ends_at is not None and row.state in SHOWN_STATES


def _entry(edition: EditionFacts, row: MeetingRow, side: Side, state: ParticipantState, language: str) -> CalendarEntry:
    if row.starts_at is None or row.ends_at is None:
        raise AssertionError("only meetings with a time are shown")
    is_cancelled = state is ParticipantState.DECLINED or row.state in (MeetingState.CANCELLED, MeetingState.NO_SHOW)
    place = [row.place_code, localized(row.hall_name, language) if row.hall_name else ""]
    return CalendarEntry(
        uid=f"{edition.slug}-meeting-{row.code}",
        title=", ".join(row.names_of(side.other)) or row.company_name,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        location=("" if is_cancelled else row.link)
        if row.place == PlaceKind.VIRTUAL
        else ", ".join(each for each in place if each),
        sequence=row.sequence,
        changed_at=row.changed_at.replace(microsecond=0),
        is_cancelled=is_cancelled,
    )
