"""Meetings with their e-mails: every change tells the other side, and what organizers change tells both."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from expo.editions.queries import find_current_edition
from expo.flows.meeting_emails import notify_both, notify_members, notify_side, remind_participants
from expo.infra.db import atomic, retried
from expo.meetings import services
from expo.meetings.queries import (
    Party,
    get_meeting,
    get_meeting_by_id,
    list_meetings_to_remind,
    list_requests_to_remind,
)
from expo.meetings.rules import OPEN_STATES, REMIND_BEFORE, MeetingRequest, MeetingState, ParticipantState, Side
from expo.meetings.services import Choice, RequestResult

# A reminder that comes later than this is of no use.
LATEST_REMINDER = timedelta(minutes=3)


@retried
def request_company(party: Party, exhibitor_id: int, request: MeetingRequest, now: datetime) -> str:
    """Request a meeting with an exhibitor, and return its code. Raises what the service raises."""
    with atomic():
        return _announce(services.request_company(party, exhibitor_id, request, now), Side.HOST, now)


@retried
def request_attendee(party: Party, attendee_id: int, request: MeetingRequest, now: datetime) -> str:
    """Request a meeting with another attendee, and return its code. Raises what the service raises."""
    with atomic():
        return _announce(services.request_attendee(party, attendee_id, request, now), Side.HOST, now)


@retried
def invite_attendees(party: Party, request: MeetingRequest, now: datetime) -> str:
    """Invite attendees to a meeting with a company, and return its code. Raises what the service raises."""
    with atomic():
        return _announce(services.invite_attendees(party, request, now), Side.GUEST, now)


@retried
def accept_meeting(party: Party, code: str, choice: Choice, now: datetime, version: int | None = None) -> None:
    """Accept a request or other times. Raises what the service raises."""
    with atomic():
        before = services.accept_meeting(party, code, choice, now, version)
        if before is None:
            return
        if before.state is not MeetingState.SCHEDULED:
            _notify("scheduled", party, code, now)
        elif before.awaited:
            _notify("moved", party, code, now)
        else:
            _notify("joined", party, code, now)


@retried
def decline_meeting(party: Party, code: str, reason: str, now: datetime) -> None:
    """Decline a request or other times. Raises what the service raises."""
    with atomic():
        state = services.decline_meeting(party, code, reason, now)
        if state is not None:
            _notify("declined" if state is MeetingState.DECLINED else "kept", party, code, now, reason)


@retried
def propose_times(
    party: Party, code: str, times: tuple[datetime, ...], message: str, now: datetime, version: int | None = None
) -> None:
    """Propose other times. Raises what the service raises."""
    with atomic():
        if services.propose_times(party, code, times, message, now, version):
            _notify("countered", party, code, now, message)


@retried
def cancel_meeting(party: Party, code: str, reason: str, now: datetime) -> None:
    """Cancel a meeting; both sides are notified if organizers do. Raises what the service raises."""
    with atomic():
        if services.cancel_meeting(party, code, reason, now) is not None:
            _notify("cancelled", party, code, now, reason)


@retried
def move_meeting(party: Party, code: str, choice: Choice, now: datetime, version: int | None = None) -> None:
    """Move a meeting at once. Raises what the service raises."""
    with atomic():
        if services.move_meeting(party, code, choice, now, version):
            _notify("moved", party, code, now)


@retried
def change_link(party: Party, code: str, link: str, now: datetime) -> None:
    """Give an online meeting another link; the other side is notified. Raises what the service raises."""
    with atomic():
        if services.change_link(party, code, link, now):
            _notify("moved", party, code, now)


@retried
def assign_members(party: Party, code: str, member_ids: Collection[int], now: datetime) -> None:
    """Let members of the team represent the company; those who did not before are notified."""
    with atomic():
        added = services.assign_members(party, code, member_ids, now)
        if added:
            notify_members("assigned", get_meeting(party, code), added, now)


@retried
def write_message(party: Party, code: str, text: str, key: str, now: datetime) -> None:
    """Write to the other side; it gets at most one e-mail about it in some minutes."""
    with atomic():
        if services.write_message(party, code, text, key, now):
            _notify("message", party, code, now, text)


def cancel_meetings_of_exhibitor(edition_id: int, exhibitor_id: int, now: datetime) -> int:
    """Cancel the meetings of a company that no longer takes part, tell both sides, and return how many.

    For the flow that cancels its participation, in its transaction.
    """
    with atomic():
        ids = services.cancel_meetings_of_exhibitor(edition_id, exhibitor_id, now)
        for meeting_id in ids:
            notify_both("cancelled", get_meeting_by_id(meeting_id), now)
        return len(ids)


def cancel_meetings_of_attendees(edition_id: int, attendee_ids: Iterable[int], now: datetime) -> None:
    """Cancel the meetings of attendees whose registration was cancelled, and tell those whom they would have met."""
    gone = set(attendee_ids)
    with atomic():
        for meeting_id, left in services.cancel_meetings_of_attendees(edition_id, gone, now):
            row = get_meeting_by_id(meeting_id)
            if left:
                notify_side("left", row, Side.HOST, now, others=[left])
                continue
            for side in Side:
                if any(each.attendee_id in gone for each in row.participants if each.side is side.other):
                    notify_side("cancelled", row, side, now)


def settle_meetings(now: datetime) -> None:
    """Expire requests that nobody answered, and free meetings to which nobody came."""
    edition = find_current_edition()
    if edition is None:
        return
    with atomic():
        for meeting_id in services.expire_meetings(edition.id, now):
            row = get_meeting_by_id(meeting_id)
            notify_side("expired", row, row.initiator, now)
    services.release_no_shows(edition.id, now)


def send_meeting_reminders(now: datetime) -> int:
    """Remind participants of meetings that begin soon, each once per time, and return how many reminders there are."""
    edition = find_current_edition()
    if edition is None:
        return 0
    sent = 0
    for meeting_id in list_meetings_to_remind(edition.id, now + LATEST_REMINDER, now + REMIND_BEFORE):
        with atomic():
            row = get_meeting_by_id(meeting_id)
            joined = [each.id for each in row.participants if each.state is ParticipantState.JOINED]
            if row.starts_at is not None:
                sent += remind_participants(row, services.record_reminded(joined, row.starts_at), now)
    return sent


def send_answer_reminders(now: datetime) -> int:
    """Remind the sides that let a request wait until it soon expires, once each, and return of how many requests."""
    edition = find_current_edition()
    if edition is None:
        return 0
    sent = 0
    for meeting_id in list_requests_to_remind(edition.id, now):
        with atomic():
            row = get_meeting_by_id(meeting_id)
            if row.expires_at is None or not row.awaited:
                continue
            if services.record_reminded([each.id for each in row.participants], row.expires_at):
                notify_side("waiting", row, Side(row.awaited), now)
                sent += 1
    return sent


def _announce(requested: RequestResult, side: Side, now: datetime) -> str:
    """Tell the side that is asked, once, and return the meeting's code."""
    row = get_meeting_by_id(requested.meeting_id)
    if requested.is_new:
        notify_side("requested", row, side, now, row.message)
    return row.code


def _notify(what: str, party: Party, code: str, now: datetime, text: str = "") -> None:
    """Tell the other side what a party did; both if the organizers did it."""
    row = get_meeting(party, code)
    side = row.side_of(party)
    if side is None:
        notify_both(what, row, now, text)
        return
    has_left = row.own_state(party) is ParticipantState.DECLINED
    if has_left:
        what = "left" if row.state in OPEN_STATES else "declined"
    alone = [party.name] if has_left or what == "joined" else []
    notify_side(what, row, side.other, now, text, alone)
