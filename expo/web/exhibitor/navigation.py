"""The tabs of an exhibitor's pages, limited to what the member's role allows."""

from flask import request, url_for
from flask_babel import gettext as _

from expo.exhibitors.rules import TeamAct
from expo.web.exhibitor.sections import current_membership


def list_tabs() -> list[tuple[str, str, bool]]:
    """Return the sections that the viewer may open, as (label, URL, whether it is shown), in the order of work."""
    sections = (
        (_("Overview"), "exhibitor.show", TeamAct.VIEW),
        (_("Meetings"), "exhibitor_meetings.show_meetings", TeamAct.HANDLE_MEETINGS),
    )
    membership = current_membership()
    return [
        (label, url_for(endpoint), request.blueprint == endpoint.split(".")[0])
        for label, endpoint, act in sections
        if membership.may(act)
    ]
