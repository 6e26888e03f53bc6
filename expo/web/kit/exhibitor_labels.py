"""Labels of exhibitors: their statuses, and the roles in their teams."""

from flask_babel import lazy_gettext as _l

from expo.exhibitors.rules import ExhibitorState, MemberRole, WindowState

EXHIBITOR_STATES = {
    ExhibitorState.APPLIED: _l("Applied"),
    ExhibitorState.APPROVED: _l("Approved"),
    ExhibitorState.DECLINED: _l("Declined"),
    ExhibitorState.WITHDRAWN: _l("Withdrawn"),
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
    MemberRole.EDITOR: _l("Edits the company page, and handles contacts and meetings."),
    MemberRole.REPRESENTATIVE: _l("Collects contacts at the booth and handles meetings."),
}
# Whether companies can apply, for organizers.
WINDOW_STATES = {
    WindowState.OFF: _l("Companies cannot apply yet."),
    WindowState.UPCOMING: _l("Companies can apply soon."),
    WindowState.OPEN: _l("Companies can apply now."),
    WindowState.CLOSED: _l("The deadline for applications has passed."),
}
