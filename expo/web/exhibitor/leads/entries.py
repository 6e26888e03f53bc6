"""The queue of scans that a scanner of an exhibitor sends."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import request

from expo.errors import Invalid
from expo.leads.rules import LeadEntry, check_note
from expo.pure.texts import clean_text

MAX_BODY = 512 * 1024
MAX_SCANS = 100
MAX_TEXT = 1000
MAX_ANSWERS = 50
_YEARS = range(2000, 2101)


def read_entries() -> list[LeadEntry | str]:
    """Return the entries of the request, or the scan id where one cannot be read. Raises Invalid."""
    request.max_content_length = MAX_BODY
    body = request.get_json(silent=True)
    scans = body.get("scans") if isinstance(body, dict) else None
    if not isinstance(scans, list) or not 1 <= len(scans) <= MAX_SCANS:
        raise Invalid("lead_scans_unreadable")
    return [_read_entry(each) or _shown_id(each) for each in scans]


def _shown_id(body: Any) -> str:
    scan_id = body.get("scan_id") if isinstance(body, dict) else None
    return clean_text(scan_id[:MAX_TEXT]) if isinstance(scan_id, str) else ""


def _read_entry(body: Any) -> LeadEntry | None:
    try:
        note, rating, answers = body.get("note"), body.get("rating"), body.get("answers")
        return LeadEntry(
            scan_id=str(UUID(body["scan_id"])),
            scanned_at=_moment(body["scanned_at"]),
            changed_at=_moment(body["changed_at"]),
            token=_text(body.get("token")),
            keys=_text(body.get("keys")),
            code=_text(body.get("code")),
            note=None if note is None else check_note(_text(note, longest=MAX_BODY)),
            rating=None if rating is None else _rating(rating),
            answers=None if answers is None else _answers(answers),
        )
    except (Invalid, KeyError, TypeError, ValueError, AttributeError, OverflowError):
        return None


def _text(value: Any, longest: int = MAX_TEXT) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > longest:
        raise ValueError("no text")
    return value


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None or moment.year not in _YEARS:
        raise ValueError("no moment")
    return moment


def _rating(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("no rating")
    return value


def _answers(value: dict[str, Any]) -> dict[str, list[str]]:
    if len(value) > MAX_ANSWERS:
        raise ValueError("too many answers")
    return {str(key): [_text(each) for each in given] for key, given in value.items() if isinstance(given, list)}
