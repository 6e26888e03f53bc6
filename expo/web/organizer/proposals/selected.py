"""A decision about many proposals: what it does and the e-mail are shown before anything happens."""

from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _, lazy_gettext as _l, ngettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import BooleanField, TextAreaField
from wtforms.validators import Length

from expo.accounts.rules import Permission
from expo.errors import Invalid
from expo.flows.proposals import DECISIONS, MAX_DECISIONS, decide_proposals, preview_decision
from expo.infra.clock import utcnow
from expo.proposals.queries import get_proposals, list_all_proposals, list_calls, list_speakers
from expo.proposals.rules import ProposalState, may_become
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.errors import message_of
from expo.web.kit.proposal_labels import PROPOSAL_STATES
from expo.web.organizer.proposals.filters import filter_of_request, query_of
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint("organizer_selected", __name__, "/proposals/decide", Permission.PROGRAM_MANAGE)

HEADINGS = {
    ProposalState.ACCEPTED: _l("Accept the selected proposals"),
    ProposalState.REJECTED: _l("Reject the selected proposals"),
    ProposalState.WAITLISTED: _l("Put the selected proposals on the waiting list"),
}
Answer = str | Response | tuple[str, int]
# Texts and addresses of the pages above; the last one leads back.
Trail = list[tuple[str, str]]


class BulkDecisionForm(FlaskForm):  # type: ignore[misc]
    """A personal note for all, and whether the speakers are notified."""

    note = TextAreaField(
        _l("Note to all"),
        description=_l("Added to each e-mail."),
        validators=[Length(max=4000)],
        render_kw={"rows": 4, "dir": "auto"},
    )
    is_notified = BooleanField(_l("Send the e-mails"), default=True)


@blueprint.post("")
def decide() -> Answer:
    """Decide about the proposals selected in the list, or about all that match its filter."""
    edition = current_edition()
    calls = list_calls(edition.id)
    wanted = filter_of_request(calls)
    codes = request.form.getlist("codes")
    if "matching" in request.form:
        codes = [each.code for each in list_all_proposals(edition.id, wanted)]
    query: dict[str, Any] = {**query_of(wanted, calls)}
    return decide_selected(codes, [(_("Proposals"), url_for("organizer_proposals.list_all", **query))])


def decide_selected(codes: Sequence[str], trail: Trail, call_id: int | None = None) -> Answer:
    """Show what the decision of this request does to the proposals; or decide, and return to the end of the trail.

    With a call, proposals of others are left out.
    """
    edition = current_edition()
    decision = next((each for each in DECISIONS if each.value == request.form.get("decision")), None)
    if decision is None:
        abort(400)
    codes = list(dict.fromkeys(codes))
    problem = _problem_of(codes)
    if problem:
        flash(problem, "danger")
        return redirect(trail[-1][1])
    proposals = get_proposals(edition.id, codes)
    possible = [each for each in proposals if call_id in {None, each.call_id} and may_become(each.state, decision)]
    # The selection was posted without the fields of this form, which would otherwise all count as empty.
    is_answered = "note" in request.form
    form = BulkDecisionForm() if is_answered else BulkDecisionForm(formdata=None)
    if is_answered and form.validate() and request.form.get("action") == "decide":
        _decide([each.code for each in possible], decision, form)
        return redirect(trail[-1][1])
    note = "" if form.errors else form.note.data or ""
    speakers, kept = list_speakers([each.id for each in possible]), {each.id for each in possible}
    page = render_template(
        "organizer/proposals/selected.html",
        form=form,
        trail=trail,
        decision=decision,
        heading=HEADINGS[decision],
        proposals=possible,
        left_out=[each for each in proposals if each.id not in kept],
        emails=sum(each.has_accepted for rows in speakers.values() for each in rows),
        email=preview_decision(current_actor(), edition.id, possible[0].code, decision, note) if possible else None,
    )
    return page, 422 if form.errors else 200


def _decide(codes: Sequence[str], decision: ProposalState, form: BulkDecisionForm) -> None:
    try:
        decided = decide_proposals(
            current_actor(), current_edition().id, codes, decision, form.note.data or "", utcnow(),
            is_notified=form.is_notified.data,
        )  # fmt: skip
    except Invalid as error:
        flash(message_of(error), "danger")
        return
    count, refused = len(decided), len(codes) - len(decided)
    flash(
        ngettext(
            "%(count)s proposal: %(state)s", "%(count)s proposals: %(state)s", count,
            count=count, state=PROPOSAL_STATES[decision],
        ),
        "success",
    )  # fmt: skip
    if refused:
        flash(
            ngettext(
                "The status of %(count)s proposal has changed in the meantime, so it was left unchanged.",
                "The status of %(count)s proposals has changed in the meantime, so they were left unchanged.",
                refused, count=refused,
            ),
            "danger",
        )  # fmt: skip


def _problem_of(codes: Sequence[str]) -> str:
    if not codes:
        return _("Select at least one proposal.")
    if len(codes) > MAX_DECISIONS:
        return _("Select at most %(maximum)s proposals.", maximum=MAX_DECISIONS)
    return ""
