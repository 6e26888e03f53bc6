"""The team: list, assign and remove roles."""

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.accounts.queries import list_role_holders
from expo.accounts.rules import Permission, Role, require, require_confirmed
from expo.accounts.services import revoke_role
from expo.errors import Conflict, Invalid, Missing
from expo.flows.team import invite_to_team
from expo.infra.clock import utcnow
from expo.mail.services import has_mail_server
from expo.web.kit.access import current_actor, current_edition, current_person_id
from expo.web.kit.form_pages import render_form, show_at_field
from expo.web.kit.language import current_language
from expo.web.kit.questions import AnswerForm, Question, show_question
from expo.web.organizer.labels import ROLE_TEXTS, ROLES
from expo.web.organizer.navigation import settings_trail
from expo.web.organizer.sections import section_blueprint
from expo.web.organizer.team.forms import RoleForm

blueprint = section_blueprint("organizer_team", __name__, "/settings/team", Permission.EDITION_MANAGE)

Page = str | Response | tuple[str, int]


@blueprint.route("", methods=["GET", "POST"])
def show_team() -> Page:
    """List the team's roles, and assign one."""
    edition, actor = current_edition(), current_actor()
    require(actor, Permission.ROLES_MANAGE, edition.id)
    require_confirmed(actor)
    form = RoleForm()
    if form.validate_on_submit():
        try:
            is_new = invite_to_team(
                actor, edition.id, form.email.data or "", Role(form.role.data), current_language().code, utcnow()
            )
        except Invalid as error:
            show_at_field(form, error, "email")
        else:
            role = ROLES[Role(form.role.data)]
            flash(_invited(form.email.data or "", str(role), is_new=is_new), "success")
            return redirect(url_for("organizer_team.show_team"))
    return render_form(
        form,
        "organizer/team/team.html",
        holders=list_role_holders(edition.id),
        own_id=actor.id,
        roles=ROLES,
        role_texts=ROLE_TEXTS,
    )


@blueprint.route("/<int:person_id>/roles/<role>/remove", methods=["GET", "POST"])
def remove_role(person_id: int, role: str) -> Response | tuple[str, int]:
    """Ask for confirmation, then remove a person's role."""
    edition, actor = current_edition(), current_actor()
    require(actor, Permission.ROLES_MANAGE, edition.id)
    require_confirmed(actor)
    holder = next((each for each in list_role_holders(edition.id) if each.person_id == person_id), None)
    if holder is None or role not in {each.value for each in holder.roles}:
        raise Missing("person_missing")
    words = ROLES[Role(role)]
    text = (
        _("This is your own role. You may lose access to this page.")
        if person_id == current_person_id()
        else _("They lose the permissions of this role immediately.")
    )
    question = Question(
        _("Remove the role %(role)s from %(email)s?", role=words, email=holder.email),
        text,
        _("Remove role"),
        settings_trail(_("Team"), "organizer_team.show_team"),
        is_destructive=True,
    )
    if not AnswerForm().validate_on_submit():
        return show_question(question)
    try:
        revoke_role(actor, edition.id, person_id, Role(role), utcnow())
    except Conflict as error:
        return show_question(question, error)
    flash(_("Role %(role)s removed from %(email)s.", email=holder.email, role=words), "success")
    return redirect(question.back_url)


def _invited(email: str, role: str, *, is_new: bool) -> str:
    if not is_new:
        return str(_("%(email)s already has the role %(role)s.", email=email, role=role))
    if not has_mail_server():
        return str(
            _(
                "%(email)s now has the role %(role)s. No mail server is set up, so please tell them yourself.",
                email=email,
                role=role,
            )
        )
    return str(_("%(email)s now has the role %(role)s. We have sent an invitation.", email=email, role=role))
