"""What states, roles, permissions, letters and acts are called on the organizer's pages."""

from flask_babel import lazy_gettext as _l

from expo.accounts.rules import Permission, Role
from expo.checkin.rules import Direction, Reason
from expo.mail.rules import LetterState
from expo.registration.rules import AttendeeState, OrderState, SaleState
from expo.web.kit.reason_texts import REASON_TEXTS

ATTENDEE_STATES = {
    AttendeeState.UNCONFIRMED: _l("Unconfirmed"),
    AttendeeState.AWAITING_APPROVAL: _l("Awaiting approval"),
    AttendeeState.CONFIRMED: _l("Confirmed"),
    AttendeeState.CANCELLED: _l("Cancelled"),
    AttendeeState.EXPIRED: _l("Expired"),
}
ORDER_STATES = {
    OrderState.UNCONFIRMED: _l("Unconfirmed"),
    OrderState.CONFIRMED: _l("Confirmed"),
    OrderState.EXPIRED: _l("Expired"),
    OrderState.CANCELLED: _l("Cancelled"),
}
SALE_STATES = {
    SaleState.NOT_YET: _l("Not on sale yet"),
    SaleState.ON_SALE: _l("On sale"),
    SaleState.ENDED: _l("Sale ended"),
    SaleState.SOLD_OUT: _l("Sold out"),
}
LETTER_STATES = {
    LetterState.QUEUED: _l("Waiting to be sent"),
    LetterState.SENDING: _l("Being sent"),
    LetterState.SENT: _l("Sent"),
    LetterState.KEPT: _l("Kept here"),
    LetterState.FAILED: _l("Failed"),
}
DIRECTIONS = {Direction.ENTRY: _l("In"), Direction.EXIT: _l("Out")}
ROLES = {
    Role.ORGANIZER: _l("Organizer"),
    Role.PROGRAM_MANAGER: _l("Programme manager"),
    Role.DESK: _l("Desk"),
    Role.STEWARD: _l("Steward"),
    Role.REVIEWER: _l("Reviewer"),
    Role.SPEAKER: _l("Speaker"),
    Role.EXHIBITOR: _l("Exhibitor"),
    Role.ATTENDEE: _l("Attendee"),
}
ROLE_TEXTS = {
    Role.ORGANIZER: _l("May do everything in this expo."),
    Role.PROGRAM_MANAGER: _l("Looks after sessions and speakers, and sees the figures."),
    Role.DESK: _l("Registers people, changes their data and issues badges."),
    Role.STEWARD: _l("Scans badges at the doors."),
    Role.REVIEWER: _l("Reads the programme."),
    Role.SPEAKER: _l("Speaks in a session."),
    Role.EXHIBITOR: _l("Works for an exhibitor."),
    Role.ATTENDEE: _l("Comes to the expo."),
}
PERMISSIONS = {
    Permission.REGISTER: _l("Register people"),
    Permission.EDITION_MANAGE: _l("Change the expo's settings"),
    Permission.ROLES_MANAGE: _l("Give and take roles"),
    Permission.TOKENS_MANAGE: _l("Make API tokens"),
    Permission.TICKETS_MANAGE: _l("Change tickets and quotas"),
    Permission.ATTENDEES_READ: _l("Read attendees"),
    Permission.ATTENDEES_WRITE: _l("Change attendees"),
    Permission.ORDERS_MANAGE: _l("Record payments"),
    Permission.BADGES_ISSUE: _l("Issue badges"),
    Permission.BADGES_REVOKE: _l("Revoke badges"),
    Permission.SCAN: _l("Scan badges"),
    Permission.SCAN_FORCE: _l("Let people in against a refusal"),
    Permission.CHECKPOINTS_MANAGE: _l("Change doors"),
    Permission.PROGRAM_READ: _l("Read the programme"),
    Permission.PROGRAM_MANAGE: _l("Change the programme"),
    Permission.EXHIBITORS_READ: _l("Read exhibitors"),
    Permission.EXHIBITORS_MANAGE: _l("Change exhibitors"),
    Permission.MATCHES_READ: _l("Read suggestions for attendees"),
    Permission.REPORTS_READ: _l("Read figures"),
    Permission.LETTERS_READ: _l("Read letters"),
}
MESSAGES = {
    "accounts/sign_in": _l("Sign-in link"),
    "accounts/invitation": _l("Invitation to the team"),
    "registration/confirm": _l("Please confirm"),
    "registration/confirmed": _l("Registration with badge"),
    "registration/awaiting_approval": _l("Awaiting approval"),
    "registration/approved": _l("Approved"),
    "registration/refused": _l("Not approved"),
    "registration/cancelled": _l("Cancelled"),
    "registration/ticket_changed": _l("Ticket changed"),
    "registration/email_corrected": _l("E-mail address corrected"),
}
ACTS = {
    "registration.place_order": _l("Registered"),
    "registration.confirm_order": _l("Confirmed the e-mail address"),
    "registration.expire_order": _l("Gave the places back: not confirmed in time"),
    "registration.cancel_order": _l("Cancelled the order"),
    "registration.record_payment": _l("Recorded the payment"),
    "registration.approve_attendee": _l("Approved"),
    "registration.refuse_attendee": _l("Turned down"),
    "registration.cancel_attendee": _l("Cancelled"),
    "registration.change_attendee": _l("Changed the data"),
    "registration.correct_email": _l("Corrected the e-mail address"),
    "registration.change_ticket": _l("Changed the ticket type"),
    "registration.confirm_by_hand": _l("Confirmed by hand"),
    "checkin.by_hand": _l("Checked in by hand"),
    "checkin.force": _l("Let in despite a refusal"),
    "badges.issue": _l("Issued the badge"),
    "badges.reissue": _l("Issued the badge anew"),
    "badges.revoke": _l("Revoked the badge"),
    "letters.resend": _l("Sent the letter once more"),
}
FIELDS = {
    "name": _l("Name"),
    "latin_name": _l("Name in Latin letters"),
    "country": _l("Country or region"),
    "company": _l("Company or organization"),
    "job_title": _l("Job title"),
    "language": _l("Language of letters"),
    "email": _l("E-mail address"),
    "ticket_type": _l("Ticket"),
}


def reason_word(reason: str) -> str:
    """Return why somebody was refused at a door, in a word."""
    return str(REASON_TEXTS[Reason(reason)].word) if reason in set(Reason) else reason
