"""Reads of meetings for organizers: the tables of a day, the load of each hour, and complaints."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select

from expo.exhibitors.models import Exhibitor
from expo.infra.db import db
from expo.meetings.models import Meeting, MeetingParticipant, MeetingReport
from expo.meetings.queries.meetings import MeetingRow, read_meetings
from expo.meetings.rules import UNANSWERED_STATES, MeetingState, Side
from expo.registration.models import Attendee

PLANNED_STATES = (MeetingState.SCHEDULED, MeetingState.HELD, MeetingState.NO_SHOW)


@dataclass(frozen=True)
class ReportRow:
    """A complaint with its meeting."""

    id: int
    meeting_code: str
    side: str
    text: str
    created_at: datetime
    resolved_at: datetime | None
    company_name: str
    # The guest who complains, or whom the host complains about; empty if it was not noted which of several.
    guest_name: str


def list_meetings_of_day(
    edition_id: int, day: date, zone: ZoneInfo, *, at_tables: bool, limit: int | None = None, offset: int = 0
) -> list[MeetingRow]:
    """Return the meetings that are planned on a day by time: those at tables, or all others."""
    place = Meeting.table_id.is_not(None) if at_tables else Meeting.table_id.is_(None)
    return read_meetings(_planned(edition_id, day, zone) & place, limit, offset)


def count_by_state(edition_id: int) -> dict[MeetingState, int]:
    """Return how many meetings are in each state."""
    rows = db.session.execute(
        select(Meeting.state, func.count()).where(Meeting.edition_id == edition_id).group_by(Meeting.state)
    )
    return {MeetingState(state): count for state, count in rows}


def rate_meetings(edition_id: int) -> tuple[int, float | None]:
    """Return how many ratings of meetings there are, and their average; None without any."""
    count, average = db.session.execute(
        select(func.count(MeetingParticipant.rating), func.avg(MeetingParticipant.rating))
        .join(Meeting, Meeting.id == MeetingParticipant.meeting_id)
        .where(Meeting.edition_id == edition_id)
    ).one()
    return count, None if average is None else float(average)


def count_by_hour(edition_id: int, day: date, zone: ZoneInfo) -> dict[int, int]:
    """Return how many of a day's meetings begin in each hour."""
    found: dict[int, int] = defaultdict(int)
    rows = db.session.execute(
        select(Meeting.starts_at, func.count()).where(_planned(edition_id, day, zone)).group_by(Meeting.starts_at)
    )
    for starts_at, count in rows:
        if starts_at is not None:
            found[starts_at.astimezone(zone).hour] += count
    return dict(found)


def count_elsewhere(edition_id: int, day: date, zone: ZoneInfo) -> int:
    """Return how many of a day's meetings are at booths or online."""
    query = select(func.count()).where(_planned(edition_id, day, zone), Meeting.table_id.is_(None))
    return db.session.scalar(query) or 0


def _planned(edition_id: int, day: date, zone: ZoneInfo) -> ColumnElement[bool]:
    begins = datetime(day.year, day.month, day.day, tzinfo=zone)
    return (
        (Meeting.edition_id == edition_id)
        & Meeting.state.in_([each.value for each in PLANNED_STATES])
        & (Meeting.starts_at >= begins)
        & (Meeting.starts_at < begins + timedelta(days=1))
    )


def list_unanswered(edition_id: int, limit: int, offset: int = 0) -> list[MeetingRow]:
    """Return the requests that nobody has answered, the oldest first."""
    ids = db.session.scalars(
        select(Meeting.id)
        .where(Meeting.edition_id == edition_id, Meeting.state.in_([each.value for each in UNANSWERED_STATES]))
        .order_by(Meeting.created_at, Meeting.id)
        .limit(limit)
        .offset(offset)
    ).all()
    rows = read_meetings(Meeting.id.in_(ids))
    return sorted(rows, key=lambda row: (row.created_at, row.id))


def count_reports(edition_id: int) -> int:
    """Return how many complaints an edition has."""
    query = select(func.count(MeetingReport.id)).join(Meeting, Meeting.id == MeetingReport.meeting_id)
    return db.session.scalar(query.where(Meeting.edition_id == edition_id)) or 0


def list_reports(edition_id: int, limit: int | None = None, offset: int = 0) -> list[ReportRow]:
    """Return the complaints of an edition: open ones first, the newest first."""
    rows = db.session.execute(
        select(
            MeetingReport.id,
            Meeting.code,
            MeetingReport.side,
            MeetingReport.text,
            MeetingReport.created_at,
            MeetingReport.resolved_at,
            func.coalesce(Exhibitor.name, Meeting.company_name),
            func.coalesce(Attendee.name, ""),
        )
        .join(Meeting, Meeting.id == MeetingReport.meeting_id)
        .outerjoin(Exhibitor, Exhibitor.id == Meeting.exhibitor_id)
        .outerjoin(MeetingParticipant, MeetingParticipant.id == MeetingReport.guest_id)
        .outerjoin(Attendee, Attendee.id == MeetingParticipant.attendee_id)
        .where(Meeting.edition_id == edition_id)
        .order_by(MeetingReport.resolved_at.is_not(None), MeetingReport.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [ReportRow(*row) for row in rows]


def list_all_meetings(edition_id: int) -> list[MeetingRow]:
    """Return all meetings of an edition by time, for exports."""
    return read_meetings(Meeting.edition_id == edition_id)


def names_of(row: MeetingRow, side: Side) -> str:
    """Return the names of a side for tables."""
    return ", ".join(row.names_of(side))
