"""The messages of the error codes of seats, feedback and calendars."""

from flask_babel import lazy_gettext as _l

SEAT_MESSAGES = {
    "attendee_not_confirmed": _l("Your registration is not confirmed yet. Confirm it first, then take a seat."),
    "seats_not_limited": _l("You do not need a seat for this session. Just come."),
    "seat_session_over": _l("This session is over."),
    "seat_session_cancelled": _l("This session has been cancelled, so there are no seats to take."),
    "seat_session_not_begun": _l("This session has not begun yet. Release unused seats after it has started."),
    "seat_overlaps": _l("You already have a seat in %(session)s at that time. Release that seat first."),
    "seat_offer_expired": _l("This offer has expired, and the seat was offered to the next person."),
    "seat_limit_invalid": _l("Enter a number of seats from 0 to %(maximum)s, or leave it empty."),
    "calendar_missing": _l("This calendar address no longer works. Create a new one on your page."),
    "rating_invalid": _l("Choose a rating from 1 to 5."),
    "feedback_not_yet": _l("You can give feedback once the session is over."),
    "feedback_given": _l("You have already given feedback. It can be changed for one day."),
    "feedback_closed": _l("The time for feedback on this session is over."),
    "feedback_not_attended": _l("Only people who had this session on their schedule or were there can give feedback."),
}
