"""The settings page that says which roles are given only to people with a second factor."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from expo.accounts.queries import list_role_holders
from expo.accounts.rules import Permission, Role, require, require_confirmed
from expo.editions.services import set_second_factor_roles
from expo.infra.clock import utcnow
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.choices import as_choices
from expo.web.organizer.sections import section_blueprint
from expo.web.organizer.settings_forms import GIVEN_ROLES, check_boxes
from expo.web.organizer.words import ROLES

blueprint = section_blueprint("organizer_security", __name__, "/settings/security", Permission.ROLES_MANAGE)


class SecondFactorForm(FlaskForm):  # type: ignore[misc]
    """The roles that need a second factor."""

    roles = check_boxes(
        _l("Roles that require a second factor"),
        _l(
            "Team members with these roles sign in with a passkey or an authenticator app in addition to their "
            "password or link."
        ),
        choices=as_choices((role.value, ROLES[role]) for role in GIVEN_ROLES),
    )


@blueprint.route("", methods=["GET", "POST"], strict_slashes=False)
def second_factors() -> str | Response | tuple[str, int]:
    """Show and change the roles that require a second factor, with who has one."""
    edition, actor = current_edition(), current_actor()
    require(actor, Permission.ROLES_MANAGE, edition.id)
    require_confirmed(actor)
    form = SecondFactorForm(data={"roles": [role.value for role in edition.second_factor_roles]})
    if form.validate_on_submit():
        set_second_factor_roles(actor, edition.id, map(Role, form.roles.data or []), utcnow())
        flash(_("Changes saved. They take effect the next time someone opens a page."), "success")
        return redirect(url_for("organizer_security.second_factors"))
    page = render_template(
        "organizer/settings/security.html",
        form=form,
        holders=list_role_holders(edition.id),
        roles=ROLES,
    )
    return page, 422 if form.errors else 200
