"""Lead licences of the team: owners assign them to members and take them back."""

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.errors import Conflict
from expo.exhibitors.queries import get_member
from expo.exhibitors.rules import TeamAction
from expo.exhibitors.services import assign_licence, release_licence
from expo.infra.clock import utcnow
from expo.web.exhibitor.sections import current_membership, exhibitor_blueprint
from expo.web.exhibitor.team import name_of
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.errors import message_of

blueprint = exhibitor_blueprint("exhibitor_licences", __name__, "/team/<int:member_id>/licence", TeamAction.MANAGE_TEAM)


@blueprint.post("/<any(assign, release):act>")
def change(member_id: int, act: str) -> Response:
    """Assign a lead licence to a member, or take it back."""
    membership = current_membership()
    name = name_of(get_member(membership.exhibitor_id, member_id))
    change_licence = assign_licence if act == "assign" else release_licence
    try:
        change_licence(current_actor(), current_edition().id, membership.slug, member_id, utcnow())
    except Conflict as error:
        flash(message_of(error), "danger")
    else:
        done = (
            _("%(name)s can scan badges.", name=name)
            if act == "assign"
            else _("%(name)s can no longer scan badges. Leads collected so far are kept.", name=name)
        )
        flash(done, "success")
    return redirect(url_for("exhibitor_team.show"))
