"""Acts on the files of a proposal."""

from datetime import datetime
from enum import StrEnum
from typing import IO

from sqlalchemy import func, select

from expo.accounts.rules import Actor
from expo.errors import Conflict, Missing
from expo.infra.audit import record_act
from expo.infra.db import atomic, db
from expo.infra.files import FileFacts, StoredFile, delete_file, store_file
from expo.proposals.models import ProposalFile
from expo.proposals.queries import get_own_proposal
from expo.proposals.rules import ACCEPTED_STATES
from expo.proposals.services.proposals import lock_proposal

MAX_FILES = 20


class FilePurpose(StrEnum):
    """What a file of a proposal is."""

    ANSWER = "answer"
    SLIDES = "slides"


def add_file(
    actor: Actor,
    edition_id: int,
    code: str,
    purpose: FilePurpose,
    content: IO[bytes],
    name: str,
    media_type: str,
    now: datetime,
) -> FileFacts:
    """Store a file of the actor's own proposal; its content has been checked. Slides are for accepted proposals.

    Raises ProposalMissing, Conflict `proposal_state`, `files_too_many`.
    """
    if actor.id is None:
        raise Missing("file_missing")
    with atomic():
        proposal = lock_proposal(edition_id, get_own_proposal(edition_id, actor.id, code).code)
        if purpose is FilePurpose.SLIDES and proposal.state not in {each.value for each in ACCEPTED_STATES}:
            raise Conflict("proposal_state", state=proposal.state, wanted="accepted")
        count = db.session.scalar(select(func.count()).where(ProposalFile.proposal_id == proposal.id)) or 0
        if count >= MAX_FILES:
            raise Conflict("files_too_many", maximum=MAX_FILES)
        stored = store_file(content, name, media_type, now, edition_id)
        db.session.add(
            ProposalFile(
                file_id=stored.id,
                proposal_id=proposal.id,
                purpose=purpose.value,
                uploaded_by=actor.id,
                uploaded_at=now,
            )
        )
        db.session.flush()
        record_act(
            actor, "proposals.add_file", now,
            edition_id=edition_id, subject="proposal", subject_id=proposal.id, file=stored.id, purpose=purpose.value,
        )  # fmt: skip
        return stored


def remove_slides(actor: Actor, edition_id: int, code: str, key: str, now: datetime) -> None:
    """Delete slides of the actor's own proposal. Raises ProposalMissing, Missing `file_missing`."""
    if actor.id is None:
        raise Missing("file_missing")
    with atomic():
        proposal = lock_proposal(edition_id, get_own_proposal(edition_id, actor.id, code).code)
        found = db.session.scalars(
            select(ProposalFile)
            .join(StoredFile, StoredFile.id == ProposalFile.file_id)
            .where(
                ProposalFile.proposal_id == proposal.id,
                ProposalFile.purpose == FilePurpose.SLIDES.value,
                StoredFile.key == key,
            )
        ).one_or_none()
        if found is None:
            raise Missing("file_missing")
        file_id = found.file_id
        db.session.delete(found)
        db.session.flush()
        delete_file(file_id)
        record_act(
            actor, "proposals.remove_file", now,
            edition_id=edition_id, subject="proposal", subject_id=proposal.id, file=file_id,
        )  # fmt: skip
