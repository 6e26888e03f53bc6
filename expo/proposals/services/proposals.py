"""Acts of authors on their proposals: drafting, submitting, editing, withdrawing; and of organizers on their behalf."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from expo.accounts.models import Person
from expo.accounts.queries import find_person
from expo.accounts.rules import Actor, Permission, require
from expo.errors import Conflict, Refused
from expo.infra.audit import list_audit_records, record_act
from expo.infra.db import atomic, db, lock
from expo.proposals.errors import CallMissing, ProposalMissing
from expo.proposals.models import Call, Proposal, ProposalSpeaker
from expo.proposals.queries import ProposalRow, find_profile, get_call_by_id, get_own_proposal, list_files
from expo.proposals.queries.proposals import row_of
from expo.proposals.rules import (
    COUNTED_STATES,
    MAX_DRAFTS,
    CallState,
    Offer,
    ProposalContent,
    ProposalState,
    check_content,
    check_draft_content,
    is_editable,
    may_become,
)
from expo.pure.codes import make_code
from expo.pure.names import search_text
from expo.questions.queries import get_answers, list_fields
from expo.questions.rules import AnswerFault, Field, FieldKind, Given, Value, check_answers, check_draft
from expo.questions.services import store_answers

CODE_LENGTH = 8
WRITING = frozenset({"proposals.begin", "proposals.change"})


@dataclass(frozen=True)
class SavedProposal:
    """A proposal after an attempt to save it; what is at fault was not saved."""

    proposal: ProposalRow
    faults: tuple[AnswerFault, ...] = ()


def begin_proposal(actor: Actor, edition_id: int, call_slug: str, now: datetime) -> ProposalRow:
    """Begin an empty draft in an open call. Raises CallMissing, Conflict `call_not_open`, `drafts_too_many`."""
    person_id = _person_of(actor)
    with atomic():
        call_id = db.session.scalar(select(Call.id).where(Call.edition_id == edition_id, Call.slug == call_slug))
        if call_id is None:
            raise CallMissing
        if get_call_by_id(call_id).state_at(now) is not CallState.OPEN:
            raise Conflict("call_not_open")
        lock(Person, person_id)
        if _count(call_id, person_id, frozenset({ProposalState.DRAFT})) >= MAX_DRAFTS:
            raise Conflict("drafts_too_many", maximum=MAX_DRAFTS)
        proposal = Proposal(
            edition_id=edition_id,
            call_id=call_id,
            code=make_code(CODE_LENGTH, secrets.choice),
            person_id=person_id,
            created_at=now,
            changed_at=now,
        )
        db.session.add(proposal)
        db.session.flush()
        _add_author(proposal, person_id, now)
        _record(actor, proposal, "proposals.begin", now)
        return row_of(proposal)


def save_proposal(
    actor: Actor,
    edition_id: int,
    code: str,
    content: ProposalContent,
    given: Mapping[str, Given],
    offer: Offer,
    version: int,
    now: datetime,
) -> SavedProposal:
    """Save a proposal as its author or a co-speaker edits it.

    Of a draft, everything well formed is saved. A submitted proposal is saved only as a whole and if it is complete.
    Raises ProposalMissing, Conflict `proposal_changed`, `proposal_not_editable`.
    """
    with atomic():
        proposal = lock_shared_proposal(actor, edition_id, code)
        call = get_call_by_id(proposal.call_id)
        _check_editable(proposal, call.state_at(now), now)
        if proposal.version != version:
            raise Conflict("proposal_changed")
        fields = list_fields(call.form_id)
        is_draft = proposal.state == ProposalState.DRAFT.value
        checked = (check_draft if is_draft else check_answers)(fields, given)
        values, unknown = _without_foreign_files(proposal.id, fields, checked.values)
        faults = [*(check_draft_content if is_draft else check_content)(content, offer), *checked.faults, *unknown]
        if faults and not is_draft:
            return SavedProposal(row_of(proposal), tuple(faults))
        _store_content(proposal, content, {fault.key for fault in faults})
        proposal.sheet_id = store_answers(call.form_id, proposal.sheet_id, values, now)
        proposal.version += 1
        proposal.changed_at = now
        db.session.flush()
        if not is_draft or not _wrote_last(actor, proposal):
            _record(actor, proposal, "proposals.change", now)
        return SavedProposal(row_of(proposal), tuple(faults))


def submit_proposal(actor: Actor, edition_id: int, code: str, offer: Offer, now: datetime) -> SavedProposal:
    """Submit a draft as it was saved; with faults it stays a draft.

    The limit per person is counted under the person's lock, so that two submissions at once cannot both be the last.
    Raises ProposalMissing, Conflict `proposal_state`, `proposal_not_editable`, `proposals_too_many`.
    """
    with atomic():
        proposal = lock_own_proposal(actor, edition_id, code)
        call = get_call_by_id(proposal.call_id)
        _check_editable(proposal, call.state_at(now), now)
        _check_change(proposal, ProposalState.SUBMITTED)
        row = row_of(proposal)
        answers = check_answers(list_fields(call.form_id), get_answers(proposal.sheet_id))
        faults = [*check_content(row.content, offer), *answers.faults]
        if faults:
            return SavedProposal(row, tuple(faults))
        _take_place(call.id, proposal.person_id, call.max_per_person)
        proposal.state = ProposalState.SUBMITTED.value
        proposal.submitted_at = now
        proposal.version += 1
        proposal.changed_at = now
        db.session.flush()
        _record(actor, proposal, "proposals.submit", now)
        return SavedProposal(row_of(proposal))


def withdraw_proposal(actor: Actor, edition_id: int, code: str, now: datetime) -> ProposalRow:
    """Withdraw a proposal as its author, or on their behalf with PROGRAM_MANAGE.

    Raises ProposalMissing, Conflict `proposal_state`.
    """
    with atomic():
        proposal = _lock_for(actor, edition_id, code)
        _check_change(proposal, ProposalState.WITHDRAWN)
        proposal.state = ProposalState.WITHDRAWN.value
        proposal.withdrawn_at = now
        proposal.version += 1
        proposal.changed_at = now
        db.session.flush()
        _record(actor, proposal, "proposals.withdraw", now)
        return row_of(proposal)


def allow_editing(actor: Actor, edition_id: int, code: str, until: datetime | None, now: datetime) -> None:
    """Let the author edit a proposal until a moment although the call is closed; None ends it."""
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    with atomic():
        proposal = lock_proposal(edition_id, code)
        proposal.editable_until = until
        db.session.flush()
        _record(actor, proposal, "proposals.allow_editing", now, until=until.isoformat() if until else None)


def lock_proposal(edition_id: int, code: str) -> Proposal:
    """Return a proposal's row, locked. Raises ProposalMissing."""
    proposal_id = db.session.scalar(select(Proposal.id).where(Proposal.edition_id == edition_id, Proposal.code == code))
    proposal = lock(Proposal, proposal_id) if proposal_id is not None else None
    if proposal is None:
        raise ProposalMissing
    return proposal


