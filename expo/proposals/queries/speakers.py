"""Reads of the speakers of proposals and of their invitations."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from expo.accounts.models import Person
from expo.infra.db import db
from expo.proposals.errors import InvitationMissing
from expo.proposals.models import Proposal, ProposalSpeaker, SpeakerProfile
from expo.proposals.queries.proposals import ProposalRow, row_of


@dataclass(frozen=True)
class ProposalSpeakerRow:
    """A speaker of a proposal; `person_id` is None until the invitation is accepted."""

    id: int
    proposal_id: int
    person_id: int | None
    email: str
    name: str
    role: str
    is_author: bool
    has_accepted: bool
    has_declined: bool
    has_confirmed: bool
    language: str


def list_speakers(proposal_ids: Sequence[int]) -> dict[int, list[ProposalSpeakerRow]]:
    """Return the speakers of proposals by proposal id, with one query; profiles give the current names."""
    rows = db.session.execute(
        select(ProposalSpeaker, Proposal.person_id, SpeakerProfile.name, Person.name, Person.language)
        .join(Proposal, Proposal.id == ProposalSpeaker.proposal_id)
        .outerjoin(SpeakerProfile, SpeakerProfile.person_id == ProposalSpeaker.person_id)
        .outerjoin(Person, Person.id == ProposalSpeaker.person_id)
        .where(ProposalSpeaker.proposal_id.in_(proposal_ids))
        .order_by(ProposalSpeaker.position, ProposalSpeaker.id)
        .execution_options(populate_existing=True)
    )
    found: dict[int, list[ProposalSpeakerRow]] = {each: [] for each in proposal_ids}
    for speaker, author_id, profile_name, person_name, language in rows:
        found[speaker.proposal_id].append(
            ProposalSpeakerRow(
                id=speaker.id,
                proposal_id=speaker.proposal_id,
                person_id=speaker.person_id,
                email=speaker.email,
                name=profile_name or speaker.name or person_name or "",
                role=speaker.role,
                is_author=speaker.person_id == author_id,
                has_accepted=speaker.accepted_at is not None,
                has_declined=speaker.declined_at is not None,
                has_confirmed=speaker.confirmed_at is not None,
                language=language or "",
            )
        )
    return found


def get_invitation(speaker_id: int, email: str) -> tuple[ProposalSpeakerRow, ProposalRow]:
    """Return an invitation to this address and its proposal. Raises InvitationMissing."""
    speaker = db.session.get(ProposalSpeaker, speaker_id, populate_existing=True)
    if speaker is None or speaker.email != email or speaker.invited_at is None:
        raise InvitationMissing
    proposal = db.session.get(Proposal, speaker.proposal_id)
    if proposal is None:
        raise InvitationMissing
    rows = list_speakers([proposal.id])[proposal.id]
    return next(each for each in rows if each.id == speaker_id), row_of(proposal)


def list_open_invitations(edition_id: int, email: str) -> list[tuple[ProposalSpeakerRow, ProposalRow]]:
    """Return the invitations to this address that were neither accepted nor declined."""
    proposals = db.session.execute(
        select(ProposalSpeaker.id, Proposal)
        .join(Proposal, Proposal.id == ProposalSpeaker.proposal_id)
        .where(
            Proposal.edition_id == edition_id,
            Proposal.withdrawn_at.is_(None),
            ProposalSpeaker.email == email,
            ProposalSpeaker.invited_at.is_not(None),
            ProposalSpeaker.accepted_at.is_(None),
            ProposalSpeaker.declined_at.is_(None),
        )
        .order_by(ProposalSpeaker.id)
    ).all()
    speakers = {each.id: each for rows in list_speakers([p.id for _, p in proposals]).values() for each in rows}
    return [(speakers[speaker_id], row_of(proposal)) for speaker_id, proposal in proposals]
