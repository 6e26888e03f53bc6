"""Reviews as a reviewer sees them: their own queue, and one proposal to review."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.accounts.rules import Permission
from expo.errors import Conflict, Invalid
from expo.infra.clock import utcnow
from expo.proposals.errors import ReviewMissing
from expo.proposals.queries import (
    ProposalRow,
    QueuedProposal,
    RoundRow,
    get_call_by_id,
    get_proposal,
    get_round,
    list_calls,
    list_messages,
    list_queue,
    list_reviews,
    list_rounds,
    list_speakers,
    may_discuss,
)
from expo.proposals.rules import CallState
from expo.proposals.services import save_review, write_message
from expo.questions.queries import get_answers, list_fields
from expo.reports.offers import list_offered
from expo.web.kit.access import current_actor, current_edition, current_person_id
from expo.web.kit.errors import message_of
from expo.web.kit.form_pages import show_at_field
from expo.web.kit.proposal_labels import ROUND_STATES
from expo.web.kit.question_fields import show_answer
from expo.web.organizer.reviews.forms import DiscussionForm, ReviewForm, make_review_form
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint("organizer_reviews", __name__, "/reviews", Permission.REVIEW)


@blueprint.get("", strict_slashes=False)
def list_all() -> str:
    """List the viewer's queues; organizers also see all rounds."""
    edition, now = current_edition(), utcnow()
    may_manage = current_actor().may(Permission.PROGRAM_MANAGE, edition.id)
    own_rounds = sorted(
        list_rounds(edition.id, current_person_id()), key=lambda each: each.state_at(now) is not CallState.OPEN
    )
    queues = [(each, list_queue(each.id, current_person_id())) for each in own_rounds]
    return render_template(
        "organizer/reviews/list.html",
        queues=[(each, each.state_at(now), queue, _next_code(queue)) for each, queue in queues],
        rounds=[(each, each.state_at(now)) for each in list_rounds(edition.id)] if may_manage else [],
        calls={each.id: each for each in list_calls(edition.id)},
        labels=ROUND_STATES,
        may_manage=may_manage,
    )


@blueprint.route("/<slug>/proposals/<code>", methods=["GET", "POST"])
def review(slug: str, code: str) -> str | Response | tuple[str, int]:
    """Show an assigned proposal and save the viewer's review; then lead to the next proposal."""
    edition, person_id = current_edition(), current_person_id()
    round_, proposal = get_round(edition.id, slug), get_proposal(edition.id, code)
    queue = list_queue(round_.id, person_id)
    if code not in {each.proposal.code for each in queue}:
        raise ReviewMissing
    reviews = list_reviews(round_.id, proposal.id)
    own = next((each.values for each in reviews if each.person_id == person_id), None)
    form = make_review_form(round_.criteria, own)
    if form.validate_on_submit() and _save(form, round_, code):
        following = _next_code(queue, after=code)
        if request.form.get("action") == "next" and following:
            return redirect(url_for("organizer_reviews.review", slug=slug, code=following))
        return redirect(url_for("organizer_reviews.list_all"))
    can_discuss = may_discuss(round_.id, proposal.id, person_id)
    page = render_template(
        "organizer/reviews/review.html",
        form=form,
        round=round_,
        proposal=proposal,
        is_open=round_.state_at(utcnow()) is CallState.OPEN,
        reviewed=sum(each.is_reviewed for each in queue),
        queue=queue,
        answers=_list_answers(round_, proposal),
        speakers=[] if round_.is_blind else list_speakers([proposal.id])[proposal.id],
        comments=[each for each in reviews if each.person_id != person_id and each.values.comment] if own else [],
        messages=list_messages(round_.id, proposal.id) if can_discuss else [],
        message_form=DiscussionForm(formdata=None) if can_discuss else None,
        has_reviewed=own is not None,
        offered=list_offered(edition),
    )
    return page, 422 if form.errors else 200


@blueprint.post("/<slug>/proposals/<code>/discussion")
def discuss(slug: str, code: str) -> Response:
    """Add a message to the discussion of a proposal that the viewer has reviewed."""
    form = DiscussionForm()
    if form.validate_on_submit():
        write_message(current_actor(), current_edition().id, slug, code, form.text.data or "", utcnow())
        flash(_("Your message has been added."), "success")
    else:
        flash(str(next(iter(form.errors.values()))[0]), "danger")
    return redirect(url_for("organizer_reviews.review", slug=slug, code=code, _anchor="discussion"))


def _save(form: ReviewForm, round_: RoundRow, code: str) -> bool:
    try:
        save_review(current_actor(), current_edition().id, round_.slug, code, form.to_request(), utcnow())
    except Invalid as error:
        show_at_field(form, error, "comment")
        return False
    except Conflict as error:
        flash(message_of(error), "danger")
        return False
    flash(_("Your review of %(code)s has been saved.", code=code), "success")
    return True


def _next_code(queue: list[QueuedProposal], after: str = "") -> str:
    """Return the first proposal after `after` without a review, then the first one of all."""
    codes = [each.proposal.code for each in queue]
    start = codes.index(after) + 1 if after in codes else 0
    ordered = queue[start:] + queue[:start]
    return next((each.proposal.code for each in ordered if not each.is_reviewed and each.proposal.code != after), "")


def _list_answers(round_: RoundRow, proposal: ProposalRow) -> list[tuple[object, str]]:
    """Return the answers to questions that are not identifying; files are left out, since their names may tell."""
    answers = get_answers(proposal.sheet_id)
    fields = list_fields(get_call_by_id(proposal.call_id).form_id)
    shown = [each for each in fields if each.key in answers and not (round_.is_blind and each.is_identifying)]
    return [(each, text) for each in shown if (text := show_answer(each, answers[each.key], {}))]
