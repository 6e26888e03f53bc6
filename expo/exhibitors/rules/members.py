"""Roles in an exhibitor's team, and what each may do. Pure."""

from enum import StrEnum


class MemberRole(StrEnum):
    """The role of a member of an exhibitor's team."""

    OWNER = "owner"
    EDITOR = "editor"
    REPRESENTATIVE = "representative"


class MemberState(StrEnum):
    """Whether a member takes part in the team yet, or still."""

    INVITED = "invited"
    ACTIVE = "active"
    REMOVED = "removed"


class TeamAction(StrEnum):
    """One thing that members of a team may be allowed to do for their company."""

    VIEW = "view"
    EDIT_PAGE = "edit_page"
    MANAGE_TEAM = "manage_team"
    ORDER_SERVICES = "order_services"
    COLLECT_LEADS = "collect_leads"
    EXPORT_LEADS = "export_leads"
    HANDLE_MEETINGS = "handle_meetings"
    READ_REPORTS = "read_reports"


ROLE_ACTIONS: dict[MemberRole, frozenset[TeamAction]] = {
    MemberRole.OWNER: frozenset(TeamAction),
    MemberRole.EDITOR: frozenset(TeamAction) - {TeamAction.MANAGE_TEAM, TeamAction.ORDER_SERVICES},
    MemberRole.REPRESENTATIVE: frozenset({TeamAction.VIEW, TeamAction.COLLECT_LEADS, TeamAction.HANDLE_MEETINGS}),
}
