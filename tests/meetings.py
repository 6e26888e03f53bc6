"""Builders for tests of meetings: exhibitors with booths and teams, and who acts."""

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from expo.accounts.models import Person
from expo.accounts.rules import SYSTEM, Actor
from expo.editions.queries import EditionFacts
from expo.editions.rules import HallRequest
from expo.editions.services import create_hall
from expo.exhibitors.models import Booth, Exhibitor, ExhibitorBooth, Member
from expo.flows.meetings import accept_meeting, request_company
from expo.infra.db import atomic, db
from expo.meetings.queries import MeetingRow, Party, get_meeting, party_of_attendee, party_of_company
from expo.meetings.rules import MeetingRequest
from expo.meetings.services import Choice
from tests.make import MadeAttendee

# The first three slots of the first day (26 May 2027, 09:00, 09:30 and 10:00 China Time).
FIRST = datetime(2027, 5, 26, 1, 0, tzinfo=UTC)
SECOND, THIRD = FIRST + timedelta(minutes=30), FIRST + timedelta(minutes=60)
_numbers = itertools.count(1)


@dataclass(frozen=True)
class MadeCompany:
    """An exhibitor and its team: the ids of its members, and their actors."""

    id: int
    slug: str
    member_ids: tuple[int, ...]
    actors: tuple[Actor, ...]

    def party(self, edition: EditionFacts, member: int = 0) -> Party:
        """Return the party of the company, acting through a member."""
        return party_of_company(self.actors[member], edition.id, self.slug)


def make_company(
    edition: EditionFacts,
    now: datetime,
    name: str = "Data Valley",
    *,
    booth: str | None = "A1",
    hall: str | None = None,
    members: int = 1,
    attendees: tuple[MadeAttendee, ...] = (),
) -> MadeCompany:
    """Store an approved exhibitor with a team of representatives; `attendees` are their registrations."""
    slug = name.lower().replace(" ", "-")
    hall_id = create_hall(SYSTEM, edition.id, HallRequest({"en": hall}), now) if hall else None
    with atomic():
        company = Exhibitor(edition_id=edition.id, key=name.casefold(), slug=slug, name=name)
        db.session.add(company)
        db.session.flush()
        if booth:
            place = Booth(edition_id=edition.id, hall_id=hall_id, code=f"{booth}-{company.id}")
            db.session.add(place)
            db.session.flush()
            db.session.add(ExhibitorBooth(exhibitor_id=company.id, booth_id=place.id))
        made = []
        for n in range(members):
            attendee = attendees[n].attendee if n < len(attendees) else None
            person_id = attendee.person_id if attendee else _make_person(f"Rep {n + 1} of {name}", now)
            member = Member(
                exhibitor_id=company.id,
                email=f"rep{next(_numbers)}@{slug}.example",
                name=f"Rep {n + 1} of {name}",
                role="representative",
                state="active",
                person_id=person_id,
                attendee_id=attendee.id if attendee else None,
                invited_at=now,
            )
            db.session.add(member)
            db.session.flush()
            made.append((member.id, Actor("person", id=person_id, edition_id=edition.id)))
    return MadeCompany(company.id, slug, tuple(each for each, _ in made), tuple(actor for _, actor in made))


def guest_of(edition: EditionFacts, made: MadeAttendee) -> Party:
    """Return the party of an attendee."""
    return party_of_attendee(Actor("person", id=made.attendee.person_id), edition.id, made.id)


def request_meeting(
    edition: EditionFacts, made: MadeAttendee, company: MadeCompany, now: datetime, *times: datetime, key: str = ""
) -> str:
    """Request a meeting of an attendee with a company and return its code."""
    return request_company(guest_of(edition, made), company.id, MeetingRequest("Hello", times, key=key), now)


def make_meeting(
    edition: EditionFacts, made: MadeAttendee, company: MadeCompany, now: datetime, starts_at: datetime = FIRST
) -> MeetingRow:
    """Request and accept a meeting, and return it."""
    code = request_meeting(edition, made, company, now, starts_at)
    accept_meeting(company.party(edition), code, Choice(starts_at), now)
    return get_meeting(company.party(edition), code)


def _make_person(name: str, now: datetime) -> int:
    person = Person(email=f"member{next(_numbers)}@example.org", name=name, language="en", created_at=now)
    db.session.add(person)
    db.session.flush()
    return person.id
