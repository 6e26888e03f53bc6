"""Reads of calls for proposals."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import func, select

from expo.infra.db import db
from expo.proposals.errors import CallMissing
from expo.proposals.models import Call, Proposal
from expo.proposals.rules import CallState, ProposalState, state_of_call
from expo.pure.versions import version_of


@dataclass(frozen=True)
class CallRow:
    """A call for proposals."""

    id: int
    edition_id: int
    slug: str
    title: dict[str, str]
    introduction: dict[str, str]
    opens_at: datetime | None
    closes_at: datetime | None
    kinds: tuple[str, ...]
    tracks: tuple[str, ...]
    languages: tuple[str, ...]
    max_per_person: int | None
    confirm_by: datetime | None
    photo_by: datetime | None
    slides_by: datetime | None
    speaker_ticket: str
    form_id: int

    @property
    def version(self) -> str:
        """The version that a change of it must name."""
        return version_of(asdict(self))

    def state_at(self, now: datetime) -> CallState:
        """Return whether it accepts proposals at `now`."""
        return state_of_call(self.opens_at, self.closes_at, now)


def list_calls(edition_id: int) -> list[CallRow]:
    """Return the calls of an edition in their order."""
    calls = db.session.scalars(select(Call).where(Call.edition_id == edition_id).order_by(Call.position, Call.id))
    return [_row_of(each) for each in calls]


def get_call(edition_id: int, slug: str) -> CallRow:
    """Return a call of an edition. Raises CallMissing."""
    call = db.session.scalars(select(Call).where(Call.edition_id == edition_id, Call.slug == slug)).one_or_none()
    if call is None:
        raise CallMissing
    return _row_of(call)


def get_call_by_id(call_id: int) -> CallRow:
    """Return a call. Raises CallMissing."""
    call = db.session.get(Call, call_id)
    if call is None:
        raise CallMissing
    return _row_of(call)


def list_calls_by_id(call_ids: Sequence[int]) -> dict[int, CallRow]:
    """Return calls by id, with one query."""
    return {each.id: _row_of(each) for each in db.session.scalars(select(Call).where(Call.id.in_(call_ids)))}


def count_proposals(edition_id: int) -> dict[int, dict[ProposalState, int]]:
    """Return by call id how many proposals there are in each state."""
    rows = db.session.execute(
        select(Proposal.call_id, Proposal.state, func.count())
        .where(Proposal.edition_id == edition_id)
        .group_by(Proposal.call_id, Proposal.state)
    )
    counts: dict[int, dict[ProposalState, int]] = {}
    for call_id, state, count in rows:
        counts.setdefault(call_id, {})[ProposalState(state)] = count
    return counts


def _row_of(call: Call) -> CallRow:
    return CallRow(
        id=call.id,
        edition_id=call.edition_id,
        slug=call.slug,
        title=call.title,
        introduction=call.introduction,
        opens_at=call.opens_at,
        closes_at=call.closes_at,
        kinds=tuple(call.kinds),
        tracks=tuple(call.tracks),
        languages=tuple(call.languages),
        max_per_person=call.max_per_person,
        confirm_by=call.confirm_by,
        photo_by=call.photo_by,
        slides_by=call.slides_by,
        speaker_ticket=call.speaker_ticket,
        form_id=call.form_id,
    )
