"""Queries on editions, halls and rooms."""

from collections.abc import Iterable, Mapping
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
from expo.pure.periods import Period, read_periods, write_periods
from expo.pure.versions import version_of


@dataclass(frozen=True)
class EditionFacts:
    """The facts of an edition that pages, e-mails and badges show."""

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
        """The time zone in which times are shown."""
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
        """The calendar that assigns a moment to a day of the expo at a checkpoint."""
        return DoorCalendar(self.day_range, self.zone)


@dataclass(frozen=True, slots=True)
class ContentVersion:
    """The edition shown on the public pages, and the version of its content."""

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
    equipment: tuple[str, ...] = ()
    unavailable: tuple[Period, ...] = ()

    @property
    def version(self) -> str:
        """The version that a change of it must name."""
        hall_id = self.hall.id if self.hall else None
        return room_version(self.name, hall_id, self.capacity, self.equipment, write_periods(self.unavailable))


def find_current_edition() -> EditionFacts | None:
    """Return the edition shown on the public pages, or None if there is none yet."""
    edition = db.session.scalars(select(Edition).where(Edition.is_current)).one_or_none()
    return _facts(edition) if edition else None


def find_content_version() -> ContentVersion | None:
    """Return the version of the current public content, or None if there is no edition yet."""
    row = db.session.execute(_PUBLIC_VERSION).one_or_none()
    return ContentVersion(*row) if row else None


# A Core statement, built once, because every web process runs it each second.
_PUBLIC_VERSION = select(Edition.id, Edition.content_version).where(Edition.is_current)


def get_current_edition() -> EditionFacts:
    """Return the edition shown on the public pages. Raises EditionMissing."""
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


def lock_dates(edition_id: int) -> DayRange:
    """Return the days of an edition and lock them against changes until the transaction ends. Raises EditionMissing.

    Use it before storing days that a ticket or badge is valid for. The lock is shared.
    """
    dates = run_core(_LOCKED_DATES, {"edition_id": edition_id}).one_or_none()
    if dates is None:
        raise EditionMissing
    return DayRange(dates.starts_on, dates.ends_on)


# A Core statement, built once, because every registration runs it.
_LOCKED_DATES = (
    select(Edition.starts_on, Edition.ends_on)
    .where(Edition.id == bindparam("edition_id"))
    .with_for_update(read=True, key_share=True)
)


def list_editions() -> list[EditionFacts]:
    """Return all editions, latest first."""
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
    """Return the halls of an edition in order."""
    rows = db.session.execute(
        select(Hall.id, Hall.code, Hall.name).where(Hall.edition_id == edition_id).order_by(Hall.position, Hall.id)
    )
    return [HallRow(*row) for row in rows]


def list_rooms(edition_id: int) -> list[RoomRow]:
    """Return the rooms of an edition in order, each with its hall."""
    rows = db.session.execute(
        select(
            Room.id,
            Room.slug,
            Room.name,
            Room.capacity,
            Room.equipment,
            Room.unavailable,
            Hall.id,
            Hall.code,
            Hall.name,
        )
        .outerjoin(Hall, Hall.id == Room.hall_id)
        .where(Room.edition_id == edition_id)
        .order_by(Room.position, Room.id)
    )
    return [
        RoomRow(
            row[0],
            row[1],
            row[2],
            row[3],
            HallRow(*row[6:]) if row[6] is not None else None,
            tuple(row[4]),
            read_periods(row[5]),
        )
        for row in rows
    ]


def list_equipment(edition_id: int) -> list[str]:
    """Return the distinct names of the equipment of all rooms."""
    return sorted({word for room in list_rooms(edition_id) for word in room.equipment}, key=str.casefold)


def room_version(
    name: Mapping[str, str],
    hall_id: int | None,
    capacity: int | None,
    equipment: Iterable[str],
    unavailable: Iterable[Mapping[str, str]],
) -> str:
    """Return the version of a room with these values."""
    return version_of(name, hall_id, capacity, list(equipment), list(unavailable))


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
