"""Test builders that use the real services: ticket types, requests, registrations, attendees with badges."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from expo.accounts.rules import SYSTEM
from expo.badges.queries import BadgeRow, find_badge_of
from expo.editions.queries import EditionFacts, get_edition
from expo.editions.rules import HallRequest, RoomRequest
from expo.editions.services import create_edition, create_hall, create_room, increment_content_version
from expo.flows.add_ons import offer_add_on
from expo.flows.registration import register
from expo.flows.tickets import create_quota
from expo.infra.db import atomic, db
from expo.program.models import Session
from expo.pure.names import search_text
from expo.registration.queries import AttendeeRow, OrderRow, get_attendee
from expo.registration.rules import MAX_ATTENDEES_PER_ORDER, AttendeeRequest, OrderRequest
from expo.tickets.queries import AddOnRow, TicketTypeRow, get_add_on, get_ticket_type, list_ticket_types
from expo.tickets.services import create_ticket_type

_numbers = itertools.count(1)


def make_edition_of_today(now: datetime) -> EditionFacts:
    """Create an edition of three days, the first of which is today in Guiyang."""
    return make_edition_beginning(now, days_ahead=0)


def make_edition_beginning(now: datetime, days_ahead: int, contact_email: str = "") -> EditionFacts:
    """Create an edition of three days in Guiyang that begins in some days."""
    first_day = now.astimezone(ZoneInfo("Asia/Shanghai")).date() + timedelta(days=days_ahead)
    edition_id = create_edition(
        SYSTEM,
        slug="guiyang",
        title={"en": "Big Data Expo", "zh": "数博会"},
        starts_on=first_day,
        ends_on=first_day + timedelta(days=2),
        time_zone="Asia/Shanghai",
        languages=["en", "zh"],
        contact_email=contact_email,
        now=now,
    )
    return get_edition(edition_id)


@dataclass(frozen=True)
class MadeAttendee:
    """A confirmed attendee and their badge."""

    attendee: AttendeeRow
    badge: BadgeRow

    @property
    def id(self) -> int:
        return self.attendee.id

    @property
    def code(self) -> str:
        return self.attendee.code

    @property
    def token(self) -> str:
        return self.badge.token


def stopped_clock(moment: datetime) -> Callable[[], datetime]:
    """Return a clock that always tells this moment."""
    return lambda: moment


def make_ticket_type(
    edition: EditionFacts, now: datetime, code: str = "visitor", places: int | None = None, **values: Any
) -> TicketTypeRow:
    """Create a ticket type; with `places` it has its own quota."""
    name = values.pop("name", {"en": code.title(), "zh": "观众"})
    create_ticket_type(SYSTEM, edition.id, code=code, name=name, now=now, **values)
    if places is not None:
        create_quota(SYSTEM, edition.id, f"{code} places", places, [code], now)
    return get_ticket_type(edition.id, code, now)


def make_add_on(
    edition: EditionFacts, now: datetime, code: str = "dinner", places: int | None = None, **values: Any
) -> AddOnRow:
    """Create an add-on with this many places of its own; `quotas` are the ids of those that it shares."""
    quota_ids = values.pop("quotas", ())
    values.setdefault("name", {"en": code.title(), "zh": f"{code}（中文）"})
    offer_add_on(SYSTEM, edition.id, code, values, places, quota_ids, now)
    return get_add_on(edition.id, code, now)


def attendee_request(code: str = "visitor", name: str = "张伟", **values: Any) -> AttendeeRequest:
    """Return a request for one attendee from China."""
    return AttendeeRequest(ticket_type_code=code, name=name, **{"country": "CN", **values})


def order_request(
    *attendees: AttendeeRequest, email: str | None = None, language: str = "en", source: str = "web"
) -> OrderRequest:
    """Return a request for an order, by default with one attendee."""
    return OrderRequest(
        email=email or f"person{next(_numbers)}@example.org",
        language=language,
        attendees=attendees or (attendee_request(),),
        terms_version="2027-01",
        source=source,
    )


def make_registration(edition: EditionFacts, now: datetime, request: OrderRequest | None = None) -> OrderRow:
    """Place an unconfirmed order as the web does."""
    return register(SYSTEM, edition.id, request or order_request(), now)


def make_attendee(
    edition: EditionFacts, now: datetime, ticket_type: str = "visitor", email: str | None = None, **values: Any
) -> MadeAttendee:
    """Register a confirmed attendee with a badge, creating the ticket type if necessary."""
    if ticket_type not in {each.code for each in list_ticket_types(edition.id, now)}:
        make_ticket_type(edition, now, ticket_type)
    request = order_request(attendee_request(ticket_type, **values), email=email, source="desk")
    registration = register(SYSTEM, edition.id, request, now)
    attendee = get_attendee(edition.id, registration.attendees[0].code)
    badge = find_badge_of(attendee.id)
    if badge is None:
        raise AssertionError("a confirmed attendee has a badge")
    return MadeAttendee(attendee, badge)


def make_attendees(edition: EditionFacts, now: datetime, names: Sequence[str]) -> list[MadeAttendee]:
    """Register confirmed visitors with badges, as many in an order as an order may have: for large numbers of them."""
    if "visitor" not in {each.code for each in list_ticket_types(edition.id, now)}:
        make_ticket_type(edition, now)
    made = []
    for start in range(0, len(names), MAX_ATTENDEES_PER_ORDER):
        people = [attendee_request(name=name) for name in names[start : start + MAX_ATTENDEES_PER_ORDER]]
        order = register(SYSTEM, edition.id, order_request(*people, source="desk"), now)
        for placed in order.attendees:
            badge = find_badge_of(placed.id)
            if badge is None:
                raise AssertionError("a confirmed attendee has a badge")
            made.append(MadeAttendee(get_attendee(edition.id, placed.code), badge))
    return made


def make_session(edition: EditionFacts, title: str = "Data lakes", **values: Any) -> str:
    """Store a published session on the first day from 10:00 to 11:00 (China Time) and return its slug."""
    slug: str = values.pop("slug", title.lower().replace(" ", "-"))
    starts_at = values.pop("starts_at", datetime(2027, 5, 26, 2, 0, tzinfo=UTC))
    minutes = values.pop("minutes", 60)
    with atomic():
        session = Session(edition_id=edition.id, slug=slug, title={"en": title, "zh": f"{title}（中文）"}, **values)
        session.starts_at, session.ends_at = starts_at, starts_at + timedelta(minutes=minutes)
        session.search_text = search_text(*session.title.values())
        session.day = session.day or starts_at.astimezone(edition.zone).date()
        db.session.add(session)
        increment_content_version(edition.id, starts_at)
    return slug


def make_room(edition: EditionFacts, now: datetime, name: str = "Room 1", hall: str | None = None) -> int:
    """Create a room, in a hall of its own name if given, and return its id."""
    hall_id = create_hall(SYSTEM, edition.id, HallRequest({"en": hall}), now) if hall else None
    return create_room(SYSTEM, edition.id, RoomRequest({"en": name}, hall_id=hall_id, capacity=100), now)
