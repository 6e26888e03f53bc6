"""Choosing which contact details exhibitors get when they scan one's badge."""

from collections.abc import Iterable
from datetime import datetime

from expo.accounts.rules import Actor, Permission
from expo.errors import Invalid
from expo.infra.audit import record_act
from expo.infra.db import atomic, db
from expo.infra.inserting import upsert
from expo.profiles.models import ContactSharing
from expo.profiles.rules import SharedField, read_phone
from expo.registration.queries import get_attendee_by_id
from expo.registration.rules import require_own


def choose_sharing(
    actor: Actor, edition_id: int, attendee_id: int, fields: Iterable[SharedField], phone: str, now: datetime
) -> None:
    """Store which contact details an attendee shares, from now on and for earlier scans too.

    Raises AttendeeMissing, Invalid `phone_invalid`, `phone_missing`.
    """
    attendee = get_attendee_by_id(edition_id, attendee_id)
    require_own(actor, Permission.ATTENDEES_WRITE, edition_id, [attendee.person_id])
    shared, number = frozenset(fields), read_phone(phone, attendee.country)
    if SharedField.PHONE in shared and not number:
        raise Invalid("phone_missing", field="phone")
    values = {"fields": sorted(each.value for each in shared), "phone": number, "changed_at": now}
    with atomic():
        db.session.execute(
            upsert(ContactSharing)
            .values(attendee_id=attendee_id, **values)
            .on_conflict_do_update(index_elements=["attendee_id"], set_=values)
        )
        record_act(
            actor, "profiles.choose_sharing", now,
            edition_id=edition_id, subject="attendee", subject_id=attendee_id, fields=values["fields"],
        )  # fmt: skip
