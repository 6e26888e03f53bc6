"""Check identity documents by their last characters, stored only as a keyed hash."""

import hmac
from datetime import datetime

from sqlalchemy import select, update

from expo.accounts.rules import Actor, Permission, require
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, retried
from expo.infra.sealing import keyed_digest
from expo.registration.errors import AttendeeMissing
from expo.registration.models import Attendee
from expo.registration.rules import last_characters


@retried
def set_id_check(actor: Actor, edition_id: int, attendee_id: int, document: str, now: datetime) -> None:
    """Store the hash of the last four characters of a document, and nothing else of it.

    Raises AttendeeMissing, Invalid `id_check_short`.
    """
    require(actor, Permission.ATTENDEES_WRITE, edition_id)
    digest = _digest(attendee_id, document)
    with atomic():
        changed = db.session.scalar(
            update(Attendee)
            .where(Attendee.id == attendee_id, Attendee.edition_id == edition_id)
            .values(id_check=digest)
            .returning(Attendee.id)
            .execution_options(synchronize_session=False)
        )
        if changed is None:
            raise AttendeeMissing
        _record(actor, "registration.set_id_check", edition_id, attendee_id, now)


@retried
def check_id(actor: Actor, edition_id: int, attendee_id: int, document: str, now: datetime) -> bool:
    """Return whether a document ends with the characters stored, and record the answer.

    Always False if none are stored. Raises AttendeeMissing, Invalid `id_check_short`.
    """
    require(actor, Permission.ATTENDEES_READ, edition_id)
    digest = _digest(attendee_id, document)
    with atomic():
        stored = db.session.scalar(
            select(Attendee.id_check).where(Attendee.id == attendee_id, Attendee.edition_id == edition_id)
        )
        if stored is None:
            raise AttendeeMissing
        is_same = bool(stored) and hmac.compare_digest(stored, digest)
        _record(actor, "registration.check_id", edition_id, attendee_id, now, is_same=is_same)
        return is_same


def _digest(attendee_id: int, document: str) -> str:
    """Return a hash that differs between people with the same characters."""
    return keyed_digest("id-check", f"{attendee_id}:{last_characters(document)}")


def _record(actor: Actor, action: str, edition_id: int, attendee_id: int, now: datetime, **details: bool) -> None:
    record_act(actor, action, now, edition_id=edition_id, subject="attendee", subject_id=attendee_id, **details)
