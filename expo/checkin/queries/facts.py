"""The facts by which a scan of one attendee would be judged at any moment, as plain values."""

from datetime import datetime

from sqlalchemy import select

from expo.badges.models import Badge
from expo.checkin.queries.checkpoints import list_checkpoint_facts
from expo.checkin.queries.passages import list_passages, list_zone_groups
from expo.checkin.queries.scans import WITH_SEAT, list_add_ons
from expo.checkin.queries.zones import list_zones
from expo.checkin.rules import Direction
from expo.checkin.rules.facts import Facts, HolderFacts, StandingFacts, write_moment
from expo.editions.queries import EditionFacts
from expo.infra.db import db
from expo.program.models import SeatHold, Session
from expo.pure.door_days import DayRange, DoorCalendar
from expo.pure.presence import fold_passages
from expo.registration.queries import AttendeeRow
from expo.tickets.models import TicketType


def find_facts(
    edition: EditionFacts, checkpoint: str, attendee: AttendeeRow, direction: Direction, at: datetime
) -> Facts:
    """Return the facts of a scan that an attendee's newest badge would have at a moment; nothing is written."""
    calendar = edition.door_calendar
    day = calendar.day_of(at)
    holder = _find_holder(attendee)
    return {
        "direction": direction.value,
        "at": write_moment(at) or "",
        "day": day.isoformat(),
        "day_began_at": write_moment(calendar.begins_at(day)) or "",
        "time_zone": edition.time_zone,
        "forced": False,
        "badge": {"issue": holder["badge_issue"]},
        "holder": holder,
        "door": list_checkpoint_facts(edition.id).get(checkpoint),
        "standings": _standings_at(edition.id, attendee.id, calendar, at),
        "answers": {},
    }


def _find_holder(attendee: AttendeeRow) -> HolderFacts:
    badge = db.session.scalars(select(Badge).where(Badge.attendee_id == attendee.id)).one_or_none()
    # Somebody without a badge is judged by the days of the ticket.
    days = DayRange.of(attendee.valid_from, attendee.valid_days)
    if badge is not None:
        days = DayRange.of(badge.valid_from, badge.valid_days)
    seats = db.session.scalars(
        select(Session.slug)
        .join(SeatHold, SeatHold.session_id == Session.id)
        .where(SeatHold.attendee_id == attendee.id, SeatHold.state.in_(WITH_SEAT))
        .order_by(Session.slug)
    )
    party = db.session.scalar(select(TicketType.party).where(TicketType.id == attendee.ticket_type_id))
    return {
        "badge_issue": badge.issue if badge else 1,
        "is_revoked": badge is not None and badge.revoked_at is not None,
        "first_day": days.first.isoformat(),
        "last_day": days.last.isoformat(),
        "attendee_state": attendee.state.value,
        "order_state": attendee.order_state.value,
        "is_paid": attendee.is_paid,
        "ticket_type": attendee.ticket_type_code,
        "add_ons": list_add_ons(db.session.connection(), [attendee.id]).get(attendee.id, []),
        "seats": list(seats),
        "party": party or 1,
    }


def _standings_at(edition_id: int, attendee_id: int, calendar: DoorCalendar, at: datetime) -> dict[str, StandingFacts]:
    """Return the standings, by code of the zone, that the passages until `at` lead to."""
    began_at = calendar.begins_at(calendar.day_of(at))
    codes = {each.id: each.code for each in list_zones(edition_id)}
    found: dict[str, StandingFacts] = {}
    for zone_ids in list_zone_groups(edition_id):
        passages = list_passages(db.session.connection(), zone_ids, [attendee_id])[attendee_id]
        now = fold_passages([each for each in passages if each.at <= at], zone_ids, calendar, at)
        before = fold_passages([each for each in passages if each.at < began_at], zone_ids, calendar, began_at)
        for zone_id in zone_ids:
            found[codes[zone_id]] = {
                "is_inside": now[zone_id].is_inside,
                "entries": now[zone_id].entries,
                "entries_today": now[zone_id].entries - before[zone_id].entries,
                "entered_at": write_moment(now[zone_id].entered_at),
                "left_at": write_moment(now[zone_id].left_at),
            }
    return found
