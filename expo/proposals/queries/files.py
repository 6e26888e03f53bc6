"""Reads of the files of proposals."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from expo.errors import Missing
from expo.infra.db import db
from expo.infra.files import FileFacts, StoredFile, find_file_by_key
from expo.proposals.models import ProposalFile


@dataclass(frozen=True)
class ProposalFileRow:
    """A file of a proposal; `size` in bytes."""

    file_id: int
    key: str
    name: str
    size: int
    purpose: str
    uploaded_at: datetime


def list_files(proposal_id: int) -> list[ProposalFileRow]:
    """Return the files of a proposal, newest first."""
    rows = db.session.execute(
        select(
            StoredFile.id,
            StoredFile.key,
            StoredFile.name,
            StoredFile.size,
            ProposalFile.purpose,
            ProposalFile.uploaded_at,
        )
        .join(ProposalFile, ProposalFile.file_id == StoredFile.id)
        .where(ProposalFile.proposal_id == proposal_id)
        .order_by(StoredFile.id.desc())
    )
    return [ProposalFileRow(*row) for row in rows]


def find_proposal_file(proposal_id: int, key: str) -> FileFacts:
    """Return a file of a proposal. Raises Missing `file_missing`."""
    if key not in {each.key for each in list_files(proposal_id)}:
        raise Missing("file_missing")
    return find_file_by_key(key)
