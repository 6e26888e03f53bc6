"""Proposals: list, one proposal, export, permission to edit, withdrawal."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse

from expo.accounts.rules import Permission, require
from expo.flows.proposals import DECISIONS, MAX_DECISIONS, withdraw_proposal
from expo.infra.clock import utcnow
from expo.proposals.queries import (
    PAGE_SIZE,
    count_matching,
    find_proposal_file,
    get_call_by_id,
    get_proposal,
    list_calls,
    list_files,
    list_profiles,
    list_proposals,
    list_reviews_by_round,
    list_speakers,
)
from expo.proposals.rules import HIGHEST_SCORE, ProposalState, may_become
from expo.proposals.services import allow_editing
from expo.questions.queries import get_answers, list_fields
from expo.reports.offers import list_offered
from expo.reports.proposals import export_proposals
from expo.web.kit.access import current_actor, current_edition, current_person_id
from expo.web.kit.downloads import table_response
from expo.web.kit.proposal_labels import PROPOSAL_STATES, PROPOSAL_TONES
from expo.web.kit.question_fields import show_answer
from expo.web.kit.questions import Question, confirm_first
from expo.web.kit.stored_files import stored_file_response
from expo.web.kit.text_fields import from_local, moment_field, to_local
from expo.web.organizer.changes import list_history
from expo.web.organizer.proposals.filters import filter_of_request, may_know_names, query_of
from expo.web.organizer.sections import is_partial_request, section_blueprint

blueprint = section_blueprint("organizer_proposals", __name__, "/proposals", Permission.PROGRAM_READ)


class EditingForm(FlaskForm):  # type: ignore[misc]
    """Until when the author may edit a proposal although the call is closed."""

    until = moment_field(_l("Allow editing until"))


@blueprint.get("", strict_slashes=False)
def list_all() -> str:
    """List the proposals matching the filter; htmx requests get only the list."""
    edition = current_edition()
    calls = list_calls(edition.id)
    wanted = filter_of_request(calls)
    counts = count_matching(edition.id, wanted)
    page = max(request.args.get("page", 1, type=int), 1)
    total = sum(count for state, count in counts.items() if wanted.state in {"", state.value})
    proposals = list_proposals(edition.id, wanted, page)
    template = "organizer/proposals/_list.html" if is_partial_request() else "organizer/proposals/list.html"
    return render_template(
        template,
        wanted=wanted,
        query=query_of(wanted, calls),
        proposals=proposals,
        speakers=list_speakers([each.id for each in proposals]) if may_know_names() else {},
        calls={each.id: each for each in calls},
        counts=counts,
        total=total,
        page=page,
        pages=-(-total // PAGE_SIZE),
        offered=list_offered(edition),
        states=PROPOSAL_STATES,
        tones=PROPOSAL_TONES,
        knows_names=may_know_names(),
        maximum=MAX_DECISIONS,
    )


@blueprint.get("/export.<any(csv, xlsx):kind>")
def export(kind: str) -> Response:
    """Return the matching proposals as a file."""
    edition = current_edition()
    columns, rows = export_proposals(current_actor(), edition, filter_of_request(list_calls(edition.id)), utcnow())
    return table_response(kind, f"proposals-{edition.slug}", columns, rows)


@blueprint.get("/<code>")
def show(code: str) -> str:
    """Show a proposal with its answers; its speakers only to those who may know them."""
    edition = current_edition()
    proposal = get_proposal(edition.id, code)
    call = get_call_by_id(proposal.call_id)
    knows_names = may_know_names()
    fields = [each for each in list_fields(call.form_id) if knows_names or not each.is_identifying]
    answers = get_answers(proposal.sheet_id)
    files = list_files(proposal.id) if knows_names else []
    names = {each.key: each.name for each in files}
    speakers = list_speakers([proposal.id])[proposal.id] if knows_names else []
    return render_template(
        "organizer/proposals/proposal.html",
        proposal=proposal,
        call=call,
        answers=[(each, show_answer(each, answers.get(each.key), names)) for each in fields if each.key in answers],
        speakers=speakers,
        profiles=list_profiles([each.person_id for each in speakers if each.person_id is not None]),
        files=files,
        reviews=list_reviews_by_round(proposal, current_person_id()) if knows_names else [],
        highest=HIGHEST_SCORE,
        offered=list_offered(edition),
        states=PROPOSAL_STATES,
        tones=PROPOSAL_TONES,
        knows_names=knows_names,
        decisions=[each for each in DECISIONS if may_become(proposal.state, each)],
        can_withdraw=may_become(proposal.state, ProposalState.WITHDRAWN),
        editing=EditingForm(data={"until": to_local(proposal.editable_until, edition.zone)}),
        history=list_history("proposal", proposal.id, edition.id) if knows_names else [],
    )


@blueprint.get("/<code>/files/<key>")
def download(code: str, key: str) -> Response:
    """Return a file of a proposal; its name or content may say who wrote it."""
    edition = current_edition()
    require(current_actor(), Permission.PROGRAM_MANAGE, edition.id)
    return stored_file_response(find_proposal_file(get_proposal(edition.id, code).id, key))


@blueprint.post("/<code>/editing")
def set_editing(code: str) -> AnyResponse:
    """Let the author edit until a moment, or no longer."""
    edition, form = current_edition(), EditingForm()
    require(current_actor(), Permission.PROGRAM_MANAGE, edition.id)
    if form.validate_on_submit():
        until = from_local(form.until.data, edition.zone)
        allow_editing(current_actor(), edition.id, code, until, utcnow())
        flash(_("The author can edit the proposal.") if until else _("Editing is no longer allowed."), "success")
    else:
        flash(_("Enter a date and time."), "danger")
    return redirect(url_for("organizer_proposals.show", code=code))


@blueprint.route("/<code>/withdraw", methods=["GET", "POST"])
def withdraw(code: str) -> AnyResponse | tuple[str, int]:
    """Withdraw a proposal on behalf of its author, after confirmation."""
    edition = current_edition()
    require(current_actor(), Permission.PROGRAM_MANAGE, edition.id)
    proposal = get_proposal(edition.id, code)
    question = Question(
        title=_("Withdraw proposal %(code)s?", code=proposal.code),
        text=_("The author gets an e-mail. If the proposal was accepted, its session is removed from the programme."),
        button=_("Withdraw proposal"),
        trail=[
            (_("Proposals"), url_for("organizer_proposals.list_all")),
            (proposal.code, url_for("organizer_proposals.show", code=code)),
        ],
        is_destructive=True,
    )
    return confirm_first(
        question,
        lambda: withdraw_proposal(current_actor(), edition.id, proposal.code, utcnow()),
        _("The proposal has been withdrawn."),
    )
