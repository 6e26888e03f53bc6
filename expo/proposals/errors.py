"""Errors of proposals.

Codes: `call_missing`, `call_title_empty`, `call_times_reversed`, `call_in_use`, `call_not_open`, `proposal_missing`,
`proposal_changed`, `proposal_state`, `proposal_not_editable`, `proposals_too_many`, `drafts_too_many`,
`length_out_of_range`, `speaker_invited`, `speakers_too_many`, `invitation_missing`, `invitation_answered`,
`links_too_many`, `absences_too_many`, `profile_missing`, `contact_missing`, `slides_unknown`, `files_too_many`,
`round_missing`, `round_not_open`, `round_name_empty`, `round_times_reversed`, `criteria_missing`,
`criterion_label_missing`, `criteria_in_use`, `reviewer_unknown`, `reviewers_missing`, `review_missing`,
`score_missing`, `too_many_proposals`.
"""

from expo.errors import Missing


class CallMissing(Missing):
    """This edition has no such call for proposals."""

    def __init__(self) -> None:
        super().__init__("call_missing")


class ProposalMissing(Missing):
    """This edition has no such proposal, or not for this person."""

    def __init__(self) -> None:
        super().__init__("proposal_missing")


class InvitationMissing(Missing):
    """There is no such invitation, or it was withdrawn."""

    def __init__(self) -> None:
        super().__init__("invitation_missing")


class RoundMissing(Missing):
    """This edition has no such review round."""

    def __init__(self) -> None:
        super().__init__("round_missing")


class ReviewMissing(Missing):
    """This proposal is not assigned to this reviewer."""

    def __init__(self) -> None:
        super().__init__("review_missing")
