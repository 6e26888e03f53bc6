"""Figures of the organizer's overview, each from one query over committed rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.sql.elements import ColumnElement

from expo.accounts.rules import Actor, Permission, require
from expo.checkin.models import Checkpoint, Presence, Scan, Zone
from expo.editions.models import Room
from expo.editions.queries import EditionFacts
from expo.imports.models import ImportRun
from expo.imports.rules import PERMISSIONS
from expo.infra.cache import get_recent
from expo.infra.db import db
from expo.mail.models import Email
from expo.program.models import AgendaEntry, Session
from expo.registration.models import Attendee, Order
from expo.tickets.models import Quota, QuotaTicketType, TicketType

# States in which an attendee is expected to attend.
COMING = ("confirmed",)
FIGURES_SECONDS = 15.0
OPEN_DECISIONS = ("awaiting_approval",)


@dataclass(frozen=True)
class HeadlineFigures:
    """The four numbers at the top, each with that of the previous week (or hour) for its trend."""

    confirmed: int
    confirmed_last_week: int
    confirmed_week_before: int
    countries: int
    arrived: int  # people: a group with one badge counts with all its members
    arrived_badges: int
    arrived_last_hour: int
    awaiting_approval: int
    unconfirmed: int
    unpaid_orders: int


@dataclass(frozen=True)
class DayCount:
    """The count of one day, and the running total."""

    day: date
    count: int
    total: int


@dataclass(frozen=True)
class CountryCount:
    """The number of confirmed attendees from a country or region (ISO 3166-1 alpha-2)."""

    country: str
    count: int


@dataclass(frozen=True)
class HourCount:
    """People admitted at one checkpoint in one hour, starting at `hour` (aware, in the edition's zone)."""

    hour: datetime
    checkpoint_code: str
    count: int


@dataclass(frozen=True)
class QuotaFill:
    """How full a quota is; a `size` of None means unlimited."""

    name: str
    taken: int
    size: int | None


@dataclass(frozen=True)
class TicketTypeCount:
    """The number of confirmed attendees of a ticket type."""

    code: str
    name: dict[str, str]
    band: int
    count: int


@dataclass(frozen=True)
class SessionFill:
    """How many attendees want to see a session, and the capacity of its room (None if unknown)."""

    slug: str
    title: dict[str, str]
    room: dict[str, str] | None
    wanted: int
    capacity: int | None


@dataclass(frozen=True)
class RoomFill:
    """How many people are inside a room now, and its capacity (None if unknown)."""

    name: dict[str, str]
    inside: int
    capacity: int | None


@dataclass(frozen=True)
class OpenDecisions:
    """What needs attention besides the head figures: orders that expire within twelve hours, and failures."""

    expiring_orders: int
    failed_emails: int
    stopped_imports: int


@dataclass(frozen=True)
class Figures:
    """All figures of the dashboard."""

    registrations: list[DayCount]
    countries: list[CountryCount]
    ticket_types: list[TicketTypeCount]
    quotas: list[QuotaFill]
    arrivals_day: date
    arrival_days: tuple[date, ...]
    arrivals: list[HourCount]
    refusals: list[tuple[str, int]]
    sessions: list[SessionFill]
    rooms: list[RoomFill]


def get_figures(actor: Actor, edition: EditionFacts, day: date | None = None) -> Figures:
    """Return all figures of the dashboard, cached for fifteen seconds: several people may watch it all day.

    Arrivals are those of `day`, or of the last day with any.
    """
    require(actor, Permission.REPORTS_READ, edition.id)
    recent, key = get_recent(), ("dashboard", edition.id, day)
    figures: Figures | None = recent.get(key)
    if figures is None:
        days = list_arrival_days(actor, edition)
        shown = day or (days[-1] if days else edition.starts_on)
        figures = Figures(
            registrations=count_registrations_by_day(actor, edition),
            countries=count_countries(actor, edition),
            ticket_types=count_ticket_types(actor, edition),
            quotas=list_quota_fills(actor, edition),
            arrivals_day=shown,
            arrival_days=tuple(days),
            arrivals=count_arrivals_by_hour(actor, edition, shown),
            refusals=count_refusals(actor, edition),
            sessions=list_session_fills(actor, edition),
            rooms=list_room_fills(actor, edition),
        )
        recent.set(key, figures, FIGURES_SECONDS)
    return figures


def get_headline_figures(actor: Actor, edition: EditionFacts, now: datetime) -> HeadlineFigures:
    """Return the numbers at the top of the dashboard."""
    require(actor, Permission.REPORTS_READ, edition.id)
    week = timedelta(days=7)
    confirmed = Attendee.state.in_(COMING)
    row = db.session.execute(
        select(
            _count(confirmed),
            _count(and_(confirmed, Attendee.created_at > now - week)),
            _count(and_(confirmed, Attendee.created_at > now - 2 * week, Attendee.created_at <= now - week)),
            func.count(case((confirmed, Attendee.country)).distinct()),
            _count(Attendee.state.in_(OPEN_DECISIONS)),
            _count(Attendee.state == "unconfirmed"),
        ).where(Attendee.edition_id == edition.id)
    ).one()
    came, lately = Presence.entries > 0, Presence.entered_at > now - timedelta(hours=1)
    badges = (
        select(*(func.max(case((each, Presence.people))) for each in (came, lately)))
        .join(Zone, Zone.id == Presence.zone_id)
        .where(Zone.edition_id == edition.id)
        .group_by(Presence.attendee_id)
        .subquery()
    )
    people = (func.coalesce(func.sum(column), 0) for column in badges.c)
    arrivals = db.session.execute(select(func.count(badges.c[0]), *people)).one()
    unpaid = db.session.scalar(
        select(func.count())
        .select_from(Order)
        .where(
            Order.edition_id == edition.id,
            Order.state == "confirmed",
            Order.total_cents > 0,
            Order.paid_at.is_(None),
        )
    )
    return HeadlineFigures(
        confirmed=row[0],
        confirmed_last_week=row[1],
        confirmed_week_before=row[2],
        countries=row[3],
        arrived=arrivals[1],
        arrived_badges=arrivals[0],
        arrived_last_hour=arrivals[2],
        awaiting_approval=row[4],
        unconfirmed=row[5],
        unpaid_orders=unpaid or 0,
    )


def count_registrations_by_day(actor: Actor, edition: EditionFacts) -> list[DayCount]:
    """Return confirmed registrations per day in the edition's zone, without gaps, with the running total."""
    require(actor, Permission.REPORTS_READ, edition.id)
    by_day: dict[date, int] = {}
    for hour, count in _count_by_hour(
        Attendee.created_at, select().where(Attendee.edition_id == edition.id, Attendee.state.in_(COMING))
    ):
        day = hour.astimezone(edition.zone).date()
        by_day[day] = by_day.get(day, 0) + count
    return _running_totals(by_day)


def count_countries(actor: Actor, edition: EditionFacts) -> list[CountryCount]:
    """Return confirmed attendees by country, most first."""
    require(actor, Permission.REPORTS_READ, edition.id)
    count = func.count()
    rows = db.session.execute(
        select(Attendee.country, count)
        .where(Attendee.edition_id == edition.id, Attendee.state.in_(COMING))
        .group_by(Attendee.country)
        .order_by(count.desc(), Attendee.country)
    )
    return [CountryCount(country, number) for country, number in rows]


def count_ticket_types(actor: Actor, edition: EditionFacts) -> list[TicketTypeCount]:
    """Return confirmed attendees by ticket type, in the order of the types."""
    require(actor, Permission.REPORTS_READ, edition.id)
    rows = db.session.execute(
        select(TicketType.code, TicketType.name, TicketType.band, func.count(Attendee.id))
        .outerjoin(Attendee, and_(Attendee.ticket_type_id == TicketType.id, Attendee.state.in_(COMING)))
        .where(TicketType.edition_id == edition.id)
        .group_by(TicketType.id)
        .order_by(TicketType.position, TicketType.id)
    )
    return [TicketTypeCount(*row) for row in rows]


def list_quota_fills(actor: Actor, edition: EditionFacts) -> list[QuotaFill]:
    """Return the quotas with ticket types, fullest first."""
    require(actor, Permission.REPORTS_READ, edition.id)
    rows = db.session.execute(
        select(Quota.name, Quota.taken, Quota.size)
        .where(
            Quota.edition_id == edition.id,
            Quota.id.in_(select(QuotaTicketType.quota_id)),
        )
        .order_by(Quota.id)
    )
    fills = [QuotaFill(*row) for row in rows]
    return sorted(fills, key=lambda fill: -(fill.taken / fill.size if fill.size else 0))


def count_arrivals_by_hour(actor: Actor, edition: EditionFacts, day: date) -> list[HourCount]:
    """Return the people admitted per hour and checkpoint on one day; days begin and end as they do at the doors."""
    require(actor, Permission.REPORTS_READ, edition.id)
    calendar = edition.door_calendar
    admitted = and_(
        Scan.edition_id == edition.id,
        Scan.verdict == "admitted",
        Scan.direction == "entry",
        Scan.undone_at.is_(None),
        Scan.scanned_at >= calendar.begins_at(day),
        Scan.scanned_at < calendar.ends_at(day),
    )
    hour = _hour_of(Scan.scanned_at)
    rows = db.session.execute(
        select(hour, Checkpoint.code, func.sum(Scan.party))
        .join(Checkpoint, Checkpoint.id == Scan.checkpoint_id)
        .where(admitted)
        .group_by(hour, Checkpoint.code)
        .order_by(hour, Checkpoint.code)
    )
    return [HourCount(_parse_hour(text, edition.zone), code, count) for text, code, count in rows]


def count_refusals(actor: Actor, edition: EditionFacts) -> list[tuple[str, int]]:
    """Return refused scans by reason, most frequent first."""
    require(actor, Permission.REPORTS_READ, edition.id)
    count = func.count()
    rows = db.session.execute(
        select(Scan.reason, count)
        .where(Scan.edition_id == edition.id, Scan.verdict == "refused")
        .group_by(Scan.reason)
        .order_by(count.desc())
    )
    return [(reason or "", number) for reason, number in rows]


def list_session_fills(actor: Actor, edition: EditionFacts, limit: int = 10) -> list[SessionFill]:
    """Return the sessions on the most agendas, most wanted first, with the capacity of their room.

    Sessions on no agenda are left out.
    """
    require(actor, Permission.REPORTS_READ, edition.id)
    wanted = func.count()
    rows = db.session.execute(
        select(Session.slug, Session.title, Room.name, wanted, Room.capacity)
        .join(AgendaEntry, AgendaEntry.session_id == Session.id)
        .outerjoin(Room, Room.id == Session.room_id)
        .where(Session.edition_id == edition.id)
        .group_by(Session.id, Room.id)
        .order_by(wanted.desc(), Session.id)
        .limit(limit)
    )
    return [SessionFill(*row) for row in rows]


def list_room_fills(actor: Actor, edition: EditionFacts) -> list[RoomFill]:
    """Return the number of people inside each room with a checkpoint, in the order of the checkpoints."""
    require(actor, Permission.REPORTS_READ, edition.id)
    inside = (
        select(func.coalesce(func.sum(Presence.people), 0))
        .select_from(Presence)
        .where(Presence.zone_id == Checkpoint.zone_id, Presence.is_inside)
        .correlate(Checkpoint)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Room.name, inside, func.coalesce(Zone.capacity, Room.capacity))
        .select_from(Checkpoint)
        .join(Zone, Zone.id == Checkpoint.zone_id)
        .join(Room, Room.id == Checkpoint.room_id)
        .where(Checkpoint.edition_id == edition.id)
        .order_by(Checkpoint.position, Checkpoint.id)
    )
    return [RoomFill(*row) for row in rows]


