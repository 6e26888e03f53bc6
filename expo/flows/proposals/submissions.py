"""Submitting a proposal, with the e-mail that confirms it."""

from datetime import datetime

from expo.accounts.rules import Actor
from expo.flows.proposals.emails import notify_author
from expo.infra.db import atomic, retried
from expo.proposals import services
from expo.proposals.queries import get_call_by_id
from expo.proposals.rules import Offer
from expo.proposals.services import SavedProposal


@retried
def submit_proposal(actor: Actor, edition_id: int, code: str, offer: Offer, now: datetime) -> SavedProposal:
    """Submit a draft and confirm it by e-mail; with faults it stays a draft. Raises ProposalMissing, Conflict."""
    with atomic():
        saved = services.submit_proposal(actor, edition_id, code, offer, now)
        if not saved.faults:
            closes_at = get_call_by_id(saved.proposal.call_id).closes_at
            notify_author(
                "proposals/submitted", saved.proposal, now, closes_at=closes_at.isoformat() if closes_at else ""
            )
        return saved
