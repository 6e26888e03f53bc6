"""The ranking of a round, its statistics, and decisions about many proposals at once."""

from collections.abc import Mapping, Sequence

from flask import render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.accounts.rules import Permission
from expo.flows.proposals import MAX_DECISIONS
from expo.infra.clock import utcnow
from expo.proposals.queries import (
    ProposalFilter,
    RankedProposal,
    get_round,
    list_ranked_proposals,
)
from expo.proposals.rules import ACCEPTED_STATES, ReviewFigures, summarize
from expo.reports.offers import OfferedTexts, list_offered
from expo.reports.proposals import export_ranking
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.downloads import table_response
from expo.web.kit.formats import country_name, language_in_words
from expo.web.kit.language import localized
from expo.web.kit.list_pages import page_of_request
from expo.web.kit.proposal_labels import PROPOSAL_STATES, PROPOSAL_TONES
from expo.web.organizer.proposals.selected import Answer, decide_selected
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint(
    "organizer_rankings", __name__, "/reviews/rounds/<slug>/ranking", Permission.PROGRAM_MANAGE
)

FILTERS = ("state", "track", "language")


@blueprint.get("")
def show(slug: str) -> str:
    """Show the proposals of a round by score, with statistics of those that match the filter."""
    edition = current_edition()
    round_, offered = get_round(edition.id, slug), list_offered(edition)
    wanted = _filter_of(request.args)
    ranked = list_ranked_proposals(round_, wanted)
    page = page_of_request(len(ranked), {name: value for name in FILTERS if (value := getattr(wanted, name))})
    return render_template(
        "organizer/reviews/ranking.html",
        round=round_,
        wanted=wanted,
        ranked=page.cut(ranked),
        total=len(ranked),
        page=page,
        is_selected=request.args.get("select") == "page",
        statistics=_list_statistics(ranked, offered),
        offered=offered,
        states={state: text for state, text in PROPOSAL_STATES.items() if state not in {"draft", "withdrawn"}},
        tones=PROPOSAL_TONES,
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
def decide(slug: str) -> Answer:
    """Show what a decision about the selected proposals does, with the e-mail; then decide."""
    round_ = get_round(current_edition().id, slug)
    back = url_for("organizer_rankings.show", slug=slug)
    trail = [(_("Reviews"), url_for("organizer_reviews.list_all")), (_("Ranking"), back)]
    codes = request.form.getlist("codes")
    if "matching" in request.form:
        codes = [each.proposal.code for each in list_ranked_proposals(round_, _filter_of(request.form))]
    return decide_selected(codes, trail, round_.call_id)


def _filter_of(values: Mapping[str, str]) -> ProposalFilter:
    return ProposalFilter(
        state=values.get("state", ""), track=values.get("track", ""), language=values.get("language", "")
    )


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
