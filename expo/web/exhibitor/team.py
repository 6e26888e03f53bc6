"""An exhibitor's team: members and invitations."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.errors import Conflict, Invalid
from expo.exhibitors.queries import (
    MemberRow,
    count_passes_used,
    get_licences,
    get_member,
    get_record,
    list_members,
    list_owner_names,
)
from expo.exhibitors.rules import MemberRole, MemberState, TeamAction
from expo.exhibitors.services import change_member
from expo.flows.exhibitor_passes import remove_from_team
from expo.flows.exhibitor_team import invite_member, resend_invitation
from expo.infra.clock import utcnow
from expo.web.exhibitor.company_pages import render_company_form
from expo.web.exhibitor.forms import InviteMemberForm, MemberForm, RemoveMemberForm
from expo.web.exhibitor.sections import current_membership, exhibitor_blueprint, require_action
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.choices import as_choices
from expo.web.kit.errors import message_of, status_of
from expo.web.kit.exhibitor_labels import MEMBER_ROLE_TEXTS, MEMBER_ROLES
from expo.web.kit.form_pages import show_at_field
from expo.web.kit.formats import language_in_words
from expo.web.kit.language import current_language
from expo.web.kit.questions import Question

blueprint = exhibitor_blueprint("exhibitor_team", __name__, "/team", TeamAction.VIEW)

Page = str | Response | tuple[str, int]


@blueprint.route("", methods=["GET", "POST"], strict_slashes=False)
def show() -> Page:
    """List the team, and invite somebody."""
    edition, membership = current_edition(), current_membership()
    form = InviteMemberForm()
    form.language.choices = as_choices((code, language_in_words(code)) for code in edition.languages)
    if not form.is_submitted():
        form.language.data = current_language().code
    if form.validate_on_submit():
        require_action(TeamAction.MANAGE_TEAM)
        try:
            invite_member(
                current_actor(),
                edition.id,
                membership.slug,
                form.email.data or "",
                form.name.data or "",
                MemberRole(form.role.data),
                form.language.data,
                utcnow(),
            )
        except (Conflict, Invalid) as error:
            show_at_field(form, error, "email")
        else:
            flash(_("We have sent an invitation to %(email)s.", email=form.email.data), "success")
            return redirect(url_for("exhibitor_team.show"))
    return render_company_form(
        form,
        "exhibitor/team.html",
        members=list_members(membership.exhibitor_id),
        roles=MEMBER_ROLES,
        role_texts=MEMBER_ROLE_TEXTS,
        may_manage=membership.may(TeamAction.MANAGE_TEAM),
        passes=get_record(edition.id, membership.slug).passes,
        passes_used=count_passes_used(membership.exhibitor_id),
        licences=get_licences(membership.exhibitor_id),
        owners=list_owner_names(membership.exhibitor_id),
    )


@blueprint.route("/<int:member_id>/edit", methods=["GET", "POST"])
def edit(member_id: int) -> Page:
    """Give a member another role."""
    membership = require_action(TeamAction.MANAGE_TEAM)
    member = get_member(membership.exhibitor_id, member_id)
    form = MemberForm(data={"role": member.role.value})
    if form.validate_on_submit():
        try:
            change_member(
                current_actor(), current_edition().id, membership.slug, member_id, MemberRole(form.role.data), utcnow()
            )
        except Conflict as error:
            show_at_field(form, error, "role")
        else:
            flash(_("Changes to %(name)s saved.", name=name_of(member)), "success")
            return redirect(url_for("exhibitor_team.show"))
    return render_company_form(form, "exhibitor/member.html", member=member, role_texts=MEMBER_ROLE_TEXTS)


@blueprint.post("/<int:member_id>/resend")
def resend(member_id: int) -> Response:
    """Send an invitation again."""
    membership = require_action(TeamAction.MANAGE_TEAM)
    member = get_member(membership.exhibitor_id, member_id)
    try:
        resend_invitation(current_actor(), current_edition().id, membership.slug, member_id, utcnow())
    except Conflict as error:
        flash(message_of(error), "danger")
    else:
        flash(_("We have sent an invitation to %(email)s.", email=member.email), "success")
    return redirect(url_for("exhibitor_team.show"))


@blueprint.route("/<int:member_id>/remove", methods=["GET", "POST"])
def remove(member_id: int) -> Page:
    """Remove a member or revoke an invitation, after confirmation; also leave the team oneself."""
    membership = current_membership()
    is_own = membership.member_id == member_id
    if not is_own:
        require_action(TeamAction.MANAGE_TEAM)
    member = get_member(membership.exhibitor_id, member_id)
    question = _ask_removal(member, membership.name, is_own=is_own)
    form = RemoveMemberForm.of(member)
    if not form.validate_on_submit():
        return render_template("exhibitor/remove.html", question=question, form=form), 422 if form.errors else 200
    try:
        remove_from_team(
            current_actor(),
            current_edition().id,
            membership.slug,
            member_id,
            utcnow(),
            keeps_badge=form.keeps_badge(),
        )
    except Conflict as error:
        page = render_template("exhibitor/remove.html", question=question, form=form, error=message_of(error))
        return page, status_of(error)
    done = _("You have left the team.") if is_own else _("%(name)s has been removed.", name=name_of(member))
    flash(done, "success")
    return redirect(url_for("exhibitor_start.choose") if is_own else question.back_url)


def _ask_removal(member: MemberRow, company: str, *, is_own: bool) -> Question:
    trail = [
        (company, url_for("exhibitor.show")),
        (_("Team"), url_for("exhibitor_team.show")),
    ]
    if is_own:
        return Question(
            _("Leave the team of %(company)s?", company=company),
            _("You can no longer open the company’s pages. An owner can invite you again."),
            _("Leave team"),
            trail,
            is_destructive=True,
        )
    if member.state is MemberState.INVITED:
        return Question(
            _("Revoke the invitation of %(name)s?", name=name_of(member)),
            _("The link in the e-mail stops working."),
            _("Revoke invitation"),
            trail,
        )
    return Question(
        _("Remove %(name)s from the team?", name=name_of(member)),
        _("They can no longer open the company’s pages."),
        _("Remove"),
        trail,
        is_destructive=True,
    )


def name_of(member: MemberRow) -> str:
    """Return how a member is called on pages."""
    return member.name or member.email
