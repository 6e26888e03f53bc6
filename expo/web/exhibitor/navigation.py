"""The tabs of an exhibitor's pages, limited to what the member's role allows."""

from flask import request, url_for
from flask_babel import gettext as _

from expo.exhibitors.queries import count_unread
from expo.exhibitors.rules import TeamAction
from expo.web.exhibitor.sections import current_membership
from expo.web.kit.formats import number

# Sections that are reached through another one, whose tab is the current one.
PART_OF = {"exhibitor_webhooks": "exhibitor_leads", "exhibitor_passes": "exhibitor_team"}


def list_tabs() -> list[tuple[str, str, bool]]:
    """Return the sections that the viewer may open, as (label, URL, whether it is shown), in the order of work."""
    membership = current_membership()
    unread = count_unread(membership.exhibitor_id, from_organizers=True)
    sections = (
        (_("Overview"), "exhibitor.show", TeamAction.VIEW),
        (_("Company page"), "exhibitor_page.edit", TeamAction.EDIT_PAGE),
        (_("Products"), "exhibitor_products.list_all", TeamAction.EDIT_PAGE),
        (_("Documents"), "exhibitor_documents.show", TeamAction.EDIT_PAGE),
        (_("Team"), "exhibitor_team.show", TeamAction.VIEW),
        (_("Tasks"), "exhibitor_tasks.show", TeamAction.EDIT_PAGE),
        (_("Services"), "exhibitor_services.show", TeamAction.ORDER_SERVICES),
        (
            _("Messages (%(count)s)", count=number(unread)) if unread else _("Messages"),
            "exhibitor_messages.show",
            TeamAction.EDIT_PAGE,
        ),
        (_("Leads"), "exhibitor_leads.list_all", TeamAction.COLLECT_LEADS),
        (_("Meetings"), "exhibitor_meetings.show_meetings", TeamAction.HANDLE_MEETINGS),
        (_("Suggested visitors"), "exhibitor_suggestions.list_visitors", TeamAction.VIEW),
        (_("Report"), "exhibitor_report.show", TeamAction.READ_REPORTS),
    )
    return [
        (label, url_for(endpoint), PART_OF.get(request.blueprint or "", request.blueprint) == endpoint.split(".")[0])
        for label, endpoint, act in sections
        if membership.may(act)
    ]
