"""Acts on the speakers of a proposal: inviting, removing, accepting and declining."""

from datetime import datetime

from sqlalchemy import select

from expo.accounts.rules import Actor
from expo.accounts.services.people import check_email
from expo.errors import Conflict
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, lock
from expo.proposals.errors import InvitationMissing
from expo.proposals.models import Proposal, ProposalSpeaker
from expo.proposals.queries import ProposalSpeakerRow, get_call_by_id, list_speakers
from expo.proposals.rules import ProposalState, is_editable
from expo.proposals.services.proposals import lock_own_proposal
from expo.pure.names import search_text

MAX_SPEAKERS = 10
MAX_NAME_LENGTH = 200


def add_speaker(
    actor: Actor, edition_id: int, code: str, email: str, name: str, now: datetime, *, is_moderator: bool = False
) -> ProposalSpeakerRow:
    """Add a co-speaker, who is to be invited by e-mail.

    Raises ProposalMissing, Invalid `email_invalid`, Conflict `proposal_not_editable`, `speaker_invited`,
    `speakers_too_many`.
    """
    address = check_email(email)
    name = " ".join(name.split())[:MAX_NAME_LENGTH]
    with atomic():
        proposal = lock_own_proposal(actor, edition_id, code)
        _check_editable(proposal, now)
        addresses = list(
            db.session.scalars(select(ProposalSpeaker.email).where(ProposalSpeaker.proposal_id == proposal.id))
        )
        if address in addresses:
            raise Conflict("speaker_invited", field="email")
        if len(addresses) >= MAX_SPEAKERS:
            raise Conflict("speakers_too_many", field="email", maximum=MAX_SPEAKERS)
        speaker = ProposalSpeaker(
            proposal_id=proposal.id,
            email=address,
            name=name,
            search_text=search_text(name, address),
            role="moderator" if is_moderator else "speaker",
            position=len(addresses),
            invited_at=now,
        )
        db.session.add(speaker)
        db.session.flush()
        record_act(
            actor, "proposals.invite_speaker", now,
            edition_id=edition_id, subject="proposal", subject_id=proposal.id, speaker=speaker.id,
        )  # fmt: skip
        return next(each for each in list_speakers([proposal.id])[proposal.id] if each.id == speaker.id)


def remove_speaker(actor: Actor, edition_id: int, code: str, speaker_id: int, now: datetime) -> None:
    """Remove a co-speaker. Raises ProposalMissing, InvitationMissing, Conflict `proposal_not_editable`."""
    with atomic():
        proposal = lock_own_proposal(actor, edition_id, code)
        _check_editable(proposal, now)
        speaker = db.session.get(ProposalSpeaker, speaker_id)
        if speaker is None or speaker.proposal_id != proposal.id or speaker.person_id == proposal.person_id:
            raise InvitationMissing
        db.session.delete(speaker)
        db.session.flush()
        record_act(
            actor, "proposals.remove_speaker", now,
            edition_id=edition_id, subject="proposal", subject_id=proposal.id, speaker=speaker_id,
        )  # fmt: skip


def answer_invitation(actor: Actor, speaker_id: int, email: str, now: datetime, *, is_accepted: bool) -> None:
    """Accept or decline, once, an invitation to an address that the caller knows to be the actor's.

    Only a person can accept.

    Raises InvitationMissing, Conflict `invitation_answered`.
    """
    with atomic():
        speaker = lock(ProposalSpeaker, speaker_id)
        if speaker is None or speaker.invited_at is None or speaker.email != email:
            raise InvitationMissing
        proposal = db.session.get(Proposal, speaker.proposal_id)
        if proposal is None or proposal.state == ProposalState.WITHDRAWN.value:
            raise InvitationMissing
        if speaker.accepted_at is not None or speaker.declined_at is not None:
            raise Conflict("invitation_answered")
        if is_accepted:
            speaker.person_id, speaker.accepted_at = actor.id, now
        else:
            speaker.declined_at = now
        db.session.flush()
        record_act(
            actor, f"proposals.{'accept' if is_accepted else 'decline'}_invitation", now,
            edition_id=proposal.edition_id, subject="proposal", subject_id=proposal.id, speaker=speaker_id,
        )  # fmt: skip


def _check_editable(proposal: Proposal, now: datetime) -> None:
    call_state = get_call_by_id(proposal.call_id).state_at(now)
    if not is_editable(ProposalState(proposal.state), call_state, proposal.editable_until, now):
        raise Conflict("proposal_not_editable")
