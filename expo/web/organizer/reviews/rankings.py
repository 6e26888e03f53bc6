"""The ranking of a round, its statistics, and decisions about many proposals at once."""

from collections.abc import Mapping, Sequence

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _, lazy_gettext as _l, ngettext
from werkzeug.wrappers import Response

from expo.accounts.rules import Permission
from expo.errors import Invalid
from expo.flows.proposals import DECISIONS, MAX_DECISIONS, decide_proposals, preview_decision
from expo.infra.clock import utcnow
from expo.proposals.queries import (
    PAGE_SIZE,
    ProposalFilter,
    RankedProposal,
    RoundRow,
    get_proposal,
    get_round,
    list_ranked_proposals,
    list_speakers,
)
from expo.proposals.rules import ACCEPTED_STATES, ProposalState, ReviewFigures, may_become, summarize
from expo.reports.offers import OfferedTexts, list_offered
from expo.reports.proposals import export_ranking
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.downloads import table_response
from expo.web.kit.errors import message_of
from expo.web.kit.formats import country_name, language_in_words
from expo.web.kit.language import localized
from expo.web.kit.proposal_labels import PROPOSAL_STATES, PROPOSAL_TONES
from expo.web.organizer.reviews.forms import BulkDecisionForm
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint(
    "organizer_rankings", __name__, "/reviews/rounds/<slug>/ranking", Permission.PROGRAM_MANAGE
)

FILTERS = ("state", "track", "language")
HEADINGS = {
    ProposalState.ACCEPTED: _l("Accept the selected proposals"),
    ProposalState.REJECTED: _l("Reject the selected proposals"),
    ProposalState.WAITLISTED: _l("Put the selected proposals on the waiting list"),
}


@blueprint.get("")
def show(slug: str) -> str:
    """Show the proposals of a round by score, with statistics of those that match the filter."""
    edition = current_edition()
    round_, offered = get_round(edition.id, slug), list_offered(edition)
    wanted = _filter_of(request.args)
    ranked = list_ranked_proposals(round_, wanted)
    pages = max(-(-len(ranked) // PAGE_SIZE), 1)
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    return render_template(
        "organizer/reviews/ranking.html",
        round=round_,
        wanted=wanted,
        ranked=ranked[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        total=len(ranked),
        page=page,
        pages=pages,
        query={name: value for name in FILTERS if (value := getattr(wanted, name))},
        is_selected=request.args.get("select") == "page",
        statistics=_list_statistics(ranked, offered),
        offered=offered,
        states={state: text for state, text in PROPOSAL_STATES.items() if state not in {"draft", "withdrawn"}},
        tones=PROPOSAL_TONES,
        form=BulkDecisionForm(),
        maximum=MAX_DECISIONS,
    )


@blueprint.get("/export.<any(csv, xlsx):kind>")
def export(slug: str, kind: str) -> Response:
    """Return the ranking as a file; that of a blind round says nothing about the speakers."""
    edition = current_edition()
    round_ = get_round(edition.id, slug)
    columns, rows = export_ranking(current_actor(), edition, round_, _filter_of(request.args), utcnow())
    return table_response(kind, f"ranking-{round_.slug}", columns, rows)


@blueprint.post("/decide")
def decide(slug: str) -> str | Response | tuple[str, int]:
    """Show what a decision about the selected proposals does, with the e-mail; then decide."""
    edition, actor = current_edition(), current_actor()
    round_ = get_round(edition.id, slug)
    decision = next((each for each in DECISIONS if each.value == request.form.get("decision")), None)
    if decision is None:
        abort(400)
    codes = list(dict.fromkeys(request.form.getlist("codes")))
    if "matching" in request.form:
        codes = [each.proposal.code for each in list_ranked_proposals(round_, _filter_of(request.form))]
    problem = _problem_of(codes)
    if problem:
        flash(problem, "danger")
        return redirect(url_for("organizer_rankings.show", slug=slug))
    proposals = [get_proposal(edition.id, code) for code in codes]
    possible = [each for each in proposals if each.call_id == round_.call_id and may_become(each.state, decision)]
    # The selection was posted without the fields of this form, which would otherwise all count as empty.
    is_answered = "note" in request.form
    form = BulkDecisionForm() if is_answered else BulkDecisionForm(formdata=None)
    if is_answered and form.validate() and request.form.get("action") == "decide":
        return _decide(round_, decision, [each.code for each in possible], form)
    note = "" if form.errors else form.note.data or ""
    speakers = list_speakers([each.id for each in possible])
    page = render_template(
        "organizer/reviews/decide.html",
        form=form,
        round=round_,
        decision=decision,
        heading=HEADINGS[decision],
        proposals=possible,
        left_out=[each for each in proposals if each not in possible],
        emails=sum(each.has_accepted for rows in speakers.values() for each in rows),
        email=preview_decision(actor, edition.id, possible[0].code, decision, note) if possible else None,
    )
    return page, 422 if form.errors else 200


def _decide(round_: RoundRow, decision: ProposalState, codes: list[str], form: BulkDecisionForm) -> Response:
    try:
        decided = decide_proposals(
            current_actor(), round_.edition_id, codes, decision, form.note.data or "", utcnow(),
            is_notified=form.is_notified.data,
        )  # fmt: skip
    except Invalid as error:
        flash(message_of(error), "danger")
        return redirect(url_for("organizer_rankings.show", slug=round_.slug))
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
                "The status of %(count)s proposal has changed in the meantime, so it was left as it is.",
                "The status of %(count)s proposals has changed in the meantime, so they were left as they are.",
                refused, count=refused,
            ),
            "danger",
        )  # fmt: skip
    return redirect(url_for("organizer_rankings.show", slug=round_.slug))


def _filter_of(values: Mapping[str, str]) -> ProposalFilter:
    return ProposalFilter(
        state=values.get("state", ""), track=values.get("track", ""), language=values.get("language", "")
    )


def _problem_of(codes: Sequence[str]) -> str:
    if not codes:
        return _("Select at least one proposal.")
    if len(codes) > MAX_DECISIONS:
        return _("Select at most %(maximum)s proposals.", maximum=MAX_DECISIONS)
    return ""


def _list_statistics(
    ranked: Sequence[RankedProposal], offered: OfferedTexts
) -> list[tuple[str, list[tuple[str, ReviewFigures]]]]:
    """Return the tables of statistics: the heading, then the rows."""
    tracks = {slug: localized(name) for slug, name in offered.tracks}
    return [
        (
            heading,
            list(
                summarize(
                    [
                        (name, each.proposal.state in ACCEPTED_STATES, each.ranking.score)
                        for name, each in zip(names, ranked, strict=True)
                    ]
                ).items()
            ),
        )
        for heading, names in (
            (_("By track"), [tracks.get(each.proposal.content.track) or _("Without a track") for each in ranked]),
            (_("By country or region"), [country_name(each.country) or _("Unknown") for each in ranked]),
            (
                _("By language"),
                [_language_of(each.proposal.content.language) for each in ranked],
            ),
            (
                _("By experience"),
                [_("First-time speakers") if each.is_first_time else _("Spoke before") for each in ranked],
            ),
        )
    ]


def _language_of(code: str) -> str:
    return language_in_words(code) if code else _("Unknown")