def lock_own_proposal(actor: Actor, edition_id: int, code: str) -> Proposal:
    """Return the row of the actor's own proposal, locked. Raises ProposalMissing."""
    proposal = lock_proposal(edition_id, code)
    if proposal.person_id != _person_of(actor):
        raise ProposalMissing
    return proposal


def lock_shared_proposal(actor: Actor, edition_id: int, code: str) -> Proposal:
    """Return the row of a proposal whose author or co-speaker is the actor, locked. Raises ProposalMissing."""
    return lock_proposal(edition_id, get_own_proposal(edition_id, _person_of(actor), code).code)


def _lock_for(actor: Actor, edition_id: int, code: str) -> Proposal:
    if actor.may(Permission.PROGRAM_MANAGE, edition_id):
        return lock_proposal(edition_id, code)
    return lock_own_proposal(actor, edition_id, code)


def _person_of(actor: Actor) -> int:
    if actor.kind != "person" or actor.id is None:
        raise Refused("permission_missing", permission="proposals")
    return actor.id


def _check_editable(proposal: Proposal, call_state: CallState, now: datetime) -> None:
    if not is_editable(ProposalState(proposal.state), call_state, proposal.editable_until, now):
        raise Conflict("proposal_not_editable")


def _check_change(proposal: Proposal, following: ProposalState) -> None:
    if not may_become(ProposalState(proposal.state), following):
        raise Conflict("proposal_state", state=proposal.state, wanted=following.value)


def _take_place(call_id: int, person_id: int, maximum: int | None) -> None:
    if maximum is None:
        return
    _hold_person(person_id)
    if _count(call_id, person_id, COUNTED_STATES) >= maximum:
        raise Conflict("proposals_too_many", maximum=maximum)


def _hold_person(person_id: int) -> None:
    lock(Person, person_id)


def _count(call_id: int, person_id: int, states: frozenset[ProposalState]) -> int:
    query = select(func.count()).where(
        Proposal.call_id == call_id,
        Proposal.person_id == person_id,
        Proposal.state.in_([each.value for each in states]),
    )
    return db.session.scalar(query) or 0


def _add_author(proposal: Proposal, person_id: int, now: datetime) -> None:
    person = find_person(person_id)
    if person is None:
        raise ProposalMissing
    profile = find_profile(person_id)
    name = profile.values.name if profile else person.name
    db.session.add(
        ProposalSpeaker(
            proposal_id=proposal.id,
            person_id=person_id,
            email=person.email,
            name=name,
            search_text=search_text(name, person.email),
            accepted_at=now,
        )
    )
    db.session.flush()


def _store_content(proposal: Proposal, content: ProposalContent, at_fault: set[str]) -> None:
    for name, value in vars(content).items():
        if name not in at_fault:
            setattr(proposal, name, dict(value) if isinstance(value, Mapping) else value)
    proposal.search_text = search_text(proposal.code, *proposal.title.values(), *proposal.abstract.values())


def _without_foreign_files(
    proposal_id: int, fields: Sequence[Field], values: Mapping[str, Value]
) -> tuple[dict[str, Value], list[AnswerFault]]:
    """Drop answers that name a file of anything but this proposal: a key alone must not open somebody's file."""
    asking = {each.key for each in fields if each.kind is FieldKind.FILE}
    own = {each.key for each in list_files(proposal_id)} if asking & values.keys() else set()
    foreign = [key for key in asking & values.keys() if values[key] not in own]
    kept = {key: value for key, value in values.items() if key not in foreign}
    return kept, [AnswerFault(key, "file_unknown", {}) for key in foreign]


def _wrote_last(actor: Actor, proposal: Proposal) -> bool:
    """Return whether the actor wrote last: a draft is saved too often to note it every time."""
    writers = (each.actor_id for each in list_audit_records("proposal", proposal.id) if each.action in WRITING)
    return next(writers, None) == actor.id


def _record(actor: Actor, proposal: Proposal, action: str, now: datetime, **details: object) -> None:
    record_act(
        actor, action, now,
        edition_id=proposal.edition_id, subject="proposal", subject_id=proposal.id, code=proposal.code, **details,
    )  # fmt: skip
