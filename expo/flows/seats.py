"""Seats with their e-mails, and the scans that show who came."""

from collections.abc import Callable, Iterable
from datetime import datetime

from expo.accounts.rules import SYSTEM, Actor
from expo.checkin.queries.presence import has_checkpoint_in_room, list_admitted_to_room
from expo.flows.program_emails import notify_offered
from expo.infra.db import atomic, retried
from expo.program import services
from expo.program.queries import (
    SessionRow,
    get_session,
    list_sessions_awaiting_no_shows,
    list_sessions_to_settle,
)
from expo.program.rules import ARRIVALS_FROM, NO_SHOW_AFTER, SeatState
from expo.program.services import LimitChange


@retried
def take_seat(actor: Actor, edition_id: int, attendee_id: int, slug: str, now: datetime) -> SeatState:
    """Take a seat in a session, or a place on its waiting list. Raises what the service raises."""
    return services.take_seat(actor, edition_id, attendee_id, slug, now)


@retried
def accept_seat(actor: Actor, edition_id: int, attendee_id: int, slug: str, now: datetime) -> None:
    """Accept an offered seat. Raises what the service raises."""
    services.accept_offer(actor, edition_id, attendee_id, slug, now)


@retried
def release_seat(actor: Actor, edition_id: int, attendee_id: int, slug: str, now: datetime) -> None:
    """Release a seat, and offer it by e-mail to the next person on the waiting list."""
    with atomic():
        notify_offered(edition_id, services.release_seat(actor, edition_id, attendee_id, slug, now), now)


def release_seats_of(edition_id: int, attendee_ids: Iterable[int], now: datetime) -> None:
    """Release the seats of people whose registration is being cancelled, and offer them to the next people."""
    with atomic():
        notify_offered(edition_id, services.release_seats_of(attendee_ids, now), now)


@retried
def change_seat_limit(actor: Actor, edition_id: int, slug: str, limit: int | None, now: datetime) -> LimitChange:
    """Change a session's seat limit, and offer new seats by e-mail to the waiting list."""
    with atomic():
        change = services.change_seat_limit(actor, edition_id, slug, limit, now)
        notify_offered(edition_id, change.offers, now)
        return change


@retried
def release_unused_seats(actor: Actor, edition_id: int, slug: str, now: datetime) -> tuple[int, int]:
    """Release the seats of people who were not scanned at the session's room, nor marked as present.

    Returns how many seats were released and how many are used.
    """
    row = get_session(edition_id, slug).row
    return services.release_unused_seats(actor, edition_id, slug, list_scanned(edition_id, row, now), now)


def list_scanned(edition_id: int, row: SessionRow, now: datetime) -> set[int]:
    """Return the attendees who were scanned at a session's room from shortly before its start until its end."""
    if row.room is None or row.starts_at is None or row.ends_at is None:
        return set()
    return list_admitted_to_room(edition_id, row.room.slug, row.starts_at - ARRIVALS_FROM, min(row.ends_at, now))


@retried
def settle_seats(edition_id: int, session_id: int, now: datetime) -> None:
    """Expire old offers of a session and offer free seats by e-mail."""
    with atomic():
        notify_offered(edition_id, services.settle_seats(session_id, now), now)


def settle_all_seats(clock: Callable[[], datetime]) -> None:
    """Settle every session with a waiting list or offers, and release the seats of people who did not come.

    Each session is a transaction at a time of its own: with many of them, the last comes much later than the first.
    Seats are released automatically only if the room has a checkpoint at which somebody was scanned for the session;
    elsewhere organizers do it.
    """
    began = clock()
    for edition_id, session_id in list_sessions_to_settle(began):
        settle_seats(edition_id, session_id, clock())
    for edition_id, row in list_sessions_awaiting_no_shows(began - NO_SHOW_AFTER, began):
        if row.room is None or not has_checkpoint_in_room(edition_id, row.room.slug):
            continue
        now = clock()
        if list_scanned(edition_id, row, now):
            release_unused_seats(SYSTEM, edition_id, row.slug, now)
