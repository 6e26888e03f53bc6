"""Judge a scan from plain facts. Pure. `static/js/door/judge.js` is the same function for devices.

An entry is checked in the order of `Reason`, and the first reason that applies is the answer. The signature is checked
before anything is looked up, so the facts are those of a badge that we signed; without a holder, its serial is unknown.

A cancelled registration also has its badge revoked. The cancellation is checked first, so that the steward learns the
cause.

An exit only checks whose badge it is, where, and whether they are inside: nobody is prevented from leaving because a
payment is missing or the day is over.

Whether a zone is full is only known by counting: see services.
"""

from typing import Any

from expo.checkin.rules.facts import CheckpointFacts, Facts, HolderFacts, Judgement, Need, Question
from expo.checkin.rules.needs import find_need
from expo.checkin.rules.reasons import Direction, Reason, Verdict, deciding_reason
from expo.checkin.rules.trees import Case, find_failure, standing_in, to_ms
from expo.registration.rules import AttendeeState, OrderState

_ENDED_ATTENDEE_STATES = frozenset({AttendeeState.CANCELLED.value, AttendeeState.EXPIRED.value})
_ENDED_ORDER_STATES = frozenset({OrderState.CANCELLED.value, OrderState.EXPIRED.value})
# Named one by one, because Python and JavaScript disagree on what else is a space.
_SPACES = " \t\r\n\u00a0\u3000"


def judge(facts: Facts) -> Judgement:
    """Return the verdict on a scan with all reasons for it."""
    rule_failed = None
    if facts["direction"] == Direction.EXIT.value:
        reasons = _reasons_against_exit(facts)
    else:
        reasons, rule_failed = _reasons_against_entry(facts)
    reason = deciding_reason(reasons, forced=facts["forced"])
    questions = _open_questions(facts) if reason is None else []
    admitted = Verdict.NEEDS_ANSWERS if questions else Verdict.ADMITTED
    return {
        "verdict": (Verdict.REFUSED if reason else admitted).value,
        "reason": reason.value if reason else None,
        "overridden": reasons[0].value if reasons and reason is None else None,
        "reasons": [each.value for each in reasons],
        "rule_failed": rule_failed,
        "needed": _find_need(facts) if Reason.RULE in reasons else None,
        "questions": questions,
    }


def _find_need(facts: Facts) -> Need | None:
    holder, door = facts["holder"], facts["door"]
    return None if holder is None or door is None else find_need(Case(facts, holder, door))


def _reasons_against_exit(facts: Facts) -> list[Reason]:
    door = facts["door"]
    if facts["holder"] is None:
        return [Reason.UNKNOWN_TOKEN]
    if door is None or not door["is_open"]:
        return [Reason.WRONG_CHECKPOINT]
    return [] if standing_in(facts, door["zone"])["is_inside"] else [Reason.NOT_INSIDE]


def _reasons_against_entry(facts: Facts) -> tuple[list[Reason], str | None]:
    holder, door = facts["holder"], facts["door"]
    if holder is None:
        return [Reason.UNKNOWN_TOKEN], None
    reasons = [*_reasons_in_badge(holder, facts["badge"]["issue"]), *_reasons_in_days(holder, facts["day"])]
    if door is None:
        return [*reasons, Reason.WRONG_CHECKPOINT], None
    if door["ticket_types"] is not None and holder["ticket_type"] not in door["ticket_types"]:
        reasons.append(Reason.WRONG_TICKET_TYPE)
    if not door["is_open"]:
        reasons.append(Reason.WRONG_CHECKPOINT)
    if door["anti_passback"] and standing_in(facts, door["zone"])["is_inside"]:
        reasons.append(Reason.ALREADY_ADMITTED)
    rule = door["rule"]
    rule_failed = None if rule is None else find_failure(rule, Case(facts, holder, door))
    if rule_failed is not None or not _is_in_opening_times(door, facts["at"]):
        reasons.append(Reason.RULE)
    return reasons, rule_failed


def _reasons_in_badge(holder: HolderFacts, issue: int) -> list[Reason]:
    reasons = []
    if holder["attendee_state"] in _ENDED_ATTENDEE_STATES or holder["order_state"] in _ENDED_ORDER_STATES:
        reasons.append(Reason.CANCELLED)
    if holder["is_revoked"] or issue < holder["badge_issue"]:
        reasons.append(Reason.REVOKED)
    if not holder["is_paid"]:
        reasons.append(Reason.UNPAID)
    if holder["attendee_state"] != AttendeeState.CONFIRMED.value:
        reasons.append(Reason.NOT_APPROVED)
    return reasons


def _reasons_in_days(holder: HolderFacts, day: str) -> list[Reason]:
    if day < holder["first_day"]:
        return [Reason.NOT_YET_VALID]
    return [Reason.EXPIRED] if day > holder["last_day"] else []


def _is_in_opening_times(door: CheckpointFacts, at: str) -> bool:
    opens_at, closes_at = door["opens_at"], door["closes_at"]
    has_opened = opens_at is None or to_ms(at) >= to_ms(opens_at)
    return has_opened and (closes_at is None or to_ms(at) < to_ms(closes_at))


def _open_questions(facts: Facts) -> list[str]:
    """Return the questions to be answered before this entry; nobody is asked on leaving."""
    holder, door = facts["holder"], facts["door"]
    if holder is None or door is None or facts["direction"] == Direction.EXIT.value:
        return []
    return [
        each["id"]
        for each in door["questions"]
        if (each["ticket_types"] is None or holder["ticket_type"] in each["ticket_types"])
        and not _is_answer(each, facts["answers"].get(each["id"]))
    ]


def _is_answer(question: Question, answer: Any) -> bool:
    if question["kind"] == "confirm":
        return answer is True
    if not isinstance(answer, str):
        return False
    if question["kind"] == "choice":
        return any(answer == each["id"] for each in question["choices"])
    return answer.strip(_SPACES) != ""