def get_open_decisions(actor: Actor, edition: EditionFacts, now: datetime) -> OpenDecisions:
    """Return what needs attention now; of the stopped imports, those that the actor may resume."""
    require(actor, Permission.REPORTS_READ, edition.id)
    soon = now + timedelta(hours=12)
    expiring = select(func.count()).where(
        Order.edition_id == edition.id, Order.state == "unconfirmed", Order.expires_at <= soon
    )
    failed = select(func.count()).where(Email.edition_id == edition.id, Email.state == "failed")
    kinds = [kind.value for kind, permission in PERMISSIONS.items() if actor.may(permission, edition.id)]
    stopped = select(func.count()).where(
        ImportRun.edition_id == edition.id, ImportRun.state == "stopped", ImportRun.kind.in_(kinds)
    )
    row = db.session.execute(select(*(each.scalar_subquery() for each in (expiring, failed, stopped)))).one()
    return OpenDecisions(*row)


def list_arrival_days(actor: Actor, edition: EditionFacts) -> list[date]:
    """Return the days with admissions, in order; days begin and end as they do at the doors."""
    require(actor, Permission.REPORTS_READ, edition.id)
    hour = _hour_of(Scan.scanned_at)
    hours = db.session.scalars(
        select(hour)
        .where(Scan.edition_id == edition.id, Scan.verdict == "admitted", Scan.direction == "entry")
        .group_by(hour)
    )
    return sorted({edition.door_calendar.day_of(_parse_hour(text, edition.zone)) for text in hours})


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, 1)))


def _hour_of(column: object) -> ColumnElement[str]:
    """Return SQL that formats a moment's UTC hour as `YYYY-MM-DD HH`."""
    if db.engine.dialect.name == "postgresql":
        return func.to_char(func.timezone("UTC", column), "YYYY-MM-DD HH24")
    return func.strftime("%Y-%m-%d %H", column)


def _count_by_hour(column: object, base: Select[tuple[()]]) -> Sequence[tuple[datetime, int]]:
    hour = _hour_of(column)
    rows = db.session.execute(base.add_columns(hour, func.count()).group_by(hour).order_by(hour))
    return [(_parse_hour(text, ZoneInfo("UTC")), count) for text, count in rows]


def _parse_hour(text: str, zone: ZoneInfo) -> datetime:
    return datetime.strptime(f"{text} +0000", "%Y-%m-%d %H %z").astimezone(zone)


def _running_totals(by_day: dict[date, int]) -> list[DayCount]:
    if not by_day:
        return []
    counts = []
    day, last, total = min(by_day), max(by_day), 0
    while day <= last:
        count = by_day.get(day, 0)
        total += count
        counts.append(DayCount(day, count, total))
        day += timedelta(days=1)
    return counts
