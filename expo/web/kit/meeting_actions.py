"""The acts on a meeting that attendees, exhibitors and organizers send from its page."""

import secrets
from collections.abc import Callable
from datetime import datetime

from flask import flash, request
from flask_babel import gettext as _

from expo.errors import ExpoError, Invalid
from expo.flows.meetings import (
    accept_meeting,
    assign_members,
    cancel_meeting,
    change_link,
    decline_meeting,
    move_meeting,
    propose_times,
    write_message,
)
from expo.infra.clock import utcnow
from expo.infra.limits import count_against
from expo.meetings.queries import Party
from expo.meetings.rules import MeetingRequest
from expo.meetings.services import (
    Choice,
    block_other_side,
    check_in,
    rate_meeting,
    report_meeting,
    unblock_other_side,
)
from expo.web.kit.access import current_actor
from expo.web.kit.errors import message_of
from expo.web.kit.meeting_labels import read_time

# Far more than anybody can fill in by hand.
RATE = "30/minute"


def carry_out(party: Party, code: str) -> ExpoError | None:
    """Carry out the act of the form, and flash what came of it; return the error if it was refused."""
    act = _ACTIONS.get(request.form.get("act", ""))
    if act is None:
        return None
    try:
        flash(act(party, code, utcnow()), "success")
    except ExpoError as error:
        if error.kind == "missing":
            raise
        flash(message_of(error), "danger")
        return error
    return None


def read_request() -> MeetingRequest:
    """Return the request of the form. Raises Invalid `meeting_time_invalid`."""
    return MeetingRequest(
        message=request.form.get("message", ""),
        times=_read_times(),
        is_virtual="virtual" in request.form,
        link=request.form.get("link", ""),
        key=request.form.get("key", ""),
    )


def count_request() -> None:
    """Count a request for a meeting that somebody sends, allowed or not. Raises TooMany.

    The limits of the expo need the database, and the lock on the person; a flood of requests must not get that far.
    """
    count_against(RATE, "meeting-request", str(current_actor().id))


def make_key() -> str:
    """Return the key of a new form, with which sending it twice counts once."""
    return secrets.token_urlsafe(16)


def _read_times() -> tuple[datetime, ...]:
    times = [read_time(text) for text in request.form.getlist("times") if text]
    found = tuple(each for each in times if each is not None)
    if len(found) < len(times):
        raise Invalid("meeting_time_invalid", field="times")
    return found


def _read_choice() -> Choice:
    starts_at = read_time(request.form.get("starts_at", ""))
    if starts_at is None:
        raise Invalid("meeting_time_invalid", field="starts_at")
    return Choice(
        starts_at,
        member_id=request.form.get("member", type=int),
        table_id=request.form.get("table", type=int),
        link=request.form.get("link", ""),
    )


def _version() -> int | None:
    return request.form.get("version", type=int)


def _reason() -> str:
    return request.form.get("reason", "")


def _guest_id() -> int | None:
    """Return which of several guests the host means."""
    return request.form.get("guest", type=int)


def _accept(party: Party, code: str, now: datetime) -> str:
    accept_meeting(party, code, _read_choice(), now, _version())
    return _("The meeting is scheduled. We have told the other side.")


def _decline(party: Party, code: str, now: datetime) -> str:
    decline_meeting(party, code, _reason(), now)
    return _("Declined. We have told the other side.")


def _propose(party: Party, code: str, now: datetime) -> str:
    propose_times(party, code, _read_times(), request.form.get("message", ""), now, _version())
    return _("Times proposed. We will e-mail you the answer.")


def _cancel(party: Party, code: str, now: datetime) -> str:
    cancel_meeting(party, code, _reason(), now)
    if party.is_organizer:
        return _("Cancelled. We have told both sides.")
    return _("Cancelled. We have told the other side.")


def _move(party: Party, code: str, now: datetime) -> str:
    move_meeting(party, code, _read_choice(), now, _version())
    return _("The meeting has been moved. We have told both sides.")


def _assign(party: Party, code: str, now: datetime) -> str:
    assign_members(party, code, request.form.getlist("member", type=int), now)
    return _("Representatives saved. We have told the new ones.")


def _change_link(party: Party, code: str, now: datetime) -> str:
    change_link(party, code, request.form.get("link", ""), now)
    return _("Link saved. We have told the other side.")


def _write(party: Party, code: str, now: datetime) -> str:
    write_message(party, code, request.form.get("text", ""), request.form.get("key", ""), now)
    return _("Message sent.")


def _block(party: Party, code: str, now: datetime) -> str:
    block_other_side(party, code, now, _guest_id())
    return _("Blocked. They can no longer send you requests.")


def _unblock(party: Party, code: str, now: datetime) -> str:
    unblock_other_side(party, code, now, _guest_id())
    return _("They can send you requests again.")


def _report(party: Party, code: str, now: datetime) -> str:
    report_meeting(party, code, request.form.get("report", ""), now, _guest_id())
    return _("Thank you. The organizers will look into it.")


def _rate(party: Party, code: str, now: datetime) -> str:
    rate_meeting(party, code, request.form.get("rating", type=int) or 0, now)
    return _("Thank you for your rating.")


def _check_in(party: Party, code: str, now: datetime) -> str:
    name = check_in(party, code, request.form.get("badge", ""), now)
    return _("%(name)s is checked in.", name=name) if name else _("They were already checked in.")


_ACTIONS: dict[str, Callable[[Party, str, datetime], str]] = {
    "accept": _accept,
    "decline": _decline,
    "propose": _propose,
    "cancel": _cancel,
    "move": _move,
    "assign": _assign,
    "link": _change_link,
    "message": _write,
    "block": _block,
    "unblock": _unblock,
    "report": _report,
    "rate": _rate,
    "check_in": _check_in,
}
