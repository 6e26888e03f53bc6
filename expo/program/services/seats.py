"""Acts on seats: take, accept, release, and offer freed seats to the waiting list.

A seat is taken while the session's row is locked, in the last statements before the commit. Locks are acquired in the
usual order: the attendee, then the session.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from expo.accounts.rules import Actor, Permission, require
from expo.editions.services import increment_content_version
from expo.errors import Conflict, Invalid
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, lock
from expo.program.errors import SessionMissing
from expo.program.models import SeatHold, Session
from expo.program.queries import is_public
from expo.program.rules import (
    NO_SHOW_AFTER,
    OPEN_STATES,
    TAKING_STATES,
    SeatState,
    SessionState,
    makes_offers,
    offer_until,
    overlaps,
    seats_left,
    state_when_asked,
)
from expo.program.services.agendas import insert_agenda_entries
from expo.pure.languages import localized
from expo.registration.models import Attendee
from expo.registration.queries import AttendeeRow, get_attendee_by_id
from expo.registration.rules import AttendeeState, require_own

MAX_SEATS = 100_000


@dataclass(frozen=True)
class SeatOffer:
    """A freed seat that was offered to the first person of a waiting list."""

    attendee_id: int
    session_id: int
    offered_until: datetime


@dataclass(frozen=True)
class LimitChange:
    """The seats of a session after its limit was changed. `above` is how many more are taken than the new limit."""

    offers: tuple[SeatOffer, ...]
    above: int


def take_seat(actor: Actor, edition_id: int, attendee_id: int, slug: str, now: datetime) -> SeatState:
    """Take a seat for an attendee, or put them on the waiting list if none is left. Idempotent.

    Once offers have ended, those waiting take a free seat like everybody else. The session is added to their agenda.
    Raises AttendeeMissing, SessionMissing, and Conflict `attendee_not_confirmed`, `seats_not_limited`,
    `seat_session_over`, `seat_session_cancelled` or `seat_overlaps`.
    """
    with atomic():
        attendee = _lock_attendee(actor, edition_id, attendee_id)
        session_id = _session_id(edition_id, slug)
        insert_agenda_entries(attendee_id, [session_id], now)
        session = lock_session(session_id)
        own = _find_hold(attendee_id, session_id)
        if own is not None and own.state in TAKING_STATES:
            return SeatState(own.state)
        limit = _require_seats(session, now)
        counts = _count_by_state(session_id)
        left = seats_left(limit, _taken(counts))
        state = state_when_asked(left, counts.get(SeatState.WAITING, 0), session.starts_at, now)
        if state is SeatState.HELD:
            _require_no_overlap(attendee, session)
        elif own is not None and own.state == SeatState.WAITING:
            return state
        hold = own or SeatHold(attendee_id=attendee_id, session_id=session_id)
        hold.state, hold.number, hold.offered_until, hold.changed_at = state.value, _next_number(session_id), None, now
        db.session.add(hold)
        db.session.flush()
        return state


def accept_offer(actor: Actor, edition_id: int, attendee_id: int, slug: str, now: datetime) -> None:
    """Accept an offered seat. Idempotent.

    Raises AttendeeMissing, SessionMissing, and Conflict `seat_offer_expired`, `seat_session_cancelled` or
    `seat_overlaps`.
    """
    with atomic():
        attendee = _lock_attendee(actor, edition_id, attendee_id)
        session = lock_session(_session_id(edition_id, slug))
        hold = _find_hold(attendee_id, session.id)
        if hold is not None and hold.state in (SeatState.HELD, SeatState.USED):
            return
        _require_seats(session, now)
        if hold is None or hold.state != SeatState.OFFERED or hold.offered_until is None or hold.offered_until <= now:
            raise Conflict("seat_offer_expired")
        _require_no_overlap(attendee, session)
        _move(hold, SeatState.HELD, now)


def release_seat(actor: Actor, edition_id: int, attendee_id: int, slug: str, now: datetime) -> list[SeatOffer]:
    """Release an attendee's seat or place in the waiting list, and offer the seat to the next person. Idempotent.

    Allowed for the attendee, the person who registered them, and staff. Raises AttendeeMissing, SessionMissing.
    """
    with atomic():
        attendee = get_attendee_by_id(edition_id, attendee_id)
        if not actor.may(Permission.PROGRAM_MANAGE, edition_id):
            require_own(actor, Permission.ATTENDEES_WRITE, edition_id, [attendee.person_id, attendee.order_person_id])
        session = lock_session(_session_id(edition_id, slug))
        hold = _find_hold(attendee_id, session.id)
        if hold is None or hold.state not in OPEN_STATES:
            return []
        _move(hold, SeatState.RELEASED, now)
        record_act(
            actor,
            "program.release_seat",
            now,
            edition_id=edition_id,
            subject="attendee",
            subject_id=attendee_id,
            session=slug,
        )
        return _offer_free_seats(session, now)


def release_seats_of(attendee_ids: Iterable[int], now: datetime) -> list[SeatOffer]:
    """Release all seats of attendees whose registration was cancelled; sessions are locked by ascending id."""
    wanted = list(attendee_ids)
    offers: list[SeatOffer] = []
    with atomic():
        session_ids = db.session.scalars(
            select(SeatHold.session_id)
            .where(SeatHold.attendee_id.in_(wanted), SeatHold.state.in_(OPEN_STATES))
            .distinct()
            .order_by(SeatHold.session_id)
        ).all()
        for session_id in session_ids:
            session = lock_session(session_id)
            db.session.execute(
                update(SeatHold)
                .where(SeatHold.session_id == session_id, SeatHold.attendee_id.in_(wanted))
                .where(SeatHold.state.in_(OPEN_STATES))
                .values(state=SeatState.RELEASED.value, offered_until=None, changed_at=now)
                .execution_options(synchronize_session=False)
            )
            offers += _offer_free_seats(session, now)
    return offers


def change_seat_limit(actor: Actor, edition_id: int, slug: str, limit: int | None, now: datetime) -> LimitChange:
    """Set how many seats of a session can be taken; None if seats are not taken in advance.

    Raising the limit offers the new seats to the waiting list. Lowering it takes no seats away. Raises SessionMissing,
    Invalid `seat_limit_invalid`.
    """
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    if limit is not None and not 0 <= limit <= MAX_SEATS:
        raise Invalid("seat_limit_invalid", field="limit", maximum=MAX_SEATS)
    with atomic():
        session = lock_session(_session_id(edition_id, slug))
        before, session.seat_limit = session.seat_limit, limit
        session.version += 1
        db.session.flush()
        if limit is None:
            _release_all(session.id, [SeatState.WAITING, SeatState.OFFERED], now)
        offers = _offer_free_seats(session, now)
        increment_content_version(edition_id, now)
        record_act(
            actor,
            "program.change_seat_limit",
            now,
            edition_id=edition_id,
            subject="session",
            subject_id=session.id,
            seat_limit=[before, limit],
        )
        above = 0 if limit is None else max(_taken(_count_by_state(session.id)) - limit, 0)
        return LimitChange(tuple(offers), above)


def mark_present(actor: Actor, edition_id: int, slug: str, attendee_ids: Iterable[int], now: datetime) -> int:
    """Mark people who hold a seat as present, and return how many were not yet. Raises SessionMissing."""
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    with atomic():
        session = lock_session(_session_id(edition_id, slug))
        return _mark_present(session.id, attendee_ids, now)


def release_unused_seats(
    actor: Actor, edition_id: int, slug: str, present: Iterable[int], now: datetime
) -> tuple[int, int]:
    """Release the seats of people who have not come to a session that began, so that walk-ins can take them.

    `present` are attendees who were scanned at the room. Walk-ins who took their seat a few minutes ago keep it.
    Returns how many seats were released and how many are used. Raises SessionMissing, Conflict
    `seat_session_not_begun`.
    """
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    with atomic():
        session = lock_session(_session_id(edition_id, slug))
        if session.starts_at is None or session.starts_at > now:
            raise Conflict("seat_session_not_begun")
        _mark_present(session.id, present, now)
        released = _release_no_shows(session.id, session.starts_at, now)
        used = _count_by_state(session.id).get(SeatState.USED, 0)
        record_act(
            actor,
            "program.release_unused_seats",
            now,
            edition_id=edition_id,
            subject="session",
            subject_id=session.id,
            released=released,
            used=used,
        )
        return released, used


def settle_seats(session_id: int, now: datetime) -> list[SeatOffer]:
    """Expire old offers of a session and offer free seats; release everything if the session was cancelled. Idempotent.

    Also releases the seats of attendees who are no longer confirmed.
    """
    with atomic():
        session = lock_session(session_id)
        if session.state == SessionState.CANCELLED:
            _release_all(session_id, [SeatState.HELD, SeatState.OFFERED, SeatState.WAITING], now)
            return []
        not_confirmed = select(Attendee.id).where(Attendee.state != AttendeeState.CONFIRMED.value)
        expired = (SeatHold.state == SeatState.OFFERED.value) & (SeatHold.offered_until <= now)
        gone = SeatHold.state.in_(OPEN_STATES) & SeatHold.attendee_id.in_(not_confirmed)
        db.session.execute(
            update(SeatHold)
            .where(SeatHold.session_id == session_id, expired | gone)
            .values(state=SeatState.RELEASED.value, offered_until=None, changed_at=now)
            .execution_options(synchronize_session=False)
        )
        return _offer_free_seats(session, now)


def lock_session(session_id: int) -> Session:
    """Lock a session's row until the commit, and return it freshly read. Stars refer to it and are not held up."""
    query = select(Session).where(Session.id == session_id).with_for_update(key_share=True)
    session = db.session.scalars(query, execution_options={"populate_existing": True}).one_or_none()
    if session is None:
        raise SessionMissing
    return session


