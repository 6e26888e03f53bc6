"""States of meetings and their participants, and which acts they allow. Pure."""

from enum import StrEnum

from expo.errors import Conflict


class MeetingState(StrEnum):
    """The state of a meeting."""

    REQUESTED = "requested"
    # The side that was asked proposed other times.
    COUNTERED = "countered"
    SCHEDULED = "scheduled"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    HELD = "held"
    NO_SHOW = "no_show"


UNANSWERED_STATES = frozenset({MeetingState.REQUESTED, MeetingState.COUNTERED})
OPEN_STATES = UNANSWERED_STATES | {MeetingState.SCHEDULED}


class Side(StrEnum):
    """One side of a meeting: the guests come to the hosts, who are an exhibitor's team or another attendee."""

    GUEST = "guest"
    HOST = "host"

    @property
    def other(self) -> "Side":
        """The opposite side."""
        return Side.HOST if self is Side.GUEST else Side.GUEST


class ParticipantState(StrEnum):
    """Whether somebody comes to a meeting."""

    INVITED = "invited"
    JOINED = "joined"
    DECLINED = "declined"


class PlaceKind(StrEnum):
    """Where a meeting takes place."""

    TABLE = "table"
    BOOTH = "booth"
    VIRTUAL = "virtual"


class HoldKind(StrEnum):
    """Whose time a meeting holds."""

    ATTENDEE = "attendee"
    MEMBER = "member"
    TABLE = "table"


def require_answerable(state: MeetingState, awaited: str, side: Side | None) -> None:
    """Check that a request is unanswered and that this side has to answer; organizers have no side.

    Raises Conflict `meeting_answered` or `meeting_not_your_turn`.
    """
    if state not in UNANSWERED_STATES:
        raise Conflict("meeting_answered", state=state.value)
    if side is not None and awaited != side.value:
        raise Conflict("meeting_not_your_turn")


def require_scheduled(state: MeetingState) -> None:
    """Check that a meeting has a time and has not been held yet. Raises Conflict `meeting_not_scheduled`."""
    if state is not MeetingState.SCHEDULED:
        raise Conflict("meeting_not_scheduled", state=state.value)
