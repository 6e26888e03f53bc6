"""Proposals: acts with e-mails, and with the sessions that accepted proposals become."""

from expo.flows.proposals.decisions import (
    DECISIONS,
    MAX_DECISIONS,
    accept_proposal,
    confirm_participation,
    confirm_proposal,
    decide_proposal,
    decide_proposals,
    preview_decision,
    withdraw_proposal,
)
from expo.flows.proposals.invitations import (
    accept_as_newcomer,
    accept_invitation,
    decline_invitation,
    invite_speaker,
    send_start_link,
)
from expo.flows.proposals.messages import MAX_MESSAGE_LENGTH, form_key_of, is_repeated, write_to_organizers
from expo.flows.proposals.submissions import submit_proposal

__all__ = [
    "DECISIONS",
    "MAX_DECISIONS",
    "MAX_MESSAGE_LENGTH",
    "accept_as_newcomer",
    "accept_invitation",
    "accept_proposal",
    "confirm_participation",
    "confirm_proposal",
    "decide_proposal",
    "decide_proposals",
    "decline_invitation",
    "form_key_of",
    "invite_speaker",
    "is_repeated",
    "preview_decision",
    "send_start_link",
    "submit_proposal",
    "withdraw_proposal",
    "write_to_organizers",
]
