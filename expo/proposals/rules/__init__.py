"""Rules of calls, proposals and profiles. Pure."""

from expo.proposals.rules.calls import CallRequest, CallState, Offer, check_call, state_of_call
from expo.proposals.rules.profiles import Absence, ProfileRequest, check_profile
from expo.proposals.rules.proposals import (
    ACCEPTED_STATES,
    COUNTED_STATES,
    MAX_DRAFTS,
    WITHDRAWABLE_STATES,
    ProposalContent,
    ProposalState,
    check_content,
    check_draft_content,
    is_editable,
    may_become,
)

__all__ = [
    "ACCEPTED_STATES",
    "COUNTED_STATES",
    "MAX_DRAFTS",
    "WITHDRAWABLE_STATES",
    "Absence",
    "CallRequest",
    "CallState",
    "Offer",
    "ProfileRequest",
    "ProposalContent",
    "ProposalState",
    "check_call",
    "check_content",
    "check_draft_content",
    "check_profile",
    "is_editable",
    "may_become",
    "state_of_call",
]
