"""Acts on calls, proposals, their speakers and files, profiles, and reviews."""

from expo.proposals.services.assignments import assign_proposals
from expo.proposals.services.calls import change_call, close_call, create_call, delete_call
from expo.proposals.services.decisions import confirm_participation, confirm_proposal, decide_proposal
from expo.proposals.services.discussions import write_message
from expo.proposals.services.files import FilePurpose, add_file, remove_slides
from expo.proposals.services.profiles import delete_profile, remove_photo, save_profile, set_photo
from expo.proposals.services.proposals import (
    SavedProposal,
    allow_editing,
    begin_proposal,
    save_proposal,
    submit_proposal,
    withdraw_proposal,
)
from expo.proposals.services.reviews import save_review
from expo.proposals.services.rounds import change_round, close_round, create_round, set_reviewers
from expo.proposals.services.speakers import add_speaker, answer_invitation, remove_speaker

__all__ = [
    "FilePurpose",
    "SavedProposal",
    "add_file",
    "add_speaker",
    "allow_editing",
    "answer_invitation",
    "assign_proposals",
    "begin_proposal",
    "change_call",
    "change_round",
    "close_call",
    "close_round",
    "confirm_participation",
    "confirm_proposal",
    "create_call",
    "create_round",
    "decide_proposal",
    "delete_call",
    "delete_profile",
    "remove_photo",
    "remove_slides",
    "remove_speaker",
    "save_profile",
    "save_proposal",
    "save_review",
    "set_photo",
    "set_reviewers",
    "submit_proposal",
    "withdraw_proposal",
    "write_message",
]
