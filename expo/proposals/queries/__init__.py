"""Reads of calls, proposals, their speakers and files, and profiles."""

from expo.proposals.queries.calls import (
    CallRow,
    count_proposals,
    get_call,
    get_call_by_id,
    list_calls,
    list_calls_by_id,
)
from expo.proposals.queries.files import ProposalFileRow, find_proposal_file, list_files
from expo.proposals.queries.profiles import ProfileRow, find_profile, list_profiles
from expo.proposals.queries.proposals import (
    PAGE_SIZE,
    ProposalFilter,
    ProposalRow,
    count_matching,
    get_own_proposal,
    get_proposal,
    list_all_own_proposals,
    list_all_proposals,
    list_own_proposals,
    list_proposals,
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
    "ProfileRow",
    "ProposalFileRow",
    "ProposalFilter",
    "ProposalRow",
    "ProposalSpeakerRow",
    "count_matching",
    "count_proposals",
    "find_profile",
    "find_proposal_file",
    "get_call",
    "get_call_by_id",
    "get_invitation",
    "get_own_proposal",
    "get_proposal",
    "list_all_own_proposals",
    "list_all_proposals",
    "list_calls",
    "list_calls_by_id",
    "list_files",
    "list_open_invitations",
    "list_own_proposals",
    "list_profiles",
    "list_proposals",
    "list_speakers",
]
