"""Calls for proposals: list, add, edit, close and delete."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.accounts.rules import Permission, require
from expo.errors import Conflict, Invalid, Outdated
from expo.infra.clock import utcnow
from expo.proposals.queries import CallRow, count_proposals, get_call, list_calls
from expo.proposals.rules import ProposalState
from expo.proposals.services import change_call, close_call, create_call, delete_call
from expo.reports.offers import list_offered
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.form_pages import render_form, show_at_field
from expo.web.kit.language import localized
from expo.web.kit.proposal_labels import CALL_STATES
from expo.web.kit.questions import Question, confirm_first
from expo.web.organizer.calls.forms import CallForm, values_of
from expo.web.organizer.changes import OtherChange, list_other_changes
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint("organizer_calls", __name__, "/calls", Permission.PROGRAM_READ)

Page = str | Response | tuple[str, int]


@blueprint.get("", strict_slashes=False)
def list_all() -> str:
    """List the calls with their numbers of proposals."""
    now, edition = utcnow(), current_edition()
    counts = count_proposals(edition.id)
    return render_template(
        "organizer/calls/list.html",
        calls=[(each, each.state_at(now), counts.get(each.id, {})) for each in list_calls(edition.id)],
        labels=CALL_STATES,
        draft=ProposalState.DRAFT,
    )


@blueprint.route("/new", methods=["GET", "POST"])
def add() -> Page:
    """Add a call; its questions follow."""
    edition = current_edition()
    require(current_actor(), Permission.PROGRAM_MANAGE, edition.id)
    form = CallForm.of(None, edition, list_offered(edition))
    if form.validate_on_submit():
        try:
            slug = create_call(current_actor(), edition.id, form.to_request(edition), utcnow())
        except Invalid as error:
            show_at_field(form, error, "title")
        else:
            flash(_("The call has been created. Now add the questions that you want to ask."), "success")
            return redirect(url_for("organizer_call_questions.list_all", slug=slug))
    return _page(form, None)


@blueprint.route("/<slug>/edit", methods=["GET", "POST"])
def edit(slug: str) -> Page:
    """Change a call; if somebody else changed it in the meantime, show what they did."""
    edition = current_edition()
    require(current_actor(), Permission.PROGRAM_MANAGE, edition.id)
    call = get_call(edition.id, slug)
    form, others = CallForm.of(call, edition, list_offered(edition)), None
    if form.validate_on_submit():
        wanted, version = form.to_request(edition, call), form.version.data or ""
        try:
            change_call(current_actor(), edition.id, slug, wanted, version, utcnow())
        except Outdated:
            call = get_call(edition.id, slug)
            others = list_other_changes(form, "call", call.id, edition.id, values_of(call, edition))
            form.version.data = call.version
        except (Conflict, Invalid) as error:
            show_at_field(form, error, "title")
        else:
            flash(_("Changes to %(name)s saved.", name=localized(call.title)), "success")
            return redirect(url_for("organizer_calls.list_all"))
    return _page(form, call, others)


@blueprint.route("/<slug>/close", methods=["GET", "POST"])
def close(slug: str) -> Page:
    """Close a call at once, after confirmation."""
    edition = current_edition()
    require(current_actor(), Permission.PROGRAM_MANAGE, edition.id)
    call = get_call(edition.id, slug)
    question = Question(
        title=_("Close %(name)s now?", name=localized(call.title)),
        text=_("Proposals can no longer be submitted or edited. You can set a later deadline at any time."),
        button=_("Close call"),
        trail=[(_("Calls for proposals"), url_for("organizer_calls.list_all"))],
    )
    done = _("The call has been closed.")
    return confirm_first(question, lambda: close_call(current_actor(), edition.id, slug, utcnow()), done)


@blueprint.route("/<slug>/delete", methods=["GET", "POST"])
def delete(slug: str) -> Page:
    """Delete a call without proposals, after confirmation."""
    edition = current_edition()
    require(current_actor(), Permission.PROGRAM_MANAGE, edition.id)
    call = get_call(edition.id, slug)
    question = Question(
        title=_("Delete %(name)s?", name=localized(call.title)),
        text=_("The call and its questions are deleted. This is possible only while it has no proposals."),
        button=_("Delete call"),
        trail=[(_("Calls for proposals"), url_for("organizer_calls.list_all"))],
        is_destructive=True,
    )
    done = _("The call has been deleted.")
    return confirm_first(question, lambda: delete_call(current_actor(), edition.id, slug, utcnow()), done)


def _page(form: CallForm, call: CallRow | None, others: list[OtherChange] | None = None) -> tuple[str, int]:
    page, status = render_form(
        form, "organizer/calls/edit.html", call=call, other_changes=others, languages=current_edition().languages
    )
    return page, status if others is None else 409
