"""A speaker's proposals: writing, saving while typing, submitting, editing, withdrawing, confirming."""

import io

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.editions.queries import EditionFacts
from expo.errors import Conflict, Invalid
from expo.flows.proposals import confirm_participation, confirm_proposal, submit_proposal, withdraw_proposal
from expo.formats.documents import check_slides
from expo.infra.clock import utcnow
from expo.proposals.queries import (
    CallRow,
    ProposalRow,
    find_proposal_file,
    get_call,
    get_call_by_id,
    get_own_proposal,
    list_files,
)
from expo.proposals.rules import CallState, ProposalContent, ProposalState
from expo.proposals.services import (
    FilePurpose,
    SavedProposal,
    add_file,
    begin_proposal,
    save_proposal,
)
from expo.questions.queries import get_answers, list_fields
from expo.questions.rules import AnswerFault, Field, FieldKind, Given
from expo.reports.offers import list_offered
from expo.web.kit.access import Audience, audience_blueprint, current_actor, current_edition, current_person_id
from expo.web.kit.countries import countries_in
from expo.web.kit.errors import message_of, status_of
from expo.web.kit.formats import time_local
from expo.web.kit.language import current_locale, own_language_first
from expo.web.kit.question_fields import PREFIX, conditions_json, describe_conditions, read_answers
from expo.web.kit.questions import Question, confirm_first
from expo.web.kit.stored_files import stored_file_response
from expo.web.kit.uploads import DOCUMENT_MB, is_larger, read_form_file
from expo.web.speaker.forms import InviteForm, MessageForm, ProposalForm
from expo.web.speaker.proposal_pages import can_be_edited, proposal_page

blueprint = audience_blueprint("speaker_proposals", __name__, Audience.SIGNED_IN)

Page = str | Response | tuple[str, int] | tuple[Response, int]


@blueprint.route("/cfp/<slug>/new", methods=["GET", "POST"])
def begin(slug: str) -> Page:
    """Show an empty form; saving it for the first time begins a draft."""
    edition = current_edition()
    call = get_call(edition.id, slug)
    if request.method == "GET":
        if call.state_at(utcnow()) is not CallState.OPEN:
            raise Conflict("call_not_open")
        return _form_page(edition, call, None, ProposalForm.of(ProposalContent(), list_offered(edition, call)), {})
    try:
        proposal = begin_proposal(current_actor(), edition.id, slug, utcnow())
    except Conflict as error:
        return _refuse(edition, call, None, error)
    return _save(edition, call, proposal, proposal.version)


@blueprint.route("/speaker/proposals/<code>/edit", methods=["GET", "POST"])
def edit(code: str) -> Page:
    """Edit a proposal: `action` is autosave (answers with JSON), save or submit."""
    edition = current_edition()
    proposal = get_own_proposal(edition.id, current_person_id(), code)
    call = get_call_by_id(proposal.call_id)
    if request.method == "POST":
        try:
            _require_editable(proposal, call)
            return _save(edition, call, proposal, request.form.get("version", 0, type=int))
        except Conflict as error:
            return _refuse(edition, call, get_own_proposal(edition.id, current_person_id(), code), error)
    _require_editable(proposal, call)
    form = ProposalForm.of(proposal.content, list_offered(edition, call))
    return _form_page(edition, call, proposal, form, dict(get_answers(proposal.sheet_id)))


@blueprint.get("/speaker/proposals/<code>")
def show(code: str) -> str:
    """Show a proposal with its status and what can be done about it."""
    return proposal_page(code, InviteForm(), MessageForm())


@blueprint.route("/speaker/proposals/<code>/withdraw", methods=["GET", "POST"])
def withdraw(code: str) -> Page:
    """Withdraw a proposal, after confirmation."""
    edition = current_edition()
    proposal = get_own_proposal(edition.id, current_person_id(), code)
    question = Question(
        title=_("Withdraw this proposal?"),
        text=_("The organizers will no longer consider it, and it cannot be submitted again."),
        button=_("Withdraw proposal"),
        trail=[
            (_("My speaker pages"), url_for("speaker.show")),
            (proposal.code, url_for("speaker_proposals.show", code=code)),
        ],
        is_destructive=True,
    )
    return confirm_first(
        question,
        lambda: withdraw_proposal(current_actor(), edition.id, proposal.code, utcnow()),
        _("Your proposal has been withdrawn."),
        "speaker/confirm.html",
    )


@blueprint.post("/speaker/proposals/<code>/confirm")
def confirm(code: str) -> Response:
    """Confirm taking part in an accepted proposal: as its author for the proposal, otherwise for oneself."""
    actor, edition = current_actor(), current_edition()
    proposal = get_own_proposal(edition.id, current_person_id(), code)
    confirms = confirm_proposal if proposal.person_id == current_person_id() else confirm_participation
    try:
        confirms(actor, edition.id, code, utcnow())
    except Conflict as error:
        flash(message_of(error), "danger")
    else:
        flash(_("Thank you. You have confirmed that you will take part."), "success")
    return redirect(url_for("speaker_proposals.show", code=code))


@blueprint.get("/speaker/proposals/<code>/files/<key>")
def download(code: str, key: str) -> Response:
    """Return a file of one's own proposal."""
    proposal = get_own_proposal(current_edition().id, current_person_id(), code)
    return stored_file_response(find_proposal_file(proposal.id, key))


