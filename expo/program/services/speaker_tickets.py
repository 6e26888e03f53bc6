"""Acts on the registrations of speakers. The registration itself is made by a flow."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from expo.accounts.rules import Actor, Permission, require
from expo.errors import Conflict
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, lock, retried
from expo.program.errors import SpeakerMissing
from expo.program.models import Speaker
from expo.program.queries.speaker_tickets import SpeakerTicketRow, get_speaker_ticket


def lock_speaker_ticket(edition_id: int, slug: str) -> SpeakerTicketRow:
    """Return a speaker's ticket, which nobody else can issue until the commit. Raises SpeakerMissing."""
    query = select(Speaker.id).where(Speaker.edition_id == edition_id, Speaker.slug == slug)
    speaker_id = db.session.scalar(query)
    if speaker_id is None or lock(Speaker, speaker_id) is None:
        raise SpeakerMissing
    return get_speaker_ticket(edition_id, slug)


def link_registration(actor: Actor, edition_id: int, speaker_id: int, attendee_id: int, now: datetime) -> None:
    """Note in the open transaction which registration a speaker has; the caller has locked the speaker."""
    require(actor, Permission.ATTENDEES_WRITE, edition_id)
    _set_registration(actor, "program.issue_speaker_ticket", speaker_id, attendee_id, now, attendee=attendee_id)


@retried
def keep_registration(actor: Actor, edition_id: int, slug: str, now: datetime) -> None:
    """Let somebody who no longer speaks stay registered like anybody else.

    Raises SpeakerMissing, Conflict `speaker_without_ticket`.
    """
    require(actor, Permission.ATTENDEES_WRITE, edition_id)
    with atomic():
        ticket = lock_speaker_ticket(edition_id, slug)
        if ticket.attendee_id is None:
            raise Conflict("speaker_without_ticket")
        former = ticket.attendee_id
        _set_registration(actor, "program.keep_registration", ticket.speaker_id, None, now, attendee=former)


def _set_registration(
    actor: Actor, action: str, speaker_id: int, attendee_id: int | None, now: datetime, **details: Any
) -> None:
    speaker = db.session.get_one(Speaker, speaker_id)
    speaker.attendee_id = attendee_id
    db.session.flush()
    record_act(
        actor, action, now,
        edition_id=speaker.edition_id, subject="speaker", subject_id=speaker_id, **details,
    )  # fmt: skip