def _lock_attendee(actor: Actor, edition_id: int, attendee_id: int) -> AttendeeRow:
    """Lock the attendee, so that they cannot take two seats at the same time or be cancelled at that moment."""
    lock(Attendee, attendee_id)
    attendee = get_attendee_by_id(edition_id, attendee_id)
    require_own(actor, Permission.ATTENDEES_WRITE, edition_id, [attendee.person_id, attendee.order_person_id])
    if attendee.state is not AttendeeState.CONFIRMED:
        raise Conflict("attendee_not_confirmed")
    return attendee


def _session_id(edition_id: int, slug: str) -> int:
    session_id = db.session.scalar(select(Session.id).where(*is_public(edition_id), Session.slug == slug))
    if session_id is None:
        raise SessionMissing
    return session_id


def _require_seats(session: Session, now: datetime) -> int:
    if session.state == SessionState.CANCELLED:
        raise Conflict("seat_session_cancelled")
    if session.seat_limit is None:
        raise Conflict("seats_not_limited")
    if session.ends_at is not None and session.ends_at <= now:
        raise Conflict("seat_session_over")
    return session.seat_limit


def _require_no_overlap(attendee: AttendeeRow, session: Session) -> None:
    others = db.session.execute(
        select(Session.title, Session.starts_at, Session.ends_at)
        .join(SeatHold, SeatHold.session_id == Session.id)
        .where(
            SeatHold.attendee_id == attendee.id,
            SeatHold.state == SeatState.HELD.value,
            Session.id != session.id,
            Session.state == SessionState.PUBLISHED.value,
        )
        .order_by(Session.starts_at, Session.id)
    )
    for title, starts_at, ends_at in others:
        if overlaps(session.starts_at, session.ends_at, starts_at, ends_at):
            raise Conflict("seat_overlaps", session=localized(title, attendee.language))


