"""Labels of leads and of what visitors share, for the pages of exhibitors and attendees."""

from flask_babel import lazy_gettext as _l

from expo.leads.rules import FollowUp, WithdrawalReason
from expo.profiles.rules import SharedField
from expo.questions.rules import FieldKind

FOLLOW_UPS = {
    FollowUp.NEW: _l("New"),
    FollowUp.CONTACTED: _l("Contacted"),
    FollowUp.MEETING: _l("Meeting agreed"),
    FollowUp.WON: _l("Won"),
    FollowUp.LOST: _l("Lost"),
}
SHARED_FIELDS = {
    SharedField.NAME: _l("Name"),
    SharedField.COMPANY: _l("Company"),
    SharedField.COUNTRY: _l("Country or region"),
    SharedField.JOB_TITLE: _l("Job title"),
    SharedField.EMAIL: _l("E-mail address"),
    SharedField.PHONE: _l("Phone number"),
}
WITHDRAWAL_REASONS = {
    WithdrawalReason.VISITOR: _l("The visitor stopped sharing their details with you."),
    WithdrawalReason.ON_REQUEST: _l("An organizer removed the details because the visitor asked for it."),
}
QUESTION_KINDS = {
    FieldKind.SINGLE_CHOICE: _l("One of several options"),
    FieldKind.MULTIPLE_CHOICE: _l("Any of several options"),
    FieldKind.TEXT: _l("Text"),
}
EXPORT_COLUMNS = {
    "name": _l("Name"),
    "latin_name": _l("Name in Latin letters"),
    "company": _l("Company"),
    "job_title": _l("Job title"),
    "country": _l("Country or region"),
    "email": _l("E-mail address"),
    "phone": _l("Phone number"),
    "status": _l("Status"),
    "rating": _l("Rating"),
    "first_visit": _l("First visit"),
    "last_visit": _l("Last visit"),
    "visits": _l("Visits"),
    "scanned_by": _l("Scanned by"),
    "notes": _l("Notes"),
    "no_longer_shared_since": _l("No longer shared since"),
    "reason": _l("Reason"),
}
