"""The page of one's own proposal, and whether it can be edited."""

from flask import current_app, render_template

from expo.infra.clock import utcnow
from expo.proposals.queries import (
    CallRow,
    ProposalRow,
    get_call_by_id,
    get_own_proposal,
    list_files,
    list_speakers,
)
from expo.proposals.rules import ACCEPTED_STATES, ProposalState, is_editable, may_become
from expo.questions.queries import get_answers, list_fields
from expo.reports.offers import list_offered
from expo.web.kit.access import current_edition, current_person_id
from expo.web.kit.proposal_labels import NEXT_STEPS, PROPOSAL_STATES, PROPOSAL_TONES
from expo.web.kit.question_fields import show_answer
from expo.web.speaker.forms import InviteForm, MessageForm


def proposal_page(code: str, invite: InviteForm, message: MessageForm) -> str:
    """Return the page of a proposal with its forms for inviting co-speakers and writing to the organizers."""
    edition = current_edition()
    proposal = get_own_proposal(edition.id, current_person_id(), code)
    call = get_call_by_id(proposal.call_id)
    is_author = proposal.person_id == current_person_id()
    fields, answers = list_fields(call.form_id), get_answers(proposal.sheet_id)
    files, speakers = list_files(proposal.id), list_speakers([proposal.id])[proposal.id]
    names = {each.key: each.name for each in files}
    shown = [(field, show_answer(field, answers.get(field.key), names)) for field in fields]
    return render_template(
        "speaker/proposal.html",
        proposal=proposal,
        call=call,
        is_author=is_author,
        is_editable=can_be_edited(proposal, call),
        needs_confirmation=proposal.state in ACCEPTED_STATES
        and not any(each.has_confirmed for each in speakers if each.person_id == current_person_id()),
        can_withdraw=is_author and may_become(proposal.state, ProposalState.WITHDRAWN),
        speakers=speakers,
        answers=[(field, text) for field, text in shown if text],
        offered=list_offered(edition),
        files=files,
        states=PROPOSAL_STATES,
        tones=PROPOSAL_TONES,
        next_step=NEXT_STEPS[proposal.state],
        invite=invite,
        message=message,
        max_slides_mb=current_app.config["SETTINGS"].max_slides_mb,
    )


def can_be_edited(proposal: ProposalRow, call: CallRow) -> bool:
    """Return whether the author may edit a proposal now."""
    now = utcnow()
    return is_editable(proposal.state, call.state_at(now), proposal.editable_until, now)
