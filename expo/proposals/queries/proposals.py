"""Reads of proposals. They never contain names: `list_speakers` returns the speakers to those who may know them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, or_, select

from expo.infra.db import db
from expo.proposals.errors import ProposalMissing
from expo.proposals.models import Proposal, ProposalSpeaker
from expo.proposals.rules import ProposalContent, ProposalState
from expo.pure.names import search_terms

PAGE_SIZE = 50


@dataclass(frozen=True)
class ProposalFilter:
    """Which proposals an organizer wants to see; `finds_names` also searches the speakers."""

    q: str = ""
    call_id: int | None = None
    state: str = ""
    track: str = ""
    kind: str = ""
    language: str = ""
    finds_names: bool = False


@dataclass(frozen=True)
class ProposalRow:
    """A proposal."""

    id: int
    edition_id: int
    call_id: int
    code: str
    state: ProposalState
    person_id: int = field(repr=False)
    content: ProposalContent
    sheet_id: int | None
    version: int
    editable_until: datetime | None
    created_at: datetime
    changed_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None
    confirmed_at: datetime | None
    withdrawn_at: datetime | None

    @property
    def title(self) -> dict[str, str]:
        """The title by language."""
        return dict(self.content.title)


def get_proposal(edition_id: int, code: str) -> ProposalRow:
    """Return a proposal of an edition. Raises ProposalMissing."""
    proposal = db.session.scalars(
        select(Proposal)
        .where(Proposal.edition_id == edition_id, Proposal.code == code)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if proposal is None:
        raise ProposalMissing
    return row_of(proposal)


def get_proposals(edition_id: int, codes: Sequence[str]) -> list[ProposalRow]:
    """Return the proposals with these codes in the given order, with one query. Raises ProposalMissing."""
    query = select(Proposal).where(Proposal.edition_id == edition_id, Proposal.code.in_(codes))
    found = {each.code: row_of(each) for each in db.session.scalars(query.execution_options(populate_existing=True))}
    if not found.keys() >= set(codes):
        raise ProposalMissing
    return [found[code] for code in codes]


def get_own_proposal(edition_id: int, person_id: int, code: str) -> ProposalRow:
    """Return a proposal to its author or to a co-speaker who accepted. Raises ProposalMissing for anybody else."""
    found = db.session.scalars(
        select(Proposal)
        .where(Proposal.edition_id == edition_id, Proposal.code == code, _is_of(person_id))
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise ProposalMissing
    return row_of(found)


def list_own_proposals(edition_id: int, person_id: int) -> list[ProposalRow]:
    """Return the proposals whose author or speaker is this person, newest first."""
    query = select(Proposal).where(Proposal.edition_id == edition_id, _is_of(person_id))
    return [row_of(each) for each in db.session.scalars(query.order_by(Proposal.id.desc()))]


def list_all_own_proposals(person_id: int) -> list[ProposalRow]:
    """Return the proposals of a person in every edition, for an export of their data."""
    return [
        row_of(each) for each in db.session.scalars(select(Proposal).where(_is_of(person_id)).order_by(Proposal.id))
    ]


def list_proposals(edition_id: int, filters: ProposalFilter, page: int = 1) -> list[ProposalRow]:
    """Return one page of the matching proposals, last changed first."""
    query = _matching(select(Proposal), edition_id, filters).order_by(Proposal.changed_at.desc(), Proposal.id.desc())
    return [row_of(each) for each in db.session.scalars(query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE))]


def list_all_proposals(edition_id: int, filters: ProposalFilter) -> list[ProposalRow]:
    """Return all matching proposals in the order of their submission, for exports."""
    query = _matching(select(Proposal), edition_id, filters).order_by(Proposal.submitted_at, Proposal.id)
    return [row_of(each) for each in db.session.scalars(query)]


def count_matching(edition_id: int, filters: ProposalFilter) -> dict[ProposalState, int]:
    """Return how many proposals match, by state, ignoring the state that the filter wants."""
    query = select(Proposal.state, func.count()).group_by(Proposal.state)
    without_state = ProposalFilter(**{**vars(filters), "state": ""})
    return {
        ProposalState(state): count for state, count in db.session.execute(_matching(query, edition_id, without_state))
    }


def _matching(query: Any, edition_id: int, filters: ProposalFilter) -> Any:
    query = query.where(Proposal.edition_id == edition_id)
    if filters.call_id is not None:
        query = query.where(Proposal.call_id == filters.call_id)
    for column, value in (
        (Proposal.state, filters.state),
        (Proposal.track, filters.track),
        (Proposal.kind, filters.kind),
        (Proposal.language, filters.language),
    ):
        if value:
            query = query.where(column == value)
    for term in search_terms(filters.q):
        matches = Proposal.search_text.like(f"% {term}%")
        if filters.finds_names:
            names = exists().where(
                ProposalSpeaker.proposal_id == Proposal.id, ProposalSpeaker.search_text.like(f"% {term}%")
            )
            query = query.where(or_(matches, names))
        else:
            query = query.where(matches)
    return query


def _is_of(person_id: int) -> Any:
    accepted = exists().where(
        ProposalSpeaker.proposal_id == Proposal.id,
        ProposalSpeaker.person_id == person_id,
        ProposalSpeaker.accepted_at.is_not(None),
    )
    return or_(Proposal.person_id == person_id, accepted)


def row_of(proposal: Proposal) -> ProposalRow:
    """Return what the domain knows about a proposal's row."""
    return ProposalRow(
        id=proposal.id,
        edition_id=proposal.edition_id,
        call_id=proposal.call_id,
        code=proposal.code,
        state=ProposalState(proposal.state),
        person_id=proposal.person_id,
        content=ProposalContent(
            title=proposal.title,
            abstract=proposal.abstract,
            description=proposal.description,
            kind=proposal.kind,
            track=proposal.track,
            language=proposal.language,
            level=proposal.level,
            minutes=proposal.minutes,
            message=proposal.message,
        ),
        sheet_id=proposal.sheet_id,
        version=proposal.version,
        editable_until=proposal.editable_until,
        created_at=proposal.created_at,
        changed_at=proposal.changed_at,
        submitted_at=proposal.submitted_at,
        decided_at=proposal.decided_at,
        confirmed_at=proposal.confirmed_at,
        withdrawn_at=proposal.withdrawn_at,
    )
