"""Rules of calls, proposals, profiles and reviews. Pure."""

from expo.proposals.rules.assignments import Reviewing, assign
from expo.proposals.rules.calls import CallRequest, CallState, Offer, check_call, state_of_call
from expo.proposals.rules.profiles import Absence, ProfileRequest, check_profile
from expo.proposals.rules.proposals import (
    ACCEPTED_STATES,
    COUNTED_STATES,
    MAX_DRAFTS,
    REVIEWED_STATES,
    WITHDRAWABLE_STATES,
    ProposalContent,
    ProposalState,
    check_content,
    check_draft_content,
    is_editable,
    may_become,
)
from expo.proposals.rules.reviews import Ranking, ReviewFigures, ReviewRequest, check_review, rank, summarize
from expo.proposals.rules.rounds import (
    HIGHEST_SCORE,
    LOWEST_SCORE,
    MAX_CRITERIA,
    Criterion,
    RoundRequest,
    check_round,
    criteria_from_json,
    criteria_to_json,
    state_of_round,
)

__all__ = [
    "ACCEPTED_STATES",
    "COUNTED_STATES",
    "HIGHEST_SCORE",
    "LOWEST_SCORE",
    "MAX_CRITERIA",
    "MAX_DRAFTS",
    "REVIEWED_STATES",
    "WITHDRAWABLE_STATES",
    "Absence",
    "CallRequest",
    "CallState",
    "Criterion",
    "Offer",
    "ProfileRequest",
    "ProposalContent",
    "ProposalState",
    "Ranking",
    "ReviewFigures",
    "ReviewRequest",
    "Reviewing",
    "RoundRequest",
    "assign",
    "check_call",
    "check_content",
    "check_draft_content",
    "check_profile",
    "check_review",
    "check_round",
    "criteria_from_json",
    "criteria_to_json",
    "is_editable",
    "may_become",
    "rank",
    "state_of_call",
    "state_of_round",
    "summarize",
]
