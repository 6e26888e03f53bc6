"""Accepting, rejecting and waitlisting one proposal, with the e-mail previewed before it is sent."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import BooleanField, TextAreaField
from wtforms.validators import Length

from expo.accounts.rules import Permission
from expo.errors import Conflict
from expo.flows.proposals import DECISIONS, decide_proposal, preview_decision
from expo.infra.clock import utcnow
from expo.proposals.queries import get_proposal, list_speakers
from expo.proposals.rules import ProposalState, may_become
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.errors import message_of
from expo.web.kit.proposal_labels import PROPOSAL_STATES
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint("organizer_decisions", __name__, "/proposals/<code>/decide", Permission.PROGRAM_MANAGE)

HEADINGS = {
    ProposalState.ACCEPTED: _l("Accept proposal"),
    ProposalState.REJECTED: _l("Reject proposal"),
    ProposalState.WAITLISTED: _l("Put on the waiting list"),
}


class DecisionForm(FlaskForm):  # type: ignore[misc]
    """A personal note, and whether the speakers are notified."""

    note = TextAreaField(
        _l("Personal note"),
        description=_l("Added to the e-mail, in the language of the speaker."),
        validators=[Length(max=4000)],
        render_kw={"rows": 4, "dir": "auto"},
    )
    is_notified = BooleanField(_l("Send the e-mail"), default=True)


@blueprint.route("/<any(accepted, rejected, waitlisted):decision>", methods=["GET", "POST"])
def decide(code: str, decision: str) -> str | Response | tuple[str, int]:
    """Show the e-mail of a decision, then decide. The button `preview` shows the e-mail with the note."""
    edition, actor = current_edition(), current_actor()
    following = ProposalState(decision)
    proposal = get_proposal(edition.id, code)
    if following not in DECISIONS or not may_become(proposal.state, following):
        abort(409)
    form = DecisionForm()
    status = 200
    if form.validate_on_submit() and request.form.get("action") == "decide":
        try:
            decide_proposal(
                actor, edition.id, code, following, form.note.data or "", utcnow(), is_notified=form.is_notified.data
            )
        except Conflict as error:
            flash(message_of(error), "danger")
        else:
            flash(_("%(code)s: %(state)s", code=proposal.code, state=PROPOSAL_STATES[following]), "success")
        return redirect(url_for("organizer_proposals.show", code=code))
    if form.errors:
        status = 422
    note = "" if form.errors else form.note.data or ""
    page = render_template(
        "organizer/proposals/decide.html",
        form=form,
        proposal=proposal,
        decision=decision,
        heading=HEADINGS[following],
        email=preview_decision(actor, edition.id, code, following, note),
        recipients=[each for each in list_speakers([proposal.id])[proposal.id] if each.has_accepted],
    )
    return page, status
