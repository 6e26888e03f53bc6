"""Labels of statuses, roles, permissions, e-mails and actions on the organizer pages."""

from flask_babel import gettext as _, lazy_gettext as _l

from expo.accounts.rules import Permission, Role
from expo.checkin.rules import Direction, Reason
from expo.mail.queries import EmailRow
from expo.mail.rules import EmailState
from expo.registration.rules import OrderState
from expo.tickets.rules import SaleState
from expo.web.kit.scan_labels import REASON_TEXTS

ORDER_STATES = {
    OrderState.UNCONFIRMED: _l("Awaiting confirmation"),
    OrderState.CONFIRMED: _l("Confirmed"),
    OrderState.EXPIRED: _l("Expired"),
    OrderState.CANCELLED: _l("Cancelled"),
}
SALE_STATES = {
    SaleState.NOT_YET: _l("Not on sale yet"),
    SaleState.ON_SALE: _l("On sale"),
    SaleState.ENDED: _l("Sales ended"),
    SaleState.SOLD_OUT: _l("Sold out"),
}
EMAIL_STATES = {
    EmailState.QUEUED: _l("Queued"),
    EmailState.SENDING: _l("Sending"),
    EmailState.SENT: _l("Sent"),
    EmailState.KEPT: _l("Not sent (no mail server)"),
    EmailState.FAILED: _l("Failed"),
}
DIRECTIONS = {Direction.ENTRY: _l("Entry"), Direction.EXIT: _l("Exit")}
ROLES = {
    Role.ORGANIZER: _l("Organizer"),
    Role.PROGRAM_MANAGER: _l("Programme manager"),
    Role.DESK: _l("Help desk"),
    Role.STEWARD: _l("Steward"),
    Role.REVIEWER: _l("Reviewer"),
    Role.SPEAKER: _l("Speaker"),
    Role.EXHIBITOR: _l("Exhibitor"),
    Role.ATTENDEE: _l("Attendee"),
}
ROLE_TEXTS = {
    Role.ORGANIZER: _l("Full access to this expo."),
    Role.PROGRAM_MANAGER: _l("Manages sessions and speakers, and views statistics."),
    Role.DESK: _l("Registers attendees, edits their details and issues badges."),
    Role.STEWARD: _l("Scans badges at the checkpoints."),
    Role.REVIEWER: _l("Reviews proposals without names, and views the programme."),
    Role.SPEAKER: _l("Speaks in sessions."),
    Role.EXHIBITOR: _l("Represents an exhibitor."),
    Role.ATTENDEE: _l("Attends the expo."),
}
PERMISSIONS = {
    Permission.REGISTER: _l("Register attendees"),
    Permission.EDITION_MANAGE: _l("Edit expo settings"),
    Permission.ROLES_MANAGE: _l("Manage roles"),
    Permission.TOKENS_MANAGE: _l("Create API tokens"),
    Permission.TICKETS_MANAGE: _l("Manage tickets and quotas"),
    Permission.ATTENDEES_READ: _l("View attendees"),
    Permission.ATTENDEES_WRITE: _l("Edit attendees"),
    Permission.ORDERS_MANAGE: _l("Record payments"),
    Permission.BADGES_ISSUE: _l("Issue badges"),
    Permission.BADGES_REVOKE: _l("Revoke badges"),
    Permission.SCAN: _l("Scan badges"),
    Permission.SCAN_FORCE: _l("Let people in despite a refusal"),
    Permission.CHECKPOINTS_MANAGE: _l("Manage checkpoints"),
    Permission.PROGRAM_READ: _l("View the programme"),
    Permission.PROGRAM_MANAGE: _l("Manage the programme"),
    Permission.REVIEW: _l("Review proposals"),
    Permission.EXHIBITORS_READ: _l("View exhibitors"),
    Permission.EXHIBITORS_MANAGE: _l("Manage exhibitors"),
    Permission.MATCHES_READ: _l("View recommendations for attendees"),
    Permission.REPORTS_READ: _l("View statistics"),
    Permission.EMAILS_READ: _l("View e-mails"),
}
MESSAGES = {
    "accounts/sign_in": _l("Sign-in link"),
    "accounts/invitation": _l("Team invitation"),
    "exhibitors/message_from_company": _l("Message from an exhibitor"),
    "exhibitors/message_from_organizers": _l("Message to an exhibitor"),
    "exhibitors/task_reminder": _l("Exhibitor task reminder"),
    "imports/stopped": _l("Import stopped"),
    "registration/confirm": _l("Confirmation request"),
    "registration/invited": _l("Speaker invitation"),
    "registration/confirmed": _l("Registration with badge"),
    "registration/awaiting_approval": _l("Awaiting approval"),
    "registration/approved": _l("Approved"),
    "registration/refused": _l("Not approved"),
    "registration/cancelled": _l("Cancelled"),
    "registration/ticket_changed": _l("Ticket changed"),
    "registration/add_ons_changed": _l("Add-ons changed"),
    "registration/email_corrected": _l("E-mail address corrected"),
    "program/seat_offered": _l("Seat offered"),
    "exhibitors/start": _l("Link to the application"),
    "exhibitors/applied": _l("Application received"),
    "exhibitors/approved": _l("Company approved"),
    "exhibitors/declined": _l("Application declined"),
    "exhibitors/cancelled": _l("Participation cancelled"),
    "exhibitors/question": _l("Question about an application"),
    "exhibitors/reply": _l("Answer to a question about an application"),
    "exhibitors/invitation": _l("Invitation to a company’s team"),
    "program/evening_reminder": _l("Reminder the evening before"),
    "program/session_reminder": _l("Reminder before a session"),
    "program/changes": _l("Changes to the timetable"),
    "program/speaker_invitation": _l("Invitation to the speaker pages"),
    "program/speaker_message": _l("Message from a speaker"),
    "meetings/change": _l("Meeting update"),
}
ACTION_LABELS = {
    "registration.place_order": _l("Registered for the expo"),
    "registration.confirm_order": _l("Confirmed the e-mail address"),
    "registration.expire_order": _l("Registration expired because it was not confirmed in time"),
    "registration.cancel_order": _l("Cancelled the order"),
    "registration.record_payment": _l("Marked as paid"),
    "registration.approve_attendee": _l("Approved"),
    "registration.refuse_attendee": _l("Rejected"),
    "registration.cancel_attendee": _l("Cancelled the registration"),
    "registration.change_attendee": _l("Edited the details"),
    "registration.correct_email": _l("Corrected the e-mail address"),
    "registration.set_door_note": _l("Changed the check-in note"),
    "registration.change_ticket": _l("Changed the ticket"),
    "registration.change_add_ons": _l("Changed the add-ons"),
    "registration.confirm_by_hand": _l("Confirmed manually"),
    "checkin.by_hand": _l("Checked in manually"),
    "checkin.force": _l("Let in despite a refusal"),
    "badges.issue": _l("Issued the badge"),
    "badges.reissue": _l("Reissued the badge"),
    "badges.revoke": _l("Revoked the badge"),
    "badges.request_print": _l("Sent the badge to the printer"),
    "badges.print": _l("Printed the badge"),
    "badges.fail_print": _l("Printing the badge failed"),
    "registration.set_id_check": _l("Recorded characters of an identity document"),
    "registration.check_id": _l("Compared an identity document"),
    "program.create_session": _l("Created the session"),
    "program.change_session": _l("Changed the session"),
    "program.cancel_session": _l("Cancelled the session"),
    "program.reinstate_session": _l("Reinstated the session"),
    "program.add_material": _l("Uploaded a file"),
    "program.replace_material": _l("Replaced a file"),
    "program.remove_material": _l("Deleted a file"),
    "program.create_speaker": _l("Added the speaker"),
    "program.change_speaker": _l("Changed the speaker"),
    "program.merge_speaker": _l("Merged another entry into this one"),
    "program.cancel_speaker": _l("Removed from all sessions"),
    "program.claim_speaker": _l("Linked the entry to their account"),
    "program.issue_speaker_ticket": _l("Issued the speaker’s ticket"),
    "program.keep_registration": _l("Kept the registration, although they no longer speak"),
    "proposals.begin": _l("Started the proposal"),
    "proposals.change": _l("Changed the proposal"),
    "proposals.submit": _l("Submitted the proposal"),
    "proposals.withdraw": _l("Withdrew the proposal"),
    "proposals.allow_editing": _l("Changed how long it can be edited"),
    "proposals.invite_speaker": _l("Invited a co-speaker"),
    "proposals.remove_speaker": _l("Removed a co-speaker"),
    "proposals.accept_invitation": _l("Accepted the invitation"),
    "proposals.decline_invitation": _l("Declined the invitation"),
    "proposals.accepted": _l("Accepted the proposal"),
    "proposals.rejected": _l("Rejected the proposal"),
    "proposals.waitlisted": _l("Put the proposal on the waiting list"),
    "proposals.confirmed": _l("Confirmed the proposal"),
    "proposals.confirm_participation": _l("Confirmed participation"),
    "proposals.review": _l("Reviewed the proposal"),
    "proposals.discuss": _l("Wrote to the other reviewers"),
    "proposals.add_file": _l("Uploaded a file"),
    "proposals.remove_file": _l("Deleted a file"),
    "letters.resend": _l("Resent the e-mail"),
    "program.release_seat": _l("Released a seat in a session"),
    "exhibitors.create": _l("Added the company"),
    "exhibitors.change": _l("Changed the company"),
    "exhibitors.apply": _l("Applied as an exhibitor"),
    "exhibitors.ask_applicant": _l("Asked the applicant a question"),
    "exhibitors.reply": _l("Answered the organizers’ question"),
    "exhibitors.approve": _l("Approved the company"),
    "exhibitors.decline": _l("Declined the application"),
    "exhibitors.withdraw": _l("Cancelled the company’s participation"),
    "exhibitors.merge": _l("Merged another company into this one"),
    "exhibitors.hide": _l("Hid the company from visitors"),
    "exhibitors.show": _l("Showed the company to visitors"),
    "exhibitors.invite_member": _l("Invited a team member"),
    "exhibitors.accept_invitation": _l("Accepted the invitation"),
    "exhibitors.decline_invitation": _l("Declined the invitation"),
    "exhibitors.change_member": _l("Changed the role of a team member"),
    "exhibitors.remove_member": _l("Removed a team member"),
    "exhibitors.issue_pass": _l("Issued a pass to a team member"),
    "exhibitors.release_pass": _l("Cancelled the pass of a team member"),
    "checkin.create_device": _l("Added the device"),
    "checkin.edit_device": _l("Changed the device"),
    "checkin.make_enrolment_code": _l("Created a code to set up the device"),
    "checkin.enrol_device": _l("Set up the device with a code"),
    "checkin.enrol_own_browser": _l("Set up the device by signing in"),
    "checkin.revoke_device": _l("Revoked the device"),
    "checkin.wipe_device": _l("Revoked and wiped the device"),
    "checkin.finish_wipe": _l("Deleted everything it held, as requested"),
}
FIELDS = {
    "name": _l("Name"),
    "latin_name": _l("Name in Latin letters"),
    "door_note": _l("Check-in note"),
    "country": _l("Country or region"),
    "company": _l("Company or organization"),
    "job_title": _l("Job title"),
    "language": _l("E-mail language"),
    "email": _l("E-mail address"),
    "ticket_type": _l("Ticket"),
    "add_ons": _l("Add-ons"),
    "state": _l("Status"),
}


def reason_label(reason: str) -> str:
    """Return the label of a reason for refusal at a checkpoint."""
    return str(REASON_TEXTS[Reason(reason)].word) if reason in set(Reason) else reason


def email_status(email: EmailRow) -> str:
    """Return the status of an e-mail; if it failed and will be retried, it says so."""
    if email.last_error and email.state in (EmailState.QUEUED, EmailState.SENDING):
        return _("Retrying after a failed attempt")
    return str(EMAIL_STATES[email.state])
