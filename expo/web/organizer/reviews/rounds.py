"""Review rounds: add, edit and close them, choose reviewers, assign proposals, watch the progress."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response

from expo.accounts.rules import Permission
from expo.errors import Conflict, Invalid
from expo.infra.clock import utcnow
from expo.proposals.queries import (
    RoundRow,
    get_call_by_id,
    get_round,
    list_calls,
    list_possible_reviewers,
    list_progress,
    list_reviewers,
)
from expo.proposals.services import assign_proposals, change_round, close_round, create_round, set_reviewers
from expo.reports.offers import list_offered
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.errors import message_of
from expo.web.kit.form_pages import render_form, show_at_field
from expo.web.kit.language import localized
from expo.web.kit.proposal_labels import ROUND_STATES
from expo.web.kit.questions import AnswerForm, Question, confirm_first
from expo.web.organizer.reviews.forms import RoundForm
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint("organizer_review_rounds", __name__, "/reviews/rounds", Permission.PROGRAM_MANAGE)

Page = str | Response | tuple[str, int]


@blueprint.route("/new", methods=["GET", "POST"])
def add() -> Page:
    """Add a round; its reviewers follow."""
    edition = current_edition()
    calls = list_calls(edition.id)
    if not calls:
        flash(_("Create a call for proposals first."), "danger")
        return redirect(url_for("organizer_calls.list_all"))
    form = RoundForm.of(None, edition, calls)
    if form.validate_on_submit():
        try:
            slug = create_round(current_actor(), edition.id, form.call.data, form.to_request(edition), utcnow())
        except Invalid as error:
            _show(form, error)
        else:
            flash(_("The round has been created. Now choose the reviewers."), "success")
            return redirect(url_for("organizer_review_rounds.show", slug=slug))
    return render_form(form, "organizer/reviews/edit.html", round=None, languages=edition.languages)


@blueprint.route("/<slug>/edit", methods=["GET", "POST"])
def edit(slug: str) -> Page:
    """Change a round."""
    edition = current_edition()
    round_ = get_round(edition.id, slug)
    form = RoundForm.of(round_, edition, ())
    if form.validate_on_submit():
        try:
            change_round(current_actor(), edition.id, slug, form.to_request(edition, round_), utcnow())
        except (Conflict, Invalid) as error:
            _show(form, error)
        else:
            flash(_("Changes to %(name)s saved.", name=localized(round_.name)), "success")
            return redirect(url_for("organizer_review_rounds.show", slug=slug))
    return render_form(form, "organizer/reviews/edit.html", round=round_, languages=edition.languages)


@blueprint.get("/<slug>")
def show(slug: str) -> str:
    """Show a round with its reviewers and how much each has done."""
    edition = current_edition()
    round_ = get_round(edition.id, slug)
    return render_template(
        "organizer/reviews/round.html",
        round=round_,
        state_of_round=round_.state_at(utcnow()),
        labels=ROUND_STATES,
        call=get_call_by_id(round_.call_id),
        form=AnswerForm(),
        progress=list_progress(round_.id),
        reviewers=list_reviewers(round_.id),
        possible=list_possible_reviewers(edition.id),
        offered=list_offered(edition),
    )


@blueprint.post("/<slug>/reviewers")
def choose_reviewers(slug: str) -> Response:
    """Set the reviewers and the tracks of their teams."""
    edition = current_edition()
    round_ = get_round(edition.id, slug)
    known = {str(each.person_id): each.person_id for each in list_possible_reviewers(edition.id)}
    slugs = {track for track, _name in list_offered(edition).tracks}
    chosen = {
        known[each]: [track for track in request.form.getlist(f"tracks-{each}") if track in slugs]
        for each in request.form.getlist("reviewers")
        if each in known
    }
    set_reviewers(current_actor(), edition.id, slug, chosen, utcnow())
    flash(_("Changes to %(name)s saved.", name=localized(round_.name)), "success")
    return redirect(url_for("organizer_review_rounds.show", slug=slug))


@blueprint.post("/<slug>/assign")
def assign(slug: str) -> Response:
    """Assign the open proposals to the reviewers."""
    edition = current_edition()
    try:
        count = assign_proposals(current_actor(), edition.id, slug, utcnow())
    except Conflict as error:
        flash(message_of(error), "danger")
    else:
        done = ngettext("%(count)s review assigned.", "%(count)s reviews assigned.", count, count=count)
        flash(done if count else _("All proposals have enough reviewers."), "success")
    return redirect(url_for("organizer_review_rounds.show", slug=slug))


@blueprint.route("/<slug>/close", methods=["GET", "POST"])
def close(slug: str) -> Page:
    """Close a round at once, after confirmation."""
    edition = current_edition()
    round_ = get_round(edition.id, slug)
    question = Question(
        title=_("Close %(name)s now?", name=localized(round_.name)),
        text=_("Reviews can no longer be written or changed. You can set a later deadline at any time."),
        button=_("Close round"),
        trail=_trail(round_),
    )
    done = _("The round has been closed.")
    return confirm_first(question, lambda: close_round(current_actor(), edition.id, slug, utcnow()), done)


def _trail(round_: RoundRow) -> list[tuple[str, str]]:
    return [
        (_("Reviews"), url_for("organizer_reviews.list_all")),
        (localized(round_.name), url_for("organizer_review_rounds.show", slug=round_.slug)),
    ]


def _show(form: RoundForm, error: Conflict | Invalid) -> None:
    """Show the error at its field; those of the criteria at the first one."""
    if error.params.get("field") in {None, "criteria"}:
        form.criterion_1.form.label_en.errors = [message_of(error)]
    else:
        show_at_field(form, error, "name")
