"""The facts that a scan is judged by, and the judgement: plain JSON values on the server and on a device. Pure.

Every key is always present. A time is RFC 3339 in UTC ending in `Z`, a day an ISO date, a text a mapping of languages.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal, TypedDict

Texts = Mapping[str, str]
# A rule tree as stored and sent; see `trees`.
Rule = Mapping[str, Any]
# What would let somebody in; see `needs`.
Need = Mapping[str, Any]


class BadgeFacts(TypedDict):
    """The content of a badge with a valid signature: `issue` counts the badges of one attendee."""

    issue: int


class HolderFacts(TypedDict):
    """The holder of a badge. `party` is how many people the badge admits."""

    badge_issue: int
    is_revoked: bool
    first_day: str
    last_day: str
    attendee_state: str
    order_state: str
    is_paid: bool
    ticket_type: str
    add_ons: Sequence[str]
    # The sessions in which a seat is held, by slug.
    seats: Sequence[str]
    party: int


class Choice(TypedDict):
    """One of the answers to choose from."""

    id: str
    text: Texts


class Question(TypedDict):
    """A question that staff answer before an admission. `ticket_types` is None if everybody is asked."""

    id: str
    kind: Literal["confirm", "text", "choice"]
    text: Texts
    choices: Sequence[Choice]
    ticket_types: Sequence[str] | None


class CheckpointFacts(TypedDict):
    """A checkpoint. `ticket_types` is None if every type is admitted, `opens_at` and `closes_at` if always open."""

    code: str
    zone: str
    is_open: bool
    opens_at: str | None
    closes_at: str | None
    ticket_types: Sequence[str] | None
    session: str | None
    session_starts_at: str | None
    session_ends_at: str | None
    rule: Rule | None
    # Refuse people who are inside until they have left; without it, a second entry is admitted and counted.
    anti_passback: bool
    questions: Sequence[Question]


class StandingFacts(TypedDict):
    """What is known of the holder in one zone: `entered_at` and `left_at` are the latest entry and exit."""

    is_inside: bool
    entries: int
    entries_today: int
    entered_at: str | None
    left_at: str | None


class Facts(TypedDict):
    """The facts of one scan. `holder` and `door` are None if unknown; a zone without a standing was never entered."""

    direction: Literal["entry", "exit"]
    at: str
    # The day at the doors to which `at` belongs, and its beginning: a day may end after midnight.
    day: str
    day_began_at: str
    time_zone: str
    forced: bool
    badge: BadgeFacts
    holder: HolderFacts | None
    door: CheckpointFacts | None
    standings: Mapping[str, StandingFacts]
    answers: Mapping[str, Any]


class Judgement(TypedDict):
    """The judgement of a scan.

    `reasons` are all reasons for refusing, in the order of `Reason`; `overridden` is the one that forcing passed over.
    `rule_failed` is the JSONPath of the condition that failed (`$.all[1]`), `needed` what would let the holder in whom
    the reason `rule` refuses (None if that cannot be said), `questions` the ids still to be answered.
    """

    verdict: Literal["admitted", "refused", "needs_answers"]
    reason: str | None
    overridden: str | None
    reasons: list[str]
    rule_failed: str | None
    needed: Need | None
    questions: list[str]


def write_moment(moment: datetime | None) -> str | None:
    """Return a moment as facts contain it."""
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
