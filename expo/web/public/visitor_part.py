"""What a session has to do with the person who looks at it: its seats, their star and their feedback."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from expo.editions.queries import EditionFacts
from expo.flows.feedback import has_attended
from expo.program.queries import (
    OwnFeedback,
    OwnSeat,
    SeatCounts,
    SessionRow,
    count_seats,
    find_own_feedback,
    find_own_seat,
    has_in_agenda,
)
from expo.program.rules import FeedbackWindow, SeatState, feedback_window, state_when_asked
from expo.registration.queries import AttendeeRow
from expo.web.kit.own_schedule import find_own_attendee
from expo.web.kit.public_pages import holds_until

# Seats left change with everyone who takes one.
SEATS_SHOWN_FOR = timedelta(seconds=1)


@dataclass(frozen=True)
class VisitorPart:
    """The values of the session's page that depend on its visitor and on the moment."""

    attendee: AttendeeRow | None
    is_on: bool
    is_over: bool
    is_chosen: bool
    seats: SeatCounts | None
    own_seat: OwnSeat | None
    can_take_seats: bool
    # Whether somebody who asks now gets a seat at once, not a place on the waiting list.
    gives_seats: bool
    own_feedback: OwnFeedback | None
    can_rate: bool


def describe_visitor_part(edition: EditionFacts, row: SessionRow, now: datetime) -> VisitorPart:
    """Return the seats of a session, and the star, seat and feedback of the signed-in attendee, if there is one."""
    attendee = find_own_attendee()
    seats = count_seats(edition.id, [row.id]).get(row.id)
    holds_until(row.starts_at)
    holds_until(row.ends_at)
    if seats:
        holds_until(now + SEATS_SHOWN_FOR)
    feedback = find_own_feedback(attendee.id, row.id) if attendee else None
    window = feedback_window(row.ends_at, feedback.given_at if feedback else None, now)
    is_over = row.ends_at is not None and row.ends_at <= now
    return VisitorPart(
        attendee=attendee,
        is_on=row.starts_at is not None and row.starts_at <= now and not is_over and not row.is_cancelled,
        is_over=is_over and not row.is_cancelled,
        is_chosen=attendee is not None and has_in_agenda(attendee.id, row.id),
        seats=seats,
        own_seat=find_own_seat(attendee.id, row.id) if attendee and seats else None,
        can_take_seats=not is_over,
        gives_seats=seats is not None
        and state_when_asked(seats.left, seats.waiting, row.starts_at, now) is SeatState.HELD,
        own_feedback=feedback,
        can_rate=attendee is not None
        and window is FeedbackWindow.OPEN
        and not row.is_cancelled
        and has_attended(edition.id, attendee.id, row.slug, now),
    )
