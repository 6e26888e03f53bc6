"""Find registrations that may belong to the same person."""

from dataclasses import dataclass

from sqlalchemy import false, select

from expo.accounts.rules import fold_email
from expo.infra.db import db
from expo.pure.names import identity_key
from expo.registration.models import Attendee
from expo.registration.queries.attendees import AttendeeRow, attendee_query, attendee_row
from expo.registration.queries.search import DEFAULT_LIMIT
from expo.registration.rules import HOLDING_STATES


@dataclass(frozen=True)
class HolderName:
    """The names of somebody whose registration holds a place."""

    attendee_id: int
    code: str
    name: str
    latin_name: str
    email: str
    company: str


def list_holder_names(edition_id: int) -> list[HolderName]:
    """Return the names of everybody whose registration holds a place, to compare them with a list in one go."""
    query = (
        select(Attendee.id, Attendee.code, Attendee.name, Attendee.latin_name, Attendee.email, Attendee.company)
        .where(Attendee.edition_id == edition_id, Attendee.state.in_([state.value for state in HOLDING_STATES]))
        .order_by(Attendee.id)
    )
    return [HolderName(*row) for row in db.session.execute(query)]


def list_possible_duplicates(
    edition_id: int, email: str, name: str, company: str, *, excluding: AttendeeRow | None = None
) -> list[AttendeeRow]:
    """Return registrations holding a place that may be the same person's: same address, or same name and company.

    Within one order the address is ignored, because people often enter their own for everybody. For staff only: no
    public page may reveal whether somebody is registered.
    """
    same_address = Attendee.email == fold_email(email)
    key = identity_key(name, company)
    same_name = (Attendee.identity_key == key) if key else false()
    query = (
        attendee_query()
        .where(Attendee.edition_id == edition_id, Attendee.state.in_([state.value for state in HOLDING_STATES]))
        .order_by(Attendee.id)
        .limit(DEFAULT_LIMIT)
    )
    if excluding is None:
        query = query.where(same_address | same_name)
    else:
        query = query.where(
            Attendee.id != excluding.id, same_name | (same_address & (Attendee.order_id != excluding.order_id))
        )
    return [attendee_row(row) for row in db.session.execute(query)]
