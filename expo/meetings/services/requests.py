"""Acts on requests: ask an exhibitor or attendee for a meeting, within the limits."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select

from expo.editions.queries import get_edition
from expo.errors import Conflict, Invalid
from expo.exhibitors.errors import ExhibitorMissing
from expo.exhibitors.models import Exhibitor, Member
from expo.exhibitors.queries import is_listed
from expo.infra.db import atomic, db, lock
from expo.meetings.models import Meeting, MeetingParticipant, MeetingProposal
from expo.meetings.queries import (
    Party,
    find_company,
    get_settings,
    is_blocked,
    list_slots,
    load_team,
    works_for,
)
from expo.meetings.rules import (
    OPEN_STATES,
    UNANSWERED_STATES,
    MeetingRequest,
    MeetingState,
    ParticipantState,
    RequestPhase,
    SettingsRequest,
    Side,
    check_link,
    check_proposals,
    check_text,
    expiry_of,
)
from expo.meetings.rules.requests import MAX_GUESTS
from expo.meetings.services.parties import record
from expo.profiles.queries import find_visible_attendee_ids
from expo.profiles.rules import AS_ATTENDEE, AS_EXHIBITOR, Viewer
from expo.pure.codes import make_code
from expo.registration.errors import AttendeeMissing
from expo.registration.models import Attendee
from expo.registration.queries import AttendeeRow, get_attendee_by_id
from expo.registration.rules import AttendeeState

CODE_LENGTH = 10
MAX_KEY_LENGTH = 64
DAY = timedelta(hours=24)


@dataclass(frozen=True)
class Requested:
    """The meeting that was requested, and whether it is new."""

    meeting_id: int
    is_new: bool


def request_company(party: Party, exhibitor_id: int, request: MeetingRequest, now: datetime) -> Requested:
    """Request a meeting of an attendee with an exhibitor, and return it. Idempotent by the key.

    Raises ExhibitorMissing for companies that visitors do not see, Invalid (see rules), and Conflict with the reason:
    `meeting_requests_closed`, `meeting_requests_not_yet`, `meeting_requests_over`, `meeting_refused`,
    `meeting_already_requested`, `meeting_declined_before`, `meeting_limit_open`, `meeting_limit_day`,
    `meeting_limit_with_one`, `meeting_with_self`, `meeting_company_without_team`, `attendee_not_confirmed`.
    """
    with atomic():
        attendee = _lock_attendee(party, party.attendee_id)
        found = _find_by_key(party, request.key)
        if found is not None:
            return Requested(found, is_new=False)
        listed = select(Exhibitor.id).where(is_listed(party.edition_id), Exhibitor.id == exhibitor_id)
        company = find_company(party.edition_id, exhibitor_id)
        if company is None or db.session.scalar(listed) is None:
            raise ExhibitorMissing
        if works_for(attendee.id, exhibitor_id):
            raise Conflict("meeting_with_self")
        if not load_team(party.edition_id, exhibitor_id):
            raise Conflict("meeting_company_without_team")
        _require_allowed(party, (attendee.id, None), (None, exhibitor_id), now)
        with_it = (MeetingParticipant.attendee_id == attendee.id) & (Meeting.exhibitor_id == exhibitor_id)
        _require_within_limits(party, MeetingParticipant.attendee_id == attendee.id, with_it, Side.GUEST, now)
        meeting = _insert(party, request, Side.GUEST, now, exhibitor_id=exhibitor_id, company_name=company[0])
        _add(meeting, Side.GUEST, attendee.id, is_initiator=True)
        for companion_id in _companions(party, attendee, request):
            _add(meeting, Side.GUEST, companion_id)
        record(party, "request", meeting.id, now, exhibitor=exhibitor_id, attendee=attendee.code)
        return Requested(meeting.id, is_new=True)


def request_attendee(party: Party, attendee_id: int, request: MeetingRequest, now: datetime) -> Requested:
    """Request a meeting of an attendee with another one who agreed to be found. See `request_company`.

    Raises AttendeeMissing for everybody who cannot be found.
    """
    with atomic():
        attendee = _lock_attendee(party, party.attendee_id)
        found = _find_by_key(party, request.key)
        if found is not None:
            return Requested(found, is_new=False)
        if attendee_id == attendee.id:
            raise Conflict("meeting_with_self")
        asked = _require_findable(party, attendee_id, AS_ATTENDEE)
        _require_allowed(party, (attendee.id, None), (asked.id, None), now)
        theirs = select(MeetingParticipant.meeting_id).where(MeetingParticipant.attendee_id == asked.id)
        with_them = (MeetingParticipant.attendee_id == attendee.id) & Meeting.id.in_(theirs)
        with_them &= Meeting.company_name == ""
        _require_within_limits(party, MeetingParticipant.attendee_id == attendee.id, with_them, Side.GUEST, now)
        meeting = _insert(party, request, Side.GUEST, now)
        _add(meeting, Side.GUEST, attendee.id, is_initiator=True)
        _add(meeting, Side.HOST, asked.id, state=ParticipantState.INVITED)
        record(party, "request", meeting.id, now, attendee=attendee.code, asked=asked.code)
        return Requested(meeting.id, is_new=True)


def invite_attendees(party: Party, request: MeetingRequest, now: datetime) -> Requested:
    """Invite the attendees in `companions` to a meeting with a company; several need exactly one time.

    Each must have agreed to be found by exhibitors. See `request_company` for what it raises, and Invalid
    `meeting_guests_empty`, `meeting_guests_too_many` or `meeting_group_needs_time`.
    """
    if not request.companions:
        raise Invalid("meeting_guests_empty", field="guests")
    if len(set(request.companions)) > MAX_GUESTS:
        raise Invalid("meeting_guests_too_many", field="guests", maximum=MAX_GUESTS)
    if len(set(request.companions)) > 1 and len(request.times) != 1:
        raise Invalid("meeting_group_needs_time", field="times")
    with atomic():
        exhibitor_id = party.exhibitor_id or 0
        lock(Exhibitor, exhibitor_id)
        found = _find_by_key(party, request.key)
        if found is not None:
            return Requested(found, is_new=False)
        company = find_company(party.edition_id, exhibitor_id)
        if company is None:
            raise ExhibitorMissing
        if not load_team(party.edition_id, exhibitor_id):
            raise Conflict("meeting_company_without_team")
        guests = [_require_findable(party, each, AS_EXHIBITOR) for each in sorted(set(request.companions))]
        by = MeetingParticipant.member_id.in_(select(Member.id).where(Member.exhibitor_id == exhibitor_id))
        for guest in guests:
            _require_allowed(party, (None, exhibitor_id), (guest.id, None), now)
            with_them = (MeetingParticipant.attendee_id == guest.id) & (Meeting.exhibitor_id == exhibitor_id)
            _require_within_limits(party, by, with_them, Side.HOST, now)
        meeting = _insert(party, request, Side.HOST, now, exhibitor_id=exhibitor_id, company_name=company[0])
        for guest in guests:
            _add(meeting, Side.GUEST, guest.id, state=ParticipantState.INVITED)
        if party.member_id is not None:
            db.session.add(
                MeetingParticipant(
                    meeting_id=meeting.id,
                    side=Side.HOST.value,
                    member_id=party.member_id,
                    state=ParticipantState.JOINED.value,
                    is_initiator=True,
                )
            )
            db.session.flush()
        record(party, "invite", meeting.id, now, exhibitor=exhibitor_id, attendees=[each.code for each in guests])
        return Requested(meeting.id, is_new=True)


def store_key(party: Party, key: str) -> str:
    """Return the key of a form as it is stored: the same key of another person is another one."""
    chosen = key[:MAX_KEY_LENGTH] or secrets.token_urlsafe(16)
    return f"{party.actor.kind[:9]}:{party.actor.id or 0}:{chosen}"


def _find_by_key(party: Party, key: str) -> int | None:
    if not key:
        return None
    query = select(Meeting.id).where(
        Meeting.edition_id == party.edition_id, Meeting.request_key == store_key(party, key)
    )
    return db.session.scalar(query)


def _lock_attendee(party: Party, attendee_id: int | None) -> AttendeeRow:
    """Lock the attendee who asks, so that the limits hold for requests at the same time."""
    if attendee_id is None or lock(Attendee, attendee_id) is None:
        raise AttendeeMissing
    attendee = get_attendee_by_id(party.edition_id, attendee_id)
    if attendee.state is not AttendeeState.CONFIRMED:
        raise Conflict("attendee_not_confirmed")
    return attendee


def _require_findable(party: Party, attendee_id: int, viewer: Viewer) -> AttendeeRow:
    visible = find_visible_attendee_ids(party.edition_id, viewer).where(Attendee.id == attendee_id)
    confirmed = select(Attendee.id).where(
        Attendee.id == attendee_id,
        Attendee.edition_id == party.edition_id,
        Attendee.state == AttendeeState.CONFIRMED.value,
        Attendee.id.in_(visible),
    )
    if db.session.scalar(confirmed) is None:
        raise AttendeeMissing
    return get_attendee_by_id(party.edition_id, attendee_id)


def _companions(party: Party, attendee: AttendeeRow, request: MeetingRequest) -> list[int]:
    """Return the attendees of the same order who come along."""
    if not request.companions:
        return []
    return list(
        db.session.scalars(
            select(Attendee.id).where(
                Attendee.edition_id == party.edition_id,
                Attendee.id.in_(request.companions),
                Attendee.id != attendee.id,
                Attendee.order_id == attendee.order_id,
                Attendee.state == AttendeeState.CONFIRMED.value,
            )
        )
    )


def _require_allowed(
    party: Party, asking: tuple[int | None, int | None], asked: tuple[int | None, int | None], now: datetime
) -> None:
    settings = get_settings(party.edition_id)
    phase = settings.phase_at(now)
    if not party.actor_is_organizer and phase is not RequestPhase.OPEN:
        raise Conflict(
            {
                RequestPhase.CLOSED: "meeting_requests_closed",
                RequestPhase.NOT_YET: "meeting_requests_not_yet",
                RequestPhase.OVER: "meeting_requests_over",
            }[phase]
        )
    if is_blocked(asking, asked):
        raise Conflict("meeting_refused")


def _require_within_limits(
    party: Party, by: ColumnElement[bool], with_one: ColumnElement[bool], side: Side, now: datetime
) -> None:
    settings: SettingsRequest = get_settings(party.edition_id)
    open_with_one = _count(party, with_one, OPEN_STATES)
    if _count(party, with_one & (Meeting.initiator == side.value), UNANSWERED_STATES):
        raise Conflict("meeting_already_requested")
    if open_with_one >= settings.max_with_one:
        raise Conflict("meeting_limit_with_one", maximum=settings.max_with_one)
    if _count(party, with_one & (Meeting.initiator == side.value), {MeetingState.DECLINED}):
        raise Conflict("meeting_declined_before")
    if party.actor_is_organizer:
        return
    sent = by & MeetingParticipant.is_initiator
    if _count(party, sent, UNANSWERED_STATES) >= settings.max_open:
        raise Conflict("meeting_limit_open", maximum=settings.max_open)
    if _count(party, sent & (Meeting.created_at > now - DAY), MeetingState) >= settings.max_per_day:
        raise Conflict("meeting_limit_day", maximum=settings.max_per_day)


def _count(party: Party, condition: ColumnElement[bool], states: Iterable[MeetingState]) -> int:
    query = (
        select(func.count(func.distinct(Meeting.id)))
        .join(MeetingParticipant, MeetingParticipant.meeting_id == Meeting.id)
        .where(
            Meeting.edition_id == party.edition_id,
            condition,
            Meeting.state.in_([each.value for each in states]),
        )
    )
    return db.session.scalar(query) or 0


def _insert(
    party: Party,
    request: MeetingRequest,
    side: Side,
    now: datetime,
    exhibitor_id: int | None = None,
    company_name: str = "",
) -> Meeting:
    settings = get_settings(party.edition_id)
    slots = list_slots(get_edition(party.edition_id), settings, now)
    if not slots:
        raise Conflict("meeting_no_slots")
    times = check_proposals(request.times, [slot.starts_at for slot in slots], now)
    meeting = Meeting(
        edition_id=party.edition_id,
        code=make_code(CODE_LENGTH, secrets.choice),
        exhibitor_id=exhibitor_id,
        company_name=company_name,
        state=MeetingState.REQUESTED.value,
        initiator=side.value,
        awaited=side.other.value,
        message=check_text(request.message, "message"),
        is_virtual=request.is_virtual,
        link=check_link(request.link),
        request_key=store_key(party, request.key),
        created_at=now,
        changed_at=now,
        expires_at=expiry_of(times, slots[-1].starts_at, settings.expire_hours, now),
    )
    db.session.add(meeting)
    db.session.flush()
    db.session.add_all(MeetingProposal(meeting_id=meeting.id, starts_at=each) for each in times)
    db.session.flush()
    return meeting


def _add(
    meeting: Meeting,
    side: Side,
    attendee_id: int,
    state: ParticipantState = ParticipantState.JOINED,
    *,
    is_initiator: bool = False,
) -> None:
    db.session.add(
        MeetingParticipant(
            meeting_id=meeting.id,
            side=side.value,
            attendee_id=attendee_id,
            state=state.value,
            is_initiator=is_initiator,
        )
    )
    db.session.flush()
