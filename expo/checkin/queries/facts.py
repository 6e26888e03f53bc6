"""The facts by which scans are judged, as plain values: of every checkpoint, and of one attendee at any moment."""

from datetime import datetime

from sqlalchemy import select

from expo.badges.models import Badge
from expo.checkin.queries.checkpoints import list_checkpoints
from expo.checkin.queries.passages import list_passages, list_zone_groups
from expo.checkin.queries.zones import list_zones
from expo.checkin.rules import Direction
from expo.checkin.rules.facts import CheckpointFacts, Facts, HolderFacts, StandingFacts, write_moment
from expo.editions.queries import EditionFacts
from expo.infra.db import db
from expo.program.models import SeatHold, Session
from expo.program.rules import SeatState
from expo.pure.door_days import DayRange, DoorCalendar
from expo.pure.presence import stand
from expo.registration.queries import AttendeeRow
from expo.tickets.models import TicketType

# Whoever has used their seat still has it.
_WITH_SEAT = (SeatState.HELD.value, SeatState.USED.value)


def list_checkpoint_facts(edition_id: int) -> dict[str, CheckpointFacts]:
    """Return the facts of an edition's checkpoints by code."""
    rows = list_checkpoints(edition_id)
    types = {
        row.id: row.code
        for row in db.session.execute(select(TicketType.id, TicketType.code).where(TicketType.edition_id == edition_id))
    }
    sessions = {
        row.id: (row.slug, row.starts_at, row.ends_at)
        for row in db.session.execute(
            select(Session.id, Session.slug, Session.starts_at, Session.ends_at).where(
                Session.id.in_({each.session_id for each in rows if each.session_id is not None})
            )
        )
    }
    zones = {each.id: each for each in list_zones(edition_id)}
    facts: dict[str, CheckpointFacts] = {}
    for each in rows:
        slug, starts_at, ends_at = sessions.get(each.session_id or 0, (None, None, None))
        allowed = each.ticket_type_ids
        facts[each.code] = {
            "code": each.code,
            "zone": zones[each.zone_id].code,
            "is_open": each.is_open,
            "opens_at": write_moment(each.opens_at),
            "closes_at": write_moment(each.closes_at),
            "ticket_types": None if allowed is None else sorted(types[type_id] for type_id in allowed),
            "session": slug,
            "session_starts_at": write_moment(starts_at),
            "session_ends_at": write_moment(ends_at),
            "rule": each.rule,
            "anti_passback": zones[each.zone_id].anti_passback,
            "questions": each.questions,  # type: ignore[typeddict-item]  # checked when stored
        }
    return facts


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
    # Who has no badge yet is judged by the days of the ticket.
    days = DayRange.of(attendee.valid_from, attendee.valid_days)
    if badge is not None:
        days = DayRange.of(badge.valid_from, badge.valid_days)
    seats = db.session.scalars(
        select(Session.slug)
        .join(SeatHold, SeatHold.session_id == Session.id)
        .where(SeatHold.attendee_id == attendee.id, SeatHold.state.in_(_WITH_SEAT))
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
        "add_ons": [],
        "seats": list(seats),
        "party": party or 1,
    }


def _standings_at(edition_id: int, attendee_id: int, calendar: DoorCalendar, at: datetime) -> dict[str, StandingFacts]:
    """Return the standings, by code of the zone, that the passages until `at` lead to."""
    began_at = calendar.begins_at(calendar.day_of(at))
    codes = {each.id: each.code for each in list_zones(edition_id)}
    found: dict[str, StandingFacts] = {}
    for zone_ids in list_zone_groups(edition_id):
        passages = list_passages(db.session.connection(), zone_ids, attendee_id)
        now = stand([each for each in passages if each.at <= at], zone_ids, calendar, at)
        before = stand([each for each in passages if each.at < began_at], zone_ids, calendar, began_at)
        for zone_id in zone_ids:
            found[codes[zone_id]] = {
                "is_inside": now[zone_id].is_inside,
                "entries": now[zone_id].entries,
                "entries_today": now[zone_id].entries - before[zone_id].entries,
                "entered_at": write_moment(now[zone_id].entered_at),
                "left_at": write_moment(now[zone_id].left_at),
            }
    return found
