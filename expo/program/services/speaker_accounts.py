"""Acts that lead speakers who were imported or entered by organizers to an account."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update

from expo.accounts.queries import find_person
from expo.accounts.rules import Actor
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, lock
from expo.program.errors import SpeakerMissing
from expo.program.models import Speaker


def claim_entries(actor: Actor, edition_id: int, now: datetime) -> list[int]:
    """Link the speakers with the address of the actor's account to it and return their ids. Raises SpeakerMissing."""
    person = find_person(actor.id) if actor.kind == "person" and actor.id is not None else None
    if person is None:
        raise SpeakerMissing
    with atomic():
        claimed = []
        found = select(Speaker.id).where(
            Speaker.edition_id == edition_id, Speaker.person_id.is_(None), Speaker.email == person.email
        )
        for speaker_id in db.session.scalars(found.order_by(Speaker.id)).all():
            speaker = lock(Speaker, speaker_id)
            if speaker is None or speaker.person_id is not None or speaker.email != person.email:
                continue
            speaker.person_id = person.id
            db.session.flush()
            record_act(
                actor, "program.claim_speaker", now, edition_id=edition_id, subject="speaker", subject_id=speaker_id
            )
            claimed.append(speaker_id)
        if not claimed:
            raise SpeakerMissing
        return claimed


def record_invited(speaker_ids: Collection[int], now: datetime) -> None:
    """Note in the open transaction that these speakers are invited to their pages."""
    db.session.execute(
        update(Speaker)
        .where(Speaker.id.in_(speaker_ids))
        .values(invited_at=now)
        .execution_options(synchronize_session=False)
    )
