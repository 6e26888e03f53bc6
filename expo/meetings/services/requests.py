"""Acts on requests: ask an exhibitor or attendee for a meeting, within the limits."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased

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
    has_team,
    is_blocked,
    list_slots,
    works_for,
)
from expo.meetings.rules import (
    MAX_GUESTS,
    MeetingRequest,
    MeetingState,
    ParticipantState,
    RequestPhase,
    Side,
    check_link,
    check_proposals,
    check_text,
    expiry_of,
)
from expo.meetings.services.limits import require_new, require_within_limits
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


@dataclass(frozen=True)
class RequestResult:
    """The meeting that was requested, and whether it is new."""

    meeting_id: int
    is_new: bool


def request_company(party: Party, exhibitor_id: int, request: MeetingRequest, now: datetime) -> RequestResult:
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
            return RequestResult(found, is_new=False)
        company = _require_askable_company(party, attendee.id, exhibitor_id, now)
        meeting = _insert(party, request, Side.GUEST, now, exhibitor_id=exhibitor_id, company_name=company)
        _add(meeting, Side.GUEST, attendee.id, is_initiator=True)
        for companion_id in _companions(party, attendee, request):
            _add(meeting, Side.GUEST, companion_id)
        record(party, "request", meeting.id, now, exhibitor=exhibitor_id, attendee=attendee.code)
        return RequestResult(meeting.id, is_new=True)


def request_attendee(party: Party, attendee_id: int, request: MeetingRequest, now: datetime) -> RequestResult:
    """Request a meeting of an attendee with another one who agreed to be found. See `request_company`.

    Raises AttendeeMissing for everybody who cannot be found.
    """
    with atomic():
        attendee = _lock_attendee(party, party.attendee_id)
        found = _find_by_key(party, request.key)
        if found is not None:
            return RequestResult(found, is_new=False)
        asked = _require_askable_attendee(party, attendee.id, attendee_id, now)
        meeting = _insert(party, request, Side.GUEST, now)
        _add(meeting, Side.GUEST, attendee.id, is_initiator=True)
        _add(meeting, Side.HOST, asked.id, state=ParticipantState.INVITED)
        record(party, "request", meeting.id, now, attendee=attendee.code, asked=asked.code)
        return RequestResult(meeting.id, is_new=True)


def invite_attendees(party: Party, request: MeetingRequest, now: datetime) -> RequestResult:
    """Invite the attendees in `companions` to a meeting with a company or another attendee; several need one time.

    Each must have agreed to be found by the host. See `request_company` for what it raises, and Invalid
    `meeting_guests_empty`, `meeting_guests_too_many` or `meeting_group_needs_time`.
    """
    wanted = _check_guests(request)
    with atomic():
        host = _lock_host(party)
        found = _find_by_key(party, request.key)
        if found is not None:
            return RequestResult(found, is_new=False)
        if party.attendee_id in wanted:
            raise Conflict("meeting_with_self")
        _require_open(party, now)
        require_within_limits(party, host.sent, now, asked=len(wanted))
        guests = [_require_findable(party, each, host.viewer) for each in wanted]
        for guest in guests:
            _require_invitable(party, host, guest.id)
        meeting = _insert(party, request, Side.HOST, now, exhibitor_id=host.exhibitor_id, company_name=host.company)
        for guest in guests:
            _add(meeting, Side.GUEST, guest.id, state=ParticipantState.INVITED)
        if party.attendee_id is not None:
            _add(meeting, Side.HOST, party.attendee_id, is_initiator=True)
        elif party.member_id is not None:
            _add(meeting, Side.HOST, None, member_id=party.member_id, is_initiator=True)
        codes = [each.code for each in guests]
        record(party, "invite", meeting.id, now, exhibitor=host.exhibitor_id, attendees=codes)
        return RequestResult(meeting.id, is_new=True)


def require_askable(party: Party, exhibitor_id: int | None, attendee_ids: Sequence[int], now: datetime) -> None:
    """Check before a form is shown that an attendee may ask a company, or another attendee, for a meeting now.

    Changes nothing, and a request is checked again. Several attendees are checked one by one when they are asked.
    Raises what `request_company` and `request_attendee` raise for any request.
    """
    own = party.attendee_id or 0
    if get_attendee_by_id(party.edition_id, own).state is not AttendeeState.CONFIRMED:
        raise Conflict("attendee_not_confirmed")
    if exhibitor_id is not None:
        _require_askable_company(party, own, exhibitor_id, now)
    elif len(attendee_ids) == 1:
        _require_askable_attendee(party, own, attendee_ids[0], now)
    else:
        _require_open(party, now)
        require_within_limits(party, MeetingParticipant.attendee_id == own, now, asked=len(attendee_ids))


def require_invitable(party: Party, attendee_ids: Sequence[int], now: datetime) -> None:
    """Check before a form is shown that a company may invite these attendees now.

    Changes nothing, and an invitation is checked again. Raises what `invite_attendees` raises for any invitation.
    """
    host = _host_of(party)
    _require_open(party, now)
    require_within_limits(party, host.sent, now, asked=len(attendee_ids))
    for each in attendee_ids:
        _require_invitable(party, host, each)


def _require_askable_company(party: Party, attendee_id: int, exhibitor_id: int, now: datetime) -> str:
    """Check that an attendee may ask a company, and return its name."""
    _require_open(party, now)
    own = MeetingParticipant.attendee_id == attendee_id
    require_within_limits(party, own, now)
    listed = select(Exhibitor.id).where(is_listed(party.edition_id), Exhibitor.id == exhibitor_id)
    company = find_company(party.edition_id, exhibitor_id)
    if company is None or db.session.scalar(listed) is None:
        raise ExhibitorMissing
    if works_for(attendee_id, exhibitor_id):
        raise Conflict("meeting_with_self")
    if not has_team(exhibitor_id):
        raise Conflict("meeting_company_without_team")
    if is_blocked((attendee_id, None), (None, exhibitor_id)):
        raise Conflict("meeting_refused")
    require_new(party, own & (Meeting.exhibitor_id == exhibitor_id), Meeting.initiator == Side.GUEST.value)
    return company[0]


def _require_askable_attendee(party: Party, attendee_id: int, asked_id: int, now: datetime) -> AttendeeRow:
    """Check that an attendee may ask another one, and return the one who is asked."""
    if asked_id == attendee_id:
        raise Conflict("meeting_with_self")
    _require_open(party, now)
    require_within_limits(party, MeetingParticipant.attendee_id == attendee_id, now)
    asked = _require_findable(party, asked_id, AS_ATTENDEE)
    if is_blocked((attendee_id, None), (asked.id, None)):
        raise Conflict("meeting_refused")
    require_new(party, _among_attendees(attendee_id, asked.id), _is_asked_by(attendee_id))
    return asked


def _check_guests(request: MeetingRequest) -> list[int]:
    """Return who is to be invited."""
    wanted = sorted(set(request.companions))
    if not wanted:
        raise Invalid("meeting_guests_empty", field="guests")
    if len(wanted) > MAX_GUESTS:
        raise Invalid("meeting_guests_too_many", field="guests", maximum=MAX_GUESTS)
    if len(wanted) > 1 and len(request.times) != 1:
        raise Invalid("meeting_group_needs_time", field="times")
    return wanted


@dataclass(frozen=True)
class _Host:
    """Who invites: a company, or an attendee."""

    viewer: Viewer
    # The condition for the participants who sent its requests.
    sent: ColumnElement[bool]
    attendee_id: int | None = None
    exhibitor_id: int | None = None
    company: str = ""

    def meetings_with(self, attendee_id: int) -> ColumnElement[bool]:
        """Return the condition for meetings of this host and an attendee."""
        if self.attendee_id is not None:
            return _among_attendees(self.attendee_id, attendee_id)
        return (MeetingParticipant.attendee_id == attendee_id) & (Meeting.exhibitor_id == self.exhibitor_id)


def _require_invitable(party: Party, host: _Host, attendee_id: int) -> None:
    """Check that a host may invite an attendee: no colleague, not blocked, and not invited before."""
    if host.exhibitor_id is not None and works_for(attendee_id, host.exhibitor_id):
        raise Conflict("meeting_with_self")
    if is_blocked((host.attendee_id, host.exhibitor_id), (attendee_id, None)):
        raise Conflict("meeting_refused")
    is_own = Meeting.initiator == Side.HOST.value if host.attendee_id is None else _is_asked_by(host.attendee_id)
    require_new(party, host.meetings_with(attendee_id), is_own)


def _lock_host(party: Party) -> _Host:
    """Lock who invites, so that the limits hold for invitations at the same time."""
    if party.attendee_id is not None:
        attendee = _lock_attendee(party, party.attendee_id)
        return _Host(AS_ATTENDEE, MeetingParticipant.attendee_id == attendee.id, attendee_id=attendee.id)
    lock(Exhibitor, party.exhibitor_id or 0)
    return _host_of(party)


def _host_of(party: Party) -> _Host:
    """Return a company as a host."""
    exhibitor_id = party.exhibitor_id or 0
    company = find_company(party.edition_id, exhibitor_id)
    if company is None:
        raise ExhibitorMissing
    if not has_team(exhibitor_id):
        raise Conflict("meeting_company_without_team")
    members = select(Member.id).where(Member.exhibitor_id == exhibitor_id)
    sent = MeetingParticipant.member_id.in_(members)
    return _Host(AS_EXHIBITOR, sent, exhibitor_id=exhibitor_id, company=company[0])


def _among_attendees(asking_id: int, asked_id: int) -> ColumnElement[bool]:
    """Return the condition for the part that one attendee takes in meetings with another one, without a company.

    Guests of the same group do not meet because one of them asked the other.
    """
    own = aliased(MeetingParticipant)
    is_with_them = exists().where(
        own.meeting_id == Meeting.id, own.attendee_id == asking_id, own.side != MeetingParticipant.side
    )
    return (MeetingParticipant.attendee_id == asked_id) & is_with_them & (Meeting.company_name == "")


def _is_asked_by(attendee_id: int) -> ColumnElement[bool]:
    """Return the condition for meetings that an attendee requested."""
    own = aliased(MeetingParticipant)
    return exists().where(own.meeting_id == Meeting.id, own.attendee_id == attendee_id, own.is_initiator)


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


def _require_open(party: Party, now: datetime) -> None:
    settings = get_settings(party.edition_id)
    phase = settings.phase_at(now)
    if party.actor_is_organizer or phase is RequestPhase.OPEN:
        return
    if phase is RequestPhase.NOT_YET and settings.opens_at is not None:
        raise Conflict("meeting_requests_not_yet", opens_at=settings.opens_at.isoformat())
    raise Conflict("meeting_requests_over" if phase is RequestPhase.OVER else "meeting_requests_closed")


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
    attendee_id: int | None,
    state: ParticipantState = ParticipantState.JOINED,
    *,
    member_id: int | None = None,
    is_initiator: bool = False,
) -> None:
    db.session.add(
        MeetingParticipant(
            meeting_id=meeting.id,
            side=side.value,
            attendee_id=attendee_id,
            member_id=member_id,
            state=state.value,
            is_initiator=is_initiator,
        )
    )
    db.session.flush()
