"""States of proposals, and which may follow which. Pure."""

from enum import StrEnum


class ProposalState(StrEnum):
    """The state of a proposal."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    WAITLISTED = "waitlisted"
    # Accepted by the organizers, and not yet confirmed by the speaker.
    ACCEPTED = "accepted"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


# The states that each state may change to.
NEXT_STATES: dict[ProposalState, frozenset[ProposalState]] = {
    ProposalState.DRAFT: frozenset({ProposalState.SUBMITTED}),
    ProposalState.SUBMITTED: frozenset(
        {ProposalState.ACCEPTED, ProposalState.REJECTED, ProposalState.WAITLISTED, ProposalState.WITHDRAWN}
    ),
    ProposalState.WAITLISTED: frozenset({ProposalState.ACCEPTED, ProposalState.REJECTED, ProposalState.WITHDRAWN}),
    ProposalState.ACCEPTED: frozenset({ProposalState.CONFIRMED, ProposalState.REJECTED, ProposalState.WITHDRAWN}),
    ProposalState.CONFIRMED: frozenset({ProposalState.WITHDRAWN}),
    ProposalState.REJECTED: frozenset({ProposalState.SUBMITTED, ProposalState.ACCEPTED, ProposalState.WAITLISTED}),
    ProposalState.WITHDRAWN: frozenset(),
}


def may_become(state: ProposalState, following: ProposalState) -> bool:
    """Return whether a proposal in `state` may change to `following`."""
    return following in NEXT_STATES[state]
