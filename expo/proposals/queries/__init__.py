"""Reads of calls, proposals, their speakers and files, profiles, and reviews."""

from expo.proposals.queries.assignments import (
    QueuedProposal,
    ReviewerProgress,
    list_progress,
    list_queue,
)
from expo.proposals.queries.calls import (
    CallRow,
    count_proposals,
    get_call,
    get_call_by_id,
    list_calls,
    list_calls_by_id,
)
from expo.proposals.queries.discussions import MessageRow, list_messages, may_discuss
from expo.proposals.queries.files import ProposalFileRow, find_proposal_file, list_files
from expo.proposals.queries.profiles import ProfileRow, find_profile, list_profiles
from expo.proposals.queries.proposals import (
    PAGE_SIZE,
    ProposalFilter,
    ProposalRow,
    count_matching,
    get_own_proposal,
    get_proposal,
    get_proposals,
    list_all_own_proposals,
    list_all_proposals,
    list_own_proposals,
    list_proposals,
)
from expo.proposals.queries.reviews import (
    RankedProposal,
    ReviewRow,
    RoundReviews,
    list_ranked_proposals,
    list_reviews,
    list_reviews_by_round,
)
from expo.proposals.queries.rounds import (
    ReviewerRow,
    RoundRow,
    get_round,
    list_possible_reviewers,
    list_reviewers,
    list_rounds,
)
from expo.proposals.queries.speakers import (
    ProposalSpeakerRow,
    get_invitation,
    list_open_invitations,
    list_speakers,
)

__all__ = [
    "PAGE_SIZE",
    "CallRow",
    "MessageRow",
    "ProfileRow",
    "ProposalFileRow",
    "ProposalFilter",
    "ProposalRow",
    "ProposalSpeakerRow",
    "QueuedProposal",
    "RankedProposal",
    "ReviewRow",
    "ReviewerProgress",
    "ReviewerRow",
    "RoundReviews",
    "RoundRow",
    "count_matching",
    "count_proposals",
    "find_profile",
    "find_proposal_file",
    "get_call",
    "get_call_by_id",
    "get_invitation",
    "get_own_proposal",
    "get_proposal",
    "get_proposals",
    "get_round",
    "list_all_own_proposals",
    "list_all_proposals",
    "list_calls",
    "list_calls_by_id",
    "list_files",
    "list_messages",
    "list_open_invitations",
    "list_own_proposals",
    "list_possible_reviewers",
    "list_profiles",
    "list_progress",
    "list_proposals",
    "list_queue",
    "list_ranked_proposals",
    "list_reviewers",
    "list_reviews",
    "list_reviews_by_round",
    "list_rounds",
    "list_speakers",
    "may_discuss",
]
