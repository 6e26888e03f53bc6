"""The demo's sign-ins: one person for each role and one attendee, all with the same published password."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from argon2 import PasswordHasher
from sqlalchemy import update

from expo.accounts.models import Person
from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import ensure_person, grant_role
from expo.demo.orders import DemoAttendee
from expo.editions.queries import EditionFacts
from expo.infra.db import db
from expo.registration.models import Attendee, Order
from expo.registration.rules import AttendeeState, attendee_search_text

PASSWORD = "guiyang-demo-2027"  # noqa: S105 - published on purpose
SALT_BYTES = 16
ATTENDEE_EMAIL = "attendee@demo.example"
STAFF = (
    ("organizer@demo.example", "陈思远", Role.ORGANIZER),
    ("program@demo.example", "Amélie Laurent", Role.PROGRAM_MANAGER),
    ("desk@demo.example", "王雨桐", Role.DESK),
    ("steward@demo.example", "田中結衣", Role.STEWARD),
    ("reviewer@demo.example", "李静怡", Role.REVIEWER),
)


def load_staff(edition: EditionFacts, now: datetime) -> dict[Role, int]:
    """Create a person for each role, and return their ids."""
    person_ids = {}
    for email, name, role in STAFF:
        person_ids[role] = ensure_person(email, name, "en", now)
        grant_role(SYSTEM, edition.id, person_ids[role], role, now)
    return person_ids


def assign_attendee_email(attendees: Sequence[DemoAttendee]) -> int | None:
    """Give the demo attendee's address to the first confirmed and paid attendee; return the person's id."""
    chosen = next(
        (
            each
            for each in attendees
            if each.state is AttendeeState.CONFIRMED and each.is_paid and each.order["person_id"] == each.person_id
        ),
        None,
    )
    if chosen is None:
        return None
    latin, order = chosen.person.latin_name or "", chosen.order
    found = attendee_search_text(
        chosen.person.name, latin, chosen.person.company, ATTENDEE_EMAIL, chosen.code, order["code"]
    )
    db.session.execute(update(Person).where(Person.id == chosen.person_id).values(email=ATTENDEE_EMAIL))
    db.session.execute(update(Order).where(Order.id == order["id"]).values(email=ATTENDEE_EMAIL))
    db.session.execute(update(Attendee).where(Attendee.id == chosen.id).values(email=ATTENDEE_EMAIL, search_text=found))
    return chosen.person_id


def hash_for_demo(secret: str, purpose: str) -> str:
    """Return the hash of a published password or PIN. As it is public, its salt may be derived from the purpose."""
    salt = hashlib.sha256(f"expo demo {purpose}".encode()).digest()[:SALT_BYTES]
    return PasswordHasher().hash(secret, salt=salt)


def set_passwords(person_ids: Sequence[int], seed: int, now: datetime) -> None:
    """Set the demo's password for all of them."""
    hashed = hash_for_demo(PASSWORD, f"password {seed}")
    db.session.execute(
        update(Person).where(Person.id.in_(person_ids)).values(password_hash=hashed, sign_in_count=1, verified_at=now)
    )
