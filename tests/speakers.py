"""Test builders for speakers with an account, a profile and a confirmed talk."""

from datetime import datetime
from typing import Any

from expo.accounts.rules import SYSTEM, Actor
from expo.editions.queries import EditionFacts
from expo.flows.proposals import accept_proposal, confirm_proposal
from expo.proposals.queries import CallRow, ProposalRow
from expo.proposals.rules import ProfileRequest
from expo.proposals.services import save_profile
from tests.domains.proposals.makers import make_call, make_proposal, make_speaker


def make_profile(speaker: Actor, edition: EditionFacts, now: datetime, **values: Any) -> None:
    """Save a speaker's profile."""
    request = ProfileRequest(**{"name": "王芳", "country": "CN", "company": "云上数据", **values})
    save_profile(speaker, request, edition.time_zone, now)


def make_confirmed_talk(
    edition: EditionFacts, now: datetime, email: str = "fang@example.org", call: CallRow | None = None, **profile: Any
) -> tuple[Actor, ProposalRow]:
    """Return somebody with a profile whose talk was accepted, and who has confirmed it."""
    speaker = make_speaker(now, email, language="zh")
    make_profile(speaker, edition, now, **profile)
    proposal = make_proposal(edition, call or make_call(edition, now), speaker, now)
    accept_proposal(SYSTEM, edition.id, proposal.code, now)
    return speaker, confirm_proposal(speaker, edition.id, proposal.code, now)
