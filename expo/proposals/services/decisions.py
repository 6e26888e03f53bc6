"""Acts that decide about a proposal: the organizers accept, reject or waitlist it, and its speakers confirm."""

from datetime import datetime

from sqlalchemy import select, update

from expo.accounts.rules import Actor, Permission, require
from expo.errors import Conflict
from expo.infra.audit import record_act
from expo.infra.db import atomic, db
from expo.proposals.errors import ProposalMissing
from expo.proposals.models import Proposal, ProposalSpeaker
from expo.proposals.queries import ProposalRow
from expo.proposals.queries.proposals import row_of
from expo.proposals.rules import ACCEPTED_STATES, ProposalState, may_become
from expo.proposals.services.proposals import lock_own_proposal, lock_proposal, lock_shared_proposal


def decide_proposal(actor: Actor, edition_id: int, code: str, decision: ProposalState, now: datetime) -> ProposalRow:
    """Accept, reject or waitlist a proposal. Raises ProposalMissing, Conflict `proposal_state`."""
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    with atomic():
        proposal = lock_proposal(edition_id, code)
        _change_state(actor, proposal, decision, now)
        proposal.decided_at = now
        db.session.execute(
            update(ProposalSpeaker).where(ProposalSpeaker.proposal_id == proposal.id).values(confirmed_at=None)
        )
        db.session.flush()
        return row_of(proposal)


def confirm_proposal(actor: Actor, edition_id: int, code: str, now: datetime) -> ProposalRow:
    """Confirm, as its author, that an accepted proposal will be given. Raises ProposalMissing, Conflict."""
    with atomic():
        proposal = lock_own_proposal(actor, edition_id, code)
        _change_state(actor, proposal, ProposalState.CONFIRMED, now)
        proposal.confirmed_at = now
        _find_speaker(proposal, actor).confirmed_at = now
        db.session.flush()
        return row_of(proposal)


def confirm_participation(actor: Actor, edition_id: int, code: str, now: datetime) -> None:
    """Confirm, as a co-speaker of an accepted proposal, that one takes part. Doing so again changes nothing.

    Raises ProposalMissing, Conflict `proposal_state`.
    """
    with atomic():
        proposal = lock_shared_proposal(actor, edition_id, code)
        if ProposalState(proposal.state) not in ACCEPTED_STATES:
            raise Conflict("proposal_state", state=proposal.state, wanted=ProposalState.ACCEPTED.value)
        speaker = _find_speaker(proposal, actor)
        if speaker.confirmed_at is not None:
            return
        speaker.confirmed_at = now
        db.session.flush()
        record_act(
            actor, "proposals.confirm_participation", now,
            edition_id=edition_id, subject="proposal", subject_id=proposal.id, code=code, speaker=speaker.id,
        )  # fmt: skip


def _find_speaker(proposal: Proposal, actor: Actor) -> ProposalSpeaker:
    speaker = db.session.scalars(
        select(ProposalSpeaker).where(ProposalSpeaker.proposal_id == proposal.id, ProposalSpeaker.person_id == actor.id)
    ).first()
    if speaker is None:
        raise ProposalMissing
    return speaker


def _change_state(actor: Actor, proposal: Proposal, following: ProposalState, now: datetime) -> None:
    state = ProposalState(proposal.state)
    if not may_become(state, following):
        raise Conflict("proposal_state", state=state.value, wanted=following.value)
    proposal.state = following.value
    proposal.version += 1
    proposal.changed_at = now
    record_act(
        actor, f"proposals.{following.value}", now,
        edition_id=proposal.edition_id, subject="proposal", subject_id=proposal.id, code=proposal.code,
        before=state.value,
    )  # fmt: skip
