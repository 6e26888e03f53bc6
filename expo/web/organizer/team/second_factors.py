"""Which roles require a second factor."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.accounts.queries import list_role_holders
from expo.accounts.rules import Permission, Role, require, require_confirmed
from expo.editions.services import set_second_factor_roles
from expo.infra.clock import utcnow
from expo.web.kit.access import current_actor, current_edition
from expo.web.organizer.labels import ROLES
from expo.web.organizer.sections import section_blueprint
from expo.web.organizer.team.forms import SecondFactorForm

blueprint = section_blueprint("organizer_second_factors", __name__, "/settings/security", Permission.ROLES_MANAGE)


@blueprint.route("", methods=["GET", "POST"], strict_slashes=False)
def require_second_factors() -> str | Response | tuple[str, int]:
    """Show and change the roles that require a second factor, and who has one."""
    edition, actor = current_edition(), current_actor()
    require(actor, Permission.ROLES_MANAGE, edition.id)
    require_confirmed(actor)
    form = SecondFactorForm(data={"roles": [role.value for role in edition.second_factor_roles]})
    if form.validate_on_submit():
        set_second_factor_roles(actor, edition.id, map(Role, form.roles.data or []), utcnow())
        flash(_("Changes saved. They take effect the next time someone opens a page."), "success")
        return redirect(url_for("organizer_second_factors.require_second_factors"))
    page = render_template(
        "organizer/team/second_factors.html",
        form=form,
        holders=list_role_holders(edition.id),
        roles=ROLES,
    )
    return page, 422 if form.errors else 200
