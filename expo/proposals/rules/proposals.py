"""States of proposals, and what a proposal must contain. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from expo.proposals.rules.calls import CallState, Offer
from expo.pure.levels import LEVELS
from expo.questions.rules import AnswerFault

MAX_TITLE_LENGTH = 200
MAX_ABSTRACT_LENGTH = 4_000
MAX_MESSAGE_LENGTH = 4_000
MIN_MINUTES, MAX_MINUTES = 5, 480
# How many drafts a person may have in a call, so that nobody fills the database.
MAX_DRAFTS = 20


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


# Proposals in these states count towards the limit per person.
COUNTED_STATES = frozenset(ProposalState) - {ProposalState.DRAFT, ProposalState.WITHDRAWN}
WITHDRAWABLE_STATES = frozenset(
    state for state, following in NEXT_STATES.items() if ProposalState.WITHDRAWN in following
)
# Reviewers are asked about proposals in these states.
REVIEWED_STATES = frozenset({ProposalState.SUBMITTED, ProposalState.WAITLISTED})
# The organizers have made up their minds in favour: the speaker has tasks.
ACCEPTED_STATES = frozenset({ProposalState.ACCEPTED, ProposalState.CONFIRMED})


@dataclass(frozen=True)
class ProposalContent:
    """What a proposal says, apart from the answers to the call's own questions."""

    title: Mapping[str, str] = field(default_factory=dict)
    abstract: Mapping[str, str] = field(default_factory=dict)
    description: Mapping[str, str] = field(default_factory=dict)
    kind: str = ""
    track: str = ""
    language: str = ""
    level: str = ""
    minutes: int | None = None
    message: str = ""


def is_editable(state: ProposalState, call_state: CallState, editable_until: datetime | None, now: datetime) -> bool:
    """Return whether the author may edit a proposal: until the deadline, afterwards until the time allowed."""
    if state in {ProposalState.WITHDRAWN, ProposalState.REJECTED}:
        return False
    if editable_until is not None and now < editable_until:
        return True
    return call_state is CallState.OPEN and state in {ProposalState.DRAFT, ProposalState.SUBMITTED}


def check_draft_content(content: ProposalContent, offer: Offer) -> list[AnswerFault]:
    """Return what is wrong with the content given so far; nothing is required yet."""
    faults = [
        AnswerFault(name, "text_too_long", {"maximum": longest})
        for name, texts, longest in (
            ("title", content.title, MAX_TITLE_LENGTH),
            ("abstract", content.abstract, MAX_ABSTRACT_LENGTH),
            ("description", content.description, MAX_ABSTRACT_LENGTH),
            ("message", {"": content.message}, MAX_MESSAGE_LENGTH),
        )
        if any(len(text) > longest for text in texts.values())
    ]
    faults += [
        AnswerFault(name, "choice_unknown", {"value": value[:40]})
        for name, value, offered in _choices(content, offer)
        if value and value not in offered
    ]
    if content.minutes is not None and not MIN_MINUTES <= content.minutes <= MAX_MINUTES:
        faults.append(AnswerFault("minutes", "length_out_of_range", {"minimum": MIN_MINUTES, "maximum": MAX_MINUTES}))
    return faults


def check_content(content: ProposalContent, offer: Offer) -> list[AnswerFault]:
    """Return what is wrong with the content of a proposal that is handed in."""
    faults = check_draft_content(content, offer)
    lacking = [name for name in ("title", "abstract") if not any(getattr(content, name).values())]
    lacking += [name for name, value, offered in _choices(content, offer) if offered and not value and name != "level"]
    return [*faults, *(AnswerFault(name, "answer_missing", {}) for name in lacking)]


def _choices(content: ProposalContent, offer: Offer) -> tuple[tuple[str, str, Sequence[str]], ...]:
    return (
        ("kind", content.kind, offer.kinds),
        ("track", content.track, offer.tracks),
        ("language", content.language, offer.languages),
        ("level", content.level, LEVELS),
    )
