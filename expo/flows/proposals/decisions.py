"""Deciding about proposals: the e-mail to the speakers, and the session that an accepted proposal becomes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from expo.accounts.queries import find_person
from expo.accounts.rules import Actor, Permission, require
from expo.errors import Conflict, Invalid
from expo.flows.proposals.emails import details_of, notify_author, notify_speakers
from expo.flows.proposals.sessions import drop_session, make_session
from expo.flows.speaker_tickets import issue_promised_tickets
from expo.infra.db import atomic, retried
from expo.mail.rendering import RenderedEmail, render_email
from expo.proposals import services
from expo.proposals.queries import ProposalRow, get_call_by_id, get_proposal, list_speakers
from expo.proposals.rules import ACCEPTED_STATES, ProposalState

# The decisions of organizers, and the e-mail that tells the speakers.
DECISIONS: Mapping[ProposalState, str] = {
    ProposalState.ACCEPTED: "proposals/accepted",
    ProposalState.REJECTED: "proposals/rejected",
    ProposalState.WAITLISTED: "proposals/waitlisted",
}
MAX_NOTE_LENGTH = 4_000
# How many proposals are decided in one request.
MAX_DECISIONS = 500


@retried
def decide_proposal(
    actor: Actor,
    edition_id: int,
    code: str,
    decision: ProposalState,
    note: str,
    now: datetime,
    *,
    is_notified: bool = True,
) -> ProposalRow:
    """Accept, reject or waitlist a proposal, and tell its speakers; `note` is added to the e-mail.

    An accepted proposal becomes a draft session. Raises ProposalMissing, Conflict `proposal_state`, Invalid.
    """
    _check_note(note)
    with atomic():
        was_accepted = get_proposal(edition_id, code).state in ACCEPTED_STATES
        proposal = services.decide_proposal(actor, edition_id, code, decision, now)
        if decision is ProposalState.ACCEPTED:
            make_session(proposal, now)
        elif was_accepted:
            drop_session(proposal, now)
        if is_notified:
            notify_speakers(DECISIONS[decision], proposal, now, **_details(proposal, note))
        return proposal


def decide_proposals(
    actor: Actor,
    edition_id: int,
    codes: Sequence[str],
    decision: ProposalState,
    note: str,
    now: datetime,
    *,
    is_notified: bool = True,
) -> list[str]:
    """Decide about several proposals, each in its own transaction, and return the codes of those decided.

    Proposals whose state has changed in the meantime are left as they are. Raises ProposalMissing, Invalid.
    """
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    _check_note(note)
    if len(codes) > MAX_DECISIONS:
        raise Invalid("too_many_proposals", field="codes", maximum=MAX_DECISIONS)
    decided = []
    for code in codes:
        try:
            decide_proposal(actor, edition_id, code, decision, note, now, is_notified=is_notified)
        except Conflict:
            continue
        decided.append(code)
    return decided


def accept_proposal(actor: Actor, edition_id: int, code: str, now: datetime, note: str = "") -> ProposalRow:
    """Accept a proposal, as `decide_proposal` does."""
    return decide_proposal(actor, edition_id, code, ProposalState.ACCEPTED, note, now)


def preview_decision(actor: Actor, edition_id: int, code: str, decision: ProposalState, note: str) -> RenderedEmail:
    """Return the e-mail that the author would receive, in their language. Raises ProposalMissing."""
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    proposal = get_proposal(edition_id, code)
    author = find_person(proposal.person_id)
    language = author.language if author else "en"
    details = {**details_of(proposal, language), **_details(proposal, note)}
    return render_email(DECISIONS[decision], language, details, {}, with_links=True)


def confirm_proposal(actor: Actor, edition_id: int, code: str, now: datetime) -> ProposalRow:
    """Confirm as its author that an accepted proposal will be given, and issue the tickets that its call promises.

    Raises ProposalMissing, Conflict.
    """
    proposal = _confirm(actor, edition_id, code, now)
    people = [each.person_id for each in list_speakers([proposal.id])[proposal.id] if each.person_id is not None]
    issue_promised_tickets(edition_id, people, now)
    return proposal


def confirm_participation(actor: Actor, edition_id: int, code: str, now: datetime) -> None:
    """Confirm as a co-speaker that one takes part, and issue the ticket that the call promises.

    Raises ProposalMissing, Conflict `proposal_state`.
    """
    services.confirm_participation(actor, edition_id, code, now)
    if actor.id is not None:
        issue_promised_tickets(edition_id, [actor.id], now)


@retried
def _confirm(actor: Actor, edition_id: int, code: str, now: datetime) -> ProposalRow:
    with atomic():
        proposal = services.confirm_proposal(actor, edition_id, code, now)
        notify_author("proposals/speaker_confirmed", proposal, now)
        return proposal


@retried
def withdraw_proposal(actor: Actor, edition_id: int, code: str, now: datetime) -> ProposalRow:
    """Withdraw a proposal, and take its session out of the programme. Raises ProposalMissing, Conflict."""
    with atomic():
        proposal = services.withdraw_proposal(actor, edition_id, code, now)
        drop_session(proposal, now)
        notify_author("proposals/withdrawn", proposal, now)
        return proposal


def _check_note(note: str) -> None:
    if len(note) > MAX_NOTE_LENGTH:
        raise Invalid("text_too_long", field="note", maximum=MAX_NOTE_LENGTH)


def _details(proposal: ProposalRow, note: str) -> dict[str, Any]:
    confirm_by = get_call_by_id(proposal.call_id).confirm_by
    return {"note": note.strip(), "confirm_by": confirm_by.isoformat() if confirm_by else ""}
