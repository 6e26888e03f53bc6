"""E-mails about meetings: what happened, to whom, and with which values. No side learns addresses of the other."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from expo.accounts.queries import find_person
from expo.editions.queries import EditionFacts, get_edition
from expo.infra.addresses import public_url
from expo.mail.services import queue_email
from expo.meetings.queries import MeetingRow, ParticipantRow, get_meeting_by_id, load_team
from expo.meetings.rules import Side
from expo.registration.queries import list_attendees

# Of a company nobody represents yet, at most so many members are asked.
MAX_MEMBERS = 10


@dataclass(frozen=True)
class _Recipient:
    side: Side
    email: str
    name: str
    language: str
    person_id: int | None
    is_member: bool


def notify_side(what: str, meeting_id: int, side: Side, now: datetime, text: str = "") -> None:
    """Queue `meetings/change` to one side; `what` says what happened, and `text` is what the other side wrote."""
    row = get_meeting_by_id(meeting_id)
    for recipient in _recipients(row, side):
        _write(what, row, recipient, now, text)


def notify_both(what: str, meeting_id: int, now: datetime, text: str = "") -> None:
    """Queue `meetings/change` to both sides."""
    for side in Side:
        notify_side(what, meeting_id, side, now, text)


def remind_participants(meeting_id: int, participant_ids: list[int], now: datetime) -> int:
    """Queue a reminder to these participants, and return how many there are."""
    row = get_meeting_by_id(meeting_id)
    wanted = [each for each in row.participants if each.id in participant_ids]
    recipients = [
        recipient for side in Side for recipient in _known(row, side, [each for each in wanted if each.side is side])
    ]
    for recipient in recipients:
        _write("reminder", row, recipient, now, "")
    return len(recipients)


def _recipients(row: MeetingRow, side: Side) -> list[_Recipient]:
    """Return who is told on a side: those who come, or the whole team if nobody represents the company yet."""
    own = row.of_side(side)
    found = list(_known(row, side, own))
    if found or side is Side.GUEST or row.exhibitor_id is None:
        return found
    team = load_team(row.edition_id, row.exhibitor_id)[:MAX_MEMBERS]
    return [_member(each.email, each.name, each.person_id) for each in team]


def _known(row: MeetingRow, side: Side, participants: list[ParticipantRow]) -> Iterator[_Recipient]:
    attendee_ids = [each.attendee_id for each in participants if each.attendee_id]
    for attendee in list_attendees(row.edition_id, attendee_ids):
        yield _Recipient(side, attendee.email, attendee.name, attendee.language, attendee.person_id, is_member=False)
    member_ids = {each.member_id for each in participants if each.member_id}
    if member_ids and row.exhibitor_id is not None:
        for each in load_team(row.edition_id, row.exhibitor_id):
            if each.id in member_ids:
                yield _member(each.email, each.name, each.person_id)


def _member(email: str, name: str, person_id: int | None) -> _Recipient:
    person = find_person(person_id) if person_id else None
    return _Recipient(
        Side.HOST,
        person.email if person else email,
        name or (person.name if person else ""),
        person.language if person else "en",
        person_id,
        is_member=True,
    )


def _write(what: str, row: MeetingRow, recipient: _Recipient, now: datetime, text: str) -> None:
    edition: EditionFacts = get_edition(row.edition_id)
    details: dict[str, Any] = {
        "edition_title": edition.title,
        "contact_email": edition.contact_email,
        "time_zone": edition.time_zone,
        "what": what,
        "name": recipient.name,
        "others": row.names_of(recipient.side.other) or [row.company_name],
        "proposals": [each.isoformat() for each in row.proposals],
        "starts_at": row.starts_at.isoformat() if row.starts_at else None,
        "place_kind": row.place,
        "place_code": row.place_code,
        "hall": row.hall_name,
        "link": row.link,
        "text": text,
        "meeting_link": _link(row, recipient),
    }
    if recipient.is_member or recipient.person_id is None:
        links = None
    else:
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
