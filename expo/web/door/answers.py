"""Scan requests as the door page sends them, and scan results as it shows them, in the steward's language."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext

from expo.accounts.rules import Actor, Permission
from expo.checkin.queries.scans import ScanAnswer
from expo.checkin.rules import FORCEABLE, MAX_FORCE_NOTE, Direction, ForceReason, Reason, Verdict
from expo.checkin.services.verdicts import ScanRequest
from expo.editions.queries import EditionFacts
from expo.errors import Invalid
from expo.web.kit.formats import country_name, datetime_local
from expo.web.kit.language import localized
from expo.web.kit.requirement_texts import describe_need
from expo.web.kit.rule_sentences import rule_names
from expo.web.kit.scan_labels import EXIT_TEXTS, EXIT_VERDICT_LABELS, REASON_TEXTS, VERDICT_LABELS

MAX_TEXT = 1000
# A scan that claims to have waited longer than this for the network comes from a phone with a wrong clock.
MAX_AGE = timedelta(hours=1)

_ENTRY_TONES = {Verdict.ADMITTED: "yes", Verdict.REFUSED: "no", Verdict.NEEDS_ANSWERS: "ask"}


def read_request(body: Any, now: datetime) -> ScanRequest:
    """Parse the scan sent by the page. Raises Invalid `scan_unreadable`.

    The page sends the scan's age, not its time, so that a wrong clock on the phone turns nobody away.
    """
    try:
        scan_id = str(UUID(body["scan_id"]))
        token, checkpoint, age = body["token"], body["checkpoint"], body["age_ms"]
        direction = Direction(body["direction"])
        forced, keys = body.get("forced", False), body.get("keys", "")
        is_good = (
            isinstance(token, str)
            and len(token) <= MAX_TEXT
            and isinstance(keys, str)
            and len(keys) <= MAX_TEXT
            and isinstance(checkpoint, str)
            and isinstance(forced, bool)
            and isinstance(age, int | float)
        )
        if not is_good:
            raise Invalid("scan_unreadable")
        waited = timedelta(milliseconds=age)
        force_reason, force_note = _read_force(body) if forced else (None, "")
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        raise Invalid("scan_unreadable") from None
    scanned_at = now - min(max(waited, timedelta(0)), MAX_AGE)
    return ScanRequest(scan_id, token, checkpoint, direction, scanned_at, forced, keys, force_reason, force_note)


def _read_force(body: Any) -> tuple[ForceReason, str]:
    """Parse the reason for overriding a refusal: one of the choices, with a note if none of them fits."""
    reason, note = ForceReason(body["force_reason"]), " ".join(body.get("force_note", "").split())
    if len(note) > MAX_FORCE_NOTE or "\0" in note or (reason is ForceReason.OTHER and not note):
        raise Invalid("scan_unreadable")
    return reason, note


def describe_scan(answer: ScanAnswer, wanted: ScanRequest, actor: Actor, edition: EditionFacts) -> dict[str, Any]:
    """Return what the page shows of a scan result."""
    reason, is_exit = answer.reason, wanted.direction is Direction.EXIT
    text = (EXIT_TEXTS.get(reason) if is_exit else REASON_TEXTS[reason]) if reason else None
    words = EXIT_VERDICT_LABELS if is_exit else VERDICT_LABELS
    return {
        "verdict": answer.verdict.value,
        "tone": _exit_tone(answer) if is_exit else _ENTRY_TONES[answer.verdict],
        "reason": reason.value if reason else None,
        "word": str(text.word) if text else str(words[answer.verdict]),
        "advice": str(text.advice) if text else "",
        **_describe_need(answer, wanted, edition),
        "addOns": " · ".join(localized(each.name) for each in answer.add_ons),
        "attendee": _shown_attendee(answer),
        "first": _shown_first(answer),
        "may_force": answer.verdict is Verdict.REFUSED
        and not is_exit
        and reason in FORCEABLE
        and actor.may(Permission.SCAN_FORCE, edition.id),
    }


def _describe_need(answer: ScanAnswer, wanted: ScanRequest, edition: EditionFacts) -> dict[str, str]:
    """Return the word and the advice if it is known what would have let them in; empty otherwise."""
    if not answer.needed:
        return {}
    day = edition.door_calendar.day_of(wanted.scanned_at)
    refusal = describe_need(answer.needed, rule_names(edition.id), day)
    return {"word": refusal.word, "advice": refusal.advice}


def _exit_tone(answer: ScanAnswer) -> str:
    """Return the tone in which an exit is shown; never as a refusal, because exits are always allowed."""
    if answer.verdict is Verdict.ADMITTED:
        return "out"
    return "unexpected" if answer.reason is Reason.NOT_INSIDE else "ask"


def _shown_attendee(answer: ScanAnswer) -> dict[str, Any] | None:
    who = answer.attendee
    if who is None:
        return None
    return {
        "name": who.name,
        "latin_name": who.latin_name,
        "company": who.company,
        "country": country_name(who.country),
        "ticket_type": localized(who.ticket_type.name),
        "band": who.ticket_type.band,
    }


def _shown_first(answer: ScanAnswer) -> str | None:
    first = answer.first_scan
    if first is None:
        return None
    return str(
        gettext(
            "First scan: %(time)s, %(place)s", time=datetime_local(first.at), place=localized(first.checkpoint.name)
        )
    )