def _save(edition: EditionFacts, call: CallRow, proposal: ProposalRow, version: int) -> Page:
    """Save what was sent, then answer as the pressed button or the script expects."""
    offered = list_offered(edition, call)
    form = ProposalForm.of(proposal.content, offered)
    fields = list_fields(call.form_id)
    given, faults = _read_answers(edition, proposal, fields)
    action = request.form.get("action", "save")
    if action == "submit" and proposal.person_id != current_person_id():
        action = "save"
    saved = save_proposal(
        current_actor(),
        edition.id,
        proposal.code,
        form.to_content(edition),
        given,
        offered.to_offer(),
        version,
        utcnow(),
    )
    faults = (*saved.faults, *faults, *_unreadable(form))
    if action == "autosave":
        return _answer_autosave(saved)
    if not faults and action == "submit" and proposal.state is ProposalState.DRAFT:
        try:
            saved = submit_proposal(current_actor(), edition.id, proposal.code, offered.to_offer(), utcnow())
        except Conflict as error:
            flash(message_of(error), "danger")
            return redirect(url_for("speaker_proposals.show", code=proposal.code))
        faults = saved.faults
    if faults:
        errors = form.show_faults(faults)
        return _form_page(edition, call, saved.proposal, form, dict(given), errors), 422
    is_submitted = saved.proposal.state is not ProposalState.DRAFT
    flash(
        _("Your proposal has been submitted. We have sent you a confirmation by e-mail.")
        if is_submitted and proposal.state is ProposalState.DRAFT
        else _("Your changes have been saved.")
        if is_submitted
        else _("Your draft has been saved. It has not been submitted yet."),
        "success",
    )
    if is_submitted:
        return redirect(url_for("speaker_proposals.show", code=proposal.code))
    return redirect(url_for("speaker_proposals.edit", code=proposal.code))


def _refuse(edition: EditionFacts, call: CallRow, proposal: ProposalRow | None, error: Conflict) -> Page:
    """Say why nothing was saved, beside what was typed."""
    if request.form.get("action") == "autosave":
        return jsonify(text=message_of(error)), status_of(error)
    form = ProposalForm.of(ProposalContent(), list_offered(edition, call))
    given = read_answers(list_fields(call.form_id))
    return _form_page(edition, call, proposal, form, given, refusal=message_of(error)), status_of(error)


def _answer_autosave(saved: SavedProposal) -> Response:
    return jsonify(
        version=saved.proposal.version,
        url=url_for("speaker_proposals.edit", code=saved.proposal.code),
        text=_("Draft saved at %(time)s", time=time_local(saved.proposal.changed_at)),
    )


def _unreadable(form: ProposalForm) -> tuple[AnswerFault, ...]:
    is_typed = any(text.strip() for text in form.minutes.raw_data or ())
    return (AnswerFault("minutes", "number_invalid", {}),) if is_typed and form.minutes.process_errors else ()


def _read_answers(
    edition: EditionFacts, proposal: ProposalRow, fields: list[Field]
) -> tuple[dict[str, Given], tuple[AnswerFault, ...]]:
    """Return what was sent for the questions; a new file is stored, and no new file leaves the stored one."""
    given, faults = read_answers(fields), []
    before = get_answers(proposal.sheet_id)
    for field in (each for each in fields if each.kind is FieldKind.FILE):
        uploaded = request.files.get(PREFIX + field.key)
        if uploaded is None or not uploaded.filename:
            if field.key in before and not request.form.get(f"remove-{field.key}"):
                given[field.key] = str(before[field.key])
            continue
        if is_larger(uploaded, DOCUMENT_MB):
            faults.append(AnswerFault(field.key, "file_too_large", {"megabytes": DOCUMENT_MB}))
            continue
        data = read_form_file(uploaded)
        try:
            media_type = check_slides(io.BytesIO(data), uploaded.filename)
            stored = add_file(
                current_actor(), edition.id, proposal.code, FilePurpose.ANSWER, io.BytesIO(data),
                uploaded.filename, media_type, utcnow(),
            )  # fmt: skip
        except (Invalid, Conflict) as error:
            faults.append(AnswerFault(field.key, error.code, error.params))
        else:
            given[field.key] = stored.key
    return given, tuple(faults)


def _require_editable(proposal: ProposalRow, call: CallRow) -> None:
    if not can_be_edited(proposal, call):
        raise Conflict("proposal_not_editable")


def _form_page(
    edition: EditionFacts,
    call: CallRow,
    proposal: ProposalRow | None,
    form: ProposalForm,
    given: dict[str, Given],
    errors: dict[str, str] | None = None,
    refusal: str = "",
) -> str:
    fields = list_fields(call.form_id)
    names = {each.key: each.name for each in list_files(proposal.id)} if proposal else {}
    is_draft = proposal is None or proposal.state is ProposalState.DRAFT
    return render_template(
        "speaker/edit.html",
        call=call,
        proposal=proposal,
        is_draft=is_draft,
        is_author=proposal is None or proposal.person_id == current_person_id(),
        form=form,
        fields=fields,
        given=given,
        errors=errors or {},
        refusal=refusal,
        hints={each.key: describe_conditions(each, fields) for each in fields},
        conditions={each.key: conditions_json(each) for each in fields},
        countries=countries_in(current_locale()),
        file_names=names,
        languages=own_language_first(edition.languages),
        prefix=PREFIX,
    )
