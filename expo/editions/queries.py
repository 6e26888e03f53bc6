"""Reads of editions, halls and rooms."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select

from expo.accounts.rules import Role
from expo.editions.errors import EditionMissing
from expo.editions.models import Edition, Hall, Room
from expo.editions.rules import RegistrationWindow
from expo.infra.db import db, run_core
from expo.pure.door_days import DayRange, DoorCalendar


@dataclass(frozen=True)
class EditionFacts:
    """What pages, letters and badges say of an edition."""

    id: int
    number: int
    slug: str
    title: dict[str, str]
    tagline: dict[str, str]
    venue: dict[str, str]
    city: dict[str, str]
    starts_on: date
    ends_on: date
    day_zero: date
    time_zone: str
    languages: tuple[str, ...]
    currency: str
    contact_email: str
    accent_color: str | None
    is_current: bool
    is_demo: bool
    content_version: int
    content_changed_at: datetime
    registration: RegistrationWindow
    second_factor_roles: frozenset[Role]

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which this edition's times are shown."""
        return ZoneInfo(self.time_zone)

    @property
    def days(self) -> tuple[date, ...]:
        """The days on which the expo is open."""
        return tuple(self.starts_on + timedelta(days=n) for n in range((self.ends_on - self.starts_on).days + 1))

    @property
    def day_range(self) -> DayRange:
        """The first and the last day."""
        return DayRange(self.starts_on, self.ends_on)

    @property
    def door_calendar(self) -> DoorCalendar:
        """Which day a moment belongs to at a door."""
        return DoorCalendar(self.day_range, self.zone)


@dataclass(frozen=True, slots=True)
class ContentVersion:
    """Which edition the public pages show, and which version of its content."""

    edition_id: int
    number: int


@dataclass(frozen=True)
class HallRow:
    """A hall as listed."""

    id: int
    code: str
    name: dict[str, str]


@dataclass(frozen=True)
class RoomRow:
    """A room as listed."""

    id: int
    slug: str
    name: dict[str, str]
    capacity: int | None
    hall: HallRow | None


def find_current_edition() -> EditionFacts | None:
    """Return the edition that the public pages show; None before there is one."""
    edition = db.session.scalars(select(Edition).where(Edition.is_current)).one_or_none()
    return _facts(edition) if edition else None


def find_content_version() -> ContentVersion | None:
    """Return which content the public pages show at present; None before there is an edition."""
    row = db.session.execute(_SHOWN_VERSION).one_or_none()
    return ContentVersion(*row) if row else None


# Core, and built once: every web process asks this each second.
_SHOWN_VERSION = select(Edition.id, Edition.content_version).where(Edition.is_current)


def get_current_edition() -> EditionFacts:
    """Return the edition that the public pages show. Raises EditionMissing before there is one."""
    edition = find_current_edition()
    if edition is None:
        raise EditionMissing
    return edition


def get_edition(edition_id: int) -> EditionFacts:
    """Return one edition. Raises EditionMissing."""
    edition = db.session.get(Edition, edition_id)
    if edition is None:
        raise EditionMissing
    return _facts(edition)


def hold_dates(edition_id: int) -> DayRange:
    """Return the days of an edition, which cannot change until the open transaction is over. Raises EditionMissing.

    For whoever writes down days that a ticket or badge is valid for. Others may hold them at the same time.
    """
    dates = run_core(_DATES_HELD, {"edition_id": edition_id}).one_or_none()
    if dates is None:
        raise EditionMissing
    return DayRange(dates.starts_on, dates.ends_on)


# Core, and built once: this is read with every registration.
_DATES_HELD = (
    select(Edition.starts_on, Edition.ends_on)
    .where(Edition.id == bindparam("edition_id"))
    .with_for_update(read=True, key_share=True)
)


def list_editions() -> list[EditionFacts]:
    """Return every edition, the latest first."""
    return [_facts(each) for each in db.session.scalars(select(Edition).order_by(Edition.starts_on.desc(), Edition.id))]


def get_registration_window(edition_id: int) -> RegistrationWindow:
    """Return when the public can register. Raises EditionMissing."""
    found = db.session.execute(
        select(Edition.registration_is_open, Edition.registration_opens_at, Edition.registration_closes_at).where(
            Edition.id == edition_id
        )
    ).one_or_none()
    if found is None:
        raise EditionMissing
    return RegistrationWindow(*found)


def list_halls(edition_id: int) -> list[HallRow]:
    """Return the halls of an edition in their order."""
    rows = db.session.execute(
        select(Hall.id, Hall.code, Hall.name).where(Hall.edition_id == edition_id).order_by(Hall.position, Hall.id)
    )
    return [HallRow(*row) for row in rows]


def list_rooms(edition_id: int) -> list[RoomRow]:
    """Return the rooms of an edition in their order, each with its hall."""
    rows = db.session.execute(
        select(Room.id, Room.slug, Room.name, Room.capacity, Hall.id, Hall.code, Hall.name)
        .outerjoin(Hall, Hall.id == Room.hall_id)
        .where(Room.edition_id == edition_id)
        .order_by(Room.position, Room.id)
    )
    return [
        RoomRow(room_id, slug, name, capacity, HallRow(hall_id, code, hall_name) if hall_id else None)
        for room_id, slug, name, capacity, hall_id, code, hall_name in rows
    ]


def _facts(edition: Edition) -> EditionFacts:
    return EditionFacts(
        id=edition.id,
        number=edition.number,
        slug=edition.slug,
        title=edition.title,
        tagline=edition.tagline,
        venue=edition.venue,
        city=edition.city,
        starts_on=edition.starts_on,
        ends_on=edition.ends_on,
        day_zero=edition.day_zero,
        time_zone=edition.time_zone,
        languages=tuple(edition.languages),
        currency=edition.currency,
        contact_email=edition.contact_email,
        accent_color=edition.accent_color,
        is_current=edition.is_current,
        is_demo=edition.is_demo,
        content_version=edition.content_version,
        content_changed_at=edition.content_changed_at,
        registration=RegistrationWindow(
            edition.registration_is_open, edition.registration_opens_at, edition.registration_closes_at
        ),
        second_factor_roles=frozenset(map(Role, edition.second_factor_roles)),
    )
