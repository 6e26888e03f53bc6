"""Builders of calls and proposals that use the real services."""

import itertools
from datetime import datetime
from typing import Any

from expo.accounts.queries import find_person
from expo.accounts.rules import SYSTEM, Actor
from expo.accounts.services import ensure_person
from expo.editions.queries import EditionFacts
from expo.flows.proposals import submit_proposal
from expo.proposals.queries import CallRow, ProposalRow, get_call, get_own_proposal
from expo.proposals.rules import CallRequest, Offer, ProposalContent
from expo.proposals.services import begin_proposal, create_call, save_proposal
from expo.questions.rules import Given

OFFER = Offer(languages=("en", "zh"))
_numbers = itertools.count(1)


def make_call(edition: EditionFacts, now: datetime, **values: Any) -> CallRow:
    """Create a call that is open without end, unless told otherwise."""
    request = CallRequest(**{"title": {"en": "Talks", "zh": "演讲"}, **values})
    return get_call(edition.id, create_call(SYSTEM, edition.id, request, now))


def make_speaker(now: datetime, email: str = "", name: str = "王芳", language: str = "en") -> Actor:
    """Return somebody with an account."""
    address = email or f"speaker{next(_numbers)}@example.org"
    person_id = ensure_person(address, name, language, now)
    person = find_person(person_id)
    assert person is not None
    return Actor("person", person_id, label=person.name or person.email)


def content(**values: Any) -> ProposalContent:
    """Return complete content of a proposal."""
    return ProposalContent(
        **{
            "title": {"en": "Data for everyone", "zh": "人人可用的数据"},
            "abstract": {"en": "How open data helps."},
            "language": "en",
            **values,
        }
    )


def make_draft(
    edition: EditionFacts,
    call: CallRow,
    speaker: Actor,
    now: datetime,
    given: dict[str, Given] | None = None,
    **values: Any,
) -> ProposalRow:
    """Return a saved draft."""
    draft = begin_proposal(speaker, edition.id, call.slug, now)
    save_proposal(speaker, edition.id, draft.code, content(**values), given or {}, OFFER, draft.version, now)
    return get_own_proposal(edition.id, speaker.id or 0, draft.code)


def make_proposal(edition: EditionFacts, call: CallRow, speaker: Actor, now: datetime, **values: Any) -> ProposalRow:
    """Return a submitted proposal."""
    draft = make_draft(edition, call, speaker, now, **values)
    saved = submit_proposal(speaker, edition.id, draft.code, OFFER, now)
    assert saved.faults == ()
    return saved.proposal