def _find_hold(attendee_id: int, session_id: int) -> SeatHold | None:
    return db.session.get(SeatHold, (attendee_id, session_id), populate_existing=True)


def _count_by_state(session_id: int) -> dict[SeatState, int]:
    rows = db.session.execute(
        select(SeatHold.state, func.count()).where(SeatHold.session_id == session_id).group_by(SeatHold.state)
    )
    return {SeatState(state): count for state, count in rows}


def _taken(counts: dict[SeatState, int]) -> int:
    return sum(counts.get(state, 0) for state in TAKING_STATES)


def _next_number(session_id: int) -> int:
    highest = db.session.scalar(select(func.max(SeatHold.number)).where(SeatHold.session_id == session_id))
    return (highest or 0) + 1


def _move(hold: SeatHold, state: SeatState, now: datetime) -> None:
    hold.state, hold.offered_until, hold.changed_at = state.value, None, now
    db.session.flush()


def _offer_free_seats(session: Session, now: datetime) -> list[SeatOffer]:
    """Offer each free seat to the first people of the waiting list. The session is locked."""
    if (
        session.seat_limit is None
        or session.state != SessionState.PUBLISHED
        or not makes_offers(session.starts_at, now)
    ):
        return []
    left = seats_left(session.seat_limit, _taken(_count_by_state(session.id)))
    waiting = db.session.scalars(
        select(SeatHold)
        .where(SeatHold.session_id == session.id, SeatHold.state == SeatState.WAITING.value)
        .order_by(SeatHold.number)
        .limit(left)
        .execution_options(populate_existing=True)
    ).all()
    until = offer_until(session.starts_at, now)
    for hold in waiting:
        hold.state, hold.offered_until, hold.changed_at = SeatState.OFFERED.value, until, now
    db.session.flush()
    return [SeatOffer(hold.attendee_id, session.id, until) for hold in waiting]


def _mark_present(session_id: int, attendee_ids: Iterable[int], now: datetime) -> int:
    states = [SeatState.HELD.value, SeatState.OFFERED.value]
    marked = db.session.execute(
        update(SeatHold)
        .where(SeatHold.session_id == session_id, SeatHold.attendee_id.in_(list(attendee_ids)))
        .where(SeatHold.state.in_(states))
        .values(state=SeatState.USED.value, offered_until=None, changed_at=now)
        .returning(SeatHold.attendee_id)
        .execution_options(synchronize_session=False)
    )
    return len(marked.all())


def _release_all(session_id: int, states: Sequence[SeatState], now: datetime) -> None:
    db.session.execute(
        update(SeatHold)
        .where(SeatHold.session_id == session_id, SeatHold.state.in_(states))
        .values(state=SeatState.RELEASED.value, offered_until=None, changed_at=now)
        .execution_options(synchronize_session=False)
    )


def _release_no_shows(session_id: int, starts_at: datetime, now: datetime) -> int:
    is_walking_in = (SeatHold.changed_at > starts_at) & (SeatHold.changed_at > now - NO_SHOW_AFTER)
    released = db.session.execute(
        update(SeatHold)
        .where(SeatHold.session_id == session_id, SeatHold.state.in_([SeatState.HELD.value, SeatState.OFFERED.value]))
        .where(~is_walking_in)
        .values(state=SeatState.NO_SHOW.value, offered_until=None, changed_at=now)
        .returning(SeatHold.attendee_id)
        .execution_options(synchronize_session=False)
    )
    return len(released.all())
