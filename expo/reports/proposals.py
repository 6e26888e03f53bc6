"""Exports of proposals with their speakers and answers, and of the ranking of a review round."""

from collections.abc import Iterable
from datetime import datetime

from expo.accounts.rules import Actor, Permission, require, require_confirmed
from expo.editions.queries import EditionFacts
from expo.formats.tables import Cell
from expo.infra.audit import record_export
from expo.proposals.queries import (
    ProposalFilter,
    RoundRow,
    list_all_proposals,
    list_calls,
    list_ranked_proposals,
    list_speakers,
)
from expo.pure.languages import localized
from expo.questions.queries import list_answers, list_fields, list_removed_fields
from expo.questions.rules import Field, Value

_COLUMNS = (
    "code",
    "state",
    "call",
    "type",
    "track",
    "language",
    "level",
    "minutes",
    "speakers",
    "emails",
    "submitted_at",
)


def export_proposals(
    actor: Actor, edition: EditionFacts, filters: ProposalFilter, now: datetime
) -> tuple[list[str], list[tuple[Cell, ...]]]:
    """Return the columns and rows of the matching proposals, and note the export. Requires PROGRAM_MANAGE."""
    require(actor, Permission.PROGRAM_MANAGE, edition.id)
    require_confirmed(actor)
    proposals = list_all_proposals(edition.id, filters)
    calls = {each.id: each for each in list_calls(edition.id)}
    used = {each.call_id for each in proposals}
    questions = [
        (call_id, field)
        for call_id, call in calls.items()
        if call_id in used
        for field in (*list_fields(call.form_id), *list_removed_fields(call.form_id))
    ]
    speakers = list_speakers([each.id for each in proposals])
    answers = list_answers([each.sheet_id for each in proposals if each.sheet_id is not None])
    rows: list[tuple[Cell, ...]] = []
    for each in proposals:
        given = answers.get(each.sheet_id, {}) if each.sheet_id is not None else {}
        active = [speaker for speaker in speakers[each.id] if not speaker.has_declined]
        rows.append(
            (
                each.code,
                each.state.value,
                localized(calls[each.call_id].title, "en"),
                each.content.kind,
                each.content.track,
                each.content.language,
                each.content.level,
                each.content.minutes,
                "; ".join(speaker.name or speaker.email for speaker in active),
                "; ".join(speaker.email for speaker in active),
                each.submitted_at.astimezone(edition.zone).strftime("%Y-%m-%d %H:%M") if each.submitted_at else "",
                *(each.content.title.get(code, "") for code in edition.languages),
                *(each.content.abstract.get(code, "") for code in edition.languages),
                *(
                    _in_cell(field, given.get(field.key)) if call_id == each.call_id else ""
                    for call_id, field in questions
                ),
            )
        )
    record_export(actor, "proposals", now, edition.id, **_shown(filters))
    return [*_COLUMNS, *_texts("title", edition), *_texts("abstract", edition), *_labels(questions)], rows


def export_ranking(
    actor: Actor, edition: EditionFacts, round_: RoundRow, filters: ProposalFilter, now: datetime
) -> tuple[list[str], list[tuple[Cell, ...]]]:
    """Return the columns and rows of a round's ranking, best first, and note the export. Requires PROGRAM_MANAGE.

    That of a blind round says nothing about the speakers.
    """
    require(actor, Permission.PROGRAM_MANAGE, edition.id)
    if not round_.is_blind:
        require_confirmed(actor)
    ranked = list_ranked_proposals(round_, filters)
    speakers = {} if round_.is_blind else list_speakers([each.proposal.id for each in ranked])
    rows: list[tuple[Cell, ...]] = []
    for number, each in enumerate(ranked, start=1):
        proposal, ranking = each.proposal, each.ranking
        about: tuple[Cell, ...] = ()
        if not round_.is_blind:
            active = [speaker.name or speaker.email for speaker in speakers[proposal.id] if not speaker.has_declined]
            about = ("; ".join(active), each.country, "yes" if each.is_first_time else "no")
        rows.append(
            (
                number,
                proposal.code,
                *(proposal.title.get(code, "") for code in edition.languages),
                proposal.state.value,
                proposal.content.kind,
                proposal.content.track,
                proposal.content.language,
                None if ranking.score is None else round(ranking.score, 1),
                None if ranking.score is None else round(ranking.spread, 1),
                ranking.reviews,
                *about,
            )
        )
    record_export(actor, "ranking", now, edition.id, round=round_.slug, **_shown(filters))
    columns = ["rank", "code", *_texts("title", edition), "state", "type", "track", "language"]
    columns += ["score", "spread", "reviews"]
    return [*columns, *([] if round_.is_blind else ["speakers", "country", "first_time"])], rows


def _texts(name: str, edition: EditionFacts) -> list[str]:
    return [f"{name}_{code}" for code in edition.languages]


def _labels(questions: Iterable[tuple[int, Field]]) -> list[str]:
    return [localized(field.label, "en") for _call_id, field in questions]


def _in_cell(field: Field, value: Value | None) -> str:
    labels = {option.key: localized(option.label, "en") for option in field.options}
    if value is None:
        return ""
    if isinstance(value, list):
        return "; ".join(labels.get(each, each) for each in value)
    return "yes" if value is True else labels.get(str(value), str(value))


def _shown(filters: ProposalFilter) -> dict[str, str]:
    return {name: str(value) for name, value in vars(filters).items() if value and name != "finds_names"}
