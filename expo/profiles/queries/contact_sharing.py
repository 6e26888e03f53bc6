"""Reads of what attendees share with exhibitors."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select

from expo.infra.db import db
from expo.profiles.models import ContactSharing
from expo.profiles.rules import DEFAULT_FIELDS, Contact, SharedField, limit_contact, read_fields
from expo.registration.models import Attendee


@dataclass(frozen=True)
class Sharing:
    """An attendee's choice, and the number to share if they entered one."""

    fields: frozenset[SharedField] = DEFAULT_FIELDS
    phone: str = ""


def get_sharing(attendee_id: int) -> Sharing:
    """Return what an attendee shares; the defaults if they never chose."""
    row = db.session.execute(
        select(ContactSharing.fields, ContactSharing.phone).where(ContactSharing.attendee_id == attendee_id)
    ).one_or_none()
    return Sharing(read_fields(row.fields), row.phone) if row else Sharing()


def list_contacts(attendee_ids: Sequence[int] | Select[int]) -> dict[int, Contact]:
    """Return the contact details that these attendees share at this moment, by attendee id."""
    rows = db.session.execute(
        select(
            Attendee.id,
            Attendee.name,
            Attendee.latin_name,
            Attendee.company,
            Attendee.country,
            Attendee.job_title,
            Attendee.email,
            ContactSharing.fields,
            ContactSharing.phone,
        )
        .outerjoin(ContactSharing, ContactSharing.attendee_id == Attendee.id)
        .where(Attendee.id.in_(attendee_ids))
    )
    return {
        attendee_id: limit_contact(
            Contact(name, latin_name, company, country, job_title, email, phone or ""),
            DEFAULT_FIELDS if fields is None else read_fields(fields),
        )
        for attendee_id, name, latin_name, company, country, job_title, email, fields, phone in rows
    }
