"""E-mails about meetings: what happened, to whom, and with which values. No side learns addresses of the other."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from expo.editions.queries import EditionFacts, get_edition
from expo.infra.addresses import public_url
from expo.mail.services import queue_email
from expo.meetings.queries import MeetingRow, ParticipantRow, list_team_contacts
from expo.meetings.rules import ParticipantState, Side
from expo.registration.queries import list_attendees

# Of a company nobody represents yet, at most this many members are asked.
MAX_MEMBERS = 10


@dataclass(frozen=True)
class _Recipient:
    side: Side
    email: str
    name: str
    language: str
    person_id: int | None
    is_member: bool
    # Whether they come; the link of an online meeting is for nobody else.
    has_joined: bool = True


def notify_side(
    what: str, row: MeetingRow, side: Side, now: datetime, text: str = "", others: Sequence[str] = ()
) -> None:
    """Queue `meetings/change` to one side; `what` says what happened, and `text` is what the other side wrote.

    `others` names who did it, if that is not the whole other side.
    """
    _write_all(what, row, _recipients(row, side), now, text, others)


def notify_both(what: str, row: MeetingRow, now: datetime, text: str = "") -> None:
    """Queue `meetings/change` to both sides."""
    for side in Side:
        notify_side(what, row, side, now, text)


def notify_members(what: str, row: MeetingRow, member_ids: Collection[int], now: datetime) -> None:
    """Queue `meetings/change` to members of the company's team."""
    chosen = [each for each in row.of_side(Side.HOST) if each.member_id in member_ids]
    _write_all(what, row, list(_known(row, Side.HOST, chosen)), now)


def remind_participants(row: MeetingRow, participant_ids: Collection[int], now: datetime) -> int:
    """Queue a reminder to these participants, and return how many there are."""
    wanted = [each for each in row.participants if each.id in participant_ids]
    recipients = [
        recipient for side in Side for recipient in _known(row, side, [each for each in wanted if each.side is side])
    ]
    _write_all("reminder", row, recipients, now)
    return len(recipients)


def _recipients(row: MeetingRow, side: Side) -> list[_Recipient]:
    """Return who is notified on a side: those who come, or the whole team if nobody represents the company yet."""
    found = list(_known(row, side, row.of_side(side)))
    if found or side is Side.GUEST or row.exhibitor_id is None:
        return found
    return list(_members(row.exhibitor_id, None))[:MAX_MEMBERS]


def _known(row: MeetingRow, side: Side, participants: Sequence[ParticipantRow]) -> Iterator[_Recipient]:
    states = {each.attendee_id: each.state for each in participants if each.attendee_id}
    for attendee in list_attendees(row.edition_id, [each for each in states if each]) if states else ():
        yield _Recipient(
            side,
            attendee.email,
            attendee.name,
            attendee.language,
            attendee.person_id,
            is_member=False,
            has_joined=states[attendee.id] is ParticipantState.JOINED,
        )
    member_ids = [each.member_id for each in participants if each.member_id]
    if member_ids and row.exhibitor_id is not None:
        yield from _members(row.exhibitor_id, member_ids)


def _members(exhibitor_id: int, member_ids: Collection[int] | None) -> Iterator[_Recipient]:
    for each in list_team_contacts(exhibitor_id, member_ids):
        yield _Recipient(Side.HOST, each.email, each.name, each.language, each.person_id, is_member=True)


def _write_all(
    what: str,
    row: MeetingRow,
    recipients: Sequence[_Recipient],
    now: datetime,
    text: str = "",
    others: Sequence[str] = (),
) -> None:
    if not recipients:
        return
    edition: EditionFacts = get_edition(row.edition_id)
    details: dict[str, Any] = {
        "edition_title": edition.title,
        "contact_email": edition.contact_email,
        "time_zone": edition.time_zone,
        "what": what,
        "proposals": [each.isoformat() for each in row.proposals],
        "starts_at": row.starts_at.isoformat() if row.starts_at else None,
        "expires_at": row.expires_at.isoformat() if row.expires_at else None,
        "place_kind": row.place,
        "place_code": row.place_code,
        "hall": row.hall_name,
        "text": text,
    }
    for recipient in recipients:
        names = list(others) or row.names_of(recipient.side.other) or [row.company_name]
        own = {"name": recipient.name, "others": names, "link": row.link if recipient.has_joined else ""}
        _write(row, recipient, now, {**details, **own, "meeting_link": _link(row, recipient)})


def _write(row: MeetingRow, recipient: _Recipient, now: datetime, details: dict[str, Any]) -> None:
    links = None
    if not recipient.is_member and recipient.person_id is not None:
        links = {"me_link": ("/me/open/", "me", [recipient.person_id])}
    queue_email(
        "meetings/change",
        to_email=recipient.email,
        language=recipient.language,
        now=now,
        edition_id=row.edition_id,
        person_id=recipient.person_id,
        details=details,
        links=links,
    )


def _link(row: MeetingRow, recipient: _Recipient) -> str:
    if recipient.is_member:
        return public_url(f"/exhibitor/{row.exhibitor_slug}/meetings/{row.code}", recipient.language)
    return ""
