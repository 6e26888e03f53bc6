"""Labels of exhibitors: their statuses, and the roles in their teams."""

from collections.abc import Mapping

from flask_babel import gettext as _, lazy_gettext as _l

from expo.exhibitors.rules import ExhibitorState, MemberRole, WindowState
from expo.web.kit.formats import number
from expo.web.kit.language import lazy_pgettext

EXHIBITOR_STATES = {
    ExhibitorState.APPLIED: _l("Applied"),
    ExhibitorState.APPROVED: _l("Approved"),
    ExhibitorState.DECLINED: _l("Declined"),
    ExhibitorState.WITHDRAWN: lazy_pgettext("company", "Cancelled"),
}
# See components/states.html.
EXHIBITOR_TONES = {
    ExhibitorState.APPLIED: "wait",
    ExhibitorState.APPROVED: "yes",
    ExhibitorState.DECLINED: "no",
    ExhibitorState.WITHDRAWN: "no",
}
MEMBER_ROLES = {
    MemberRole.OWNER: _l("Owner"),
    MemberRole.EDITOR: _l("Editor"),
    MemberRole.REPRESENTATIVE: _l("Representative"),
}
MEMBER_ROLE_TEXTS = {
    MemberRole.OWNER: _l("Manages everything, including the team, passes and orders."),
    MemberRole.EDITOR: _l("Edits the company page, and handles leads and meetings."),
    MemberRole.REPRESENTATIVE: _l("Collects leads at the booth and handles meetings."),
}
# What belongs to a company, by table; everything else counts as other records.
RECORDS = {
    "exhibitor_member": _l("Team members"),
    "exhibitor_application": _l("Application"),
    "exhibitor_page": _l("Company page"),
    "exhibitor_product": _l("Products"),
    "exhibitor_document": _l("Documents"),
    "exhibitor_service_order": _l("Service orders"),
    "exhibitor_message": _l("Messages"),
}
OTHER_RECORDS = _l("Other records")
# Whether companies can apply, for organizers.
WINDOW_STATES = {
    WindowState.OFF: _l("Companies cannot apply yet."),
    WindowState.UPCOMING: _l("Companies can apply soon."),
    WindowState.OPEN: _l("Companies can apply now."),
    WindowState.CLOSED: _l("The deadline for applications has passed."),
}


def describe_references(counts: Mapping[str, int]) -> str:
    """Return in words how many records belong to a company; empty for none."""
    named = {str(RECORDS[table]): count for table, count in counts.items() if table in RECORDS}
    others = sum(count for table, count in counts.items() if table not in RECORDS)
    if others:
        named[str(OTHER_RECORDS)] = others
    return _(", ").join(_("%(what)s (%(count)s)", what=what, count=number(count)) for what, count in named.items())
