"""What the demo's proposals say and who wrote them: bilingual, drawn from the topics of our own programme."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from expo.editions.queries import EditionFacts
from expo.proposals.queries import CallRow
from expo.proposals.rules import ProposalState
from expo.pure.codes import ATTENDEE_CODE_LENGTH, make_code
from expo.pure.levels import LEVELS
from expo.pure.names import search_text

# How many of a hundred proposals are in each state.
SHARES = {
    ProposalState.SUBMITTED: 52,
    ProposalState.CONFIRMED: 14,
    ProposalState.ACCEPTED: 8,
    ProposalState.WAITLISTED: 6,
    ProposalState.REJECTED: 12,
    ProposalState.WITHDRAWN: 3,
    ProposalState.DRAFT: 5,
}
# People who spoke last year are accepted more often.
SHARES_OF_RETURNING = {
    **SHARES,
    ProposalState.SUBMITTED: 27,
    ProposalState.CONFIRMED: 36,
    ProposalState.ACCEPTED: 18,
    ProposalState.REJECTED: 5,
}
SHARE_WITH_CO_SPEAKER = 0.3


@dataclass(frozen=True)
class Author:
    """A person of the demo who proposes; `spoke_before` at last year's expo."""

    person_id: int
    name: str
    email: str
    country: str
    company: str
    spoke_before: bool = False


def draw_sheet(sheet_id: int, call: CallRow, author: Author, now: datetime, rng: Random) -> dict[str, Any]:
    """Return what an author answers to the questions of a call."""
    answers: dict[str, Any] = {
        "first_time": "no" if author.spoke_before else "yes",
        "demo": rng.choice(("yes", "no", "no")),
    }
    if answers["demo"] == "yes":
        answers["demo_needs"] = rng.choice(("HDMI, 1 × 220 V", "Wi-Fi", "两块屏幕", "独立网络"))
    if rng.random() < 0.8:  # noqa: PLR2004 - most people agree
        answers["recording"] = True
    return {"id": sheet_id, "form_id": call.form_id, "answers": answers, "changed_at": now}


def draw_proposal(
    edition: EditionFacts,
    call: CallRow,
    author: Author,
    topics: dict[str, Any],
    tracks: dict[str, str],
    now: datetime,
    rng: Random,
) -> dict[str, Any]:
    """Return a proposal about one of the topics, in one of the states."""
    track = rng.choice(topics["tracks"])
    subject, place, kind = rng.choice(track["subjects"]), rng.choice(topics["places"]), rng.choice(call.kinds)
    texts = _fill(rng.choice(topics["titles"][kind]), subject, place)
    abstracts = _fill(rng.choice(topics["abstracts"]), subject, place)
    shares = SHARES_OF_RETURNING if author.spoke_before else SHARES
    state = rng.choices(list(shares), list(shares.values()))[0]
    created = now - timedelta(minutes=rng.randint(8 * 24 * 60, 50 * 24 * 60))
    submitted = None if state is ProposalState.DRAFT else created + timedelta(minutes=rng.randint(5, 2000))
    is_decided = state not in {ProposalState.DRAFT, ProposalState.SUBMITTED, ProposalState.WITHDRAWN}
    decided = now - timedelta(hours=rng.randint(2, 150)) if is_decided else None
    code = make_code(ATTENDEE_CODE_LENGTH, rng.choice)
    return {
        "edition_id": edition.id,
        "call_id": call.id,
        "code": code,
        "state": state.value,
        "person_id": author.person_id,
        "title": texts,
        "abstract": abstracts,
        "description": {},
        "kind": kind,
        "track": tracks.get(track["en"], ""),
        "language": rng.choice(("zh", "zh", "en")),
        "level": rng.choice(LEVELS),
        "minutes": None,
        "message": "",
        "version": 2,
        "search_text": search_text(code, *texts.values(), *abstracts.values()),
        "created_at": created,
        "changed_at": decided or submitted or created,
        "submitted_at": submitted,
        "decided_at": decided,
        "confirmed_at": decided if state is ProposalState.CONFIRMED else None,
        "withdrawn_at": submitted if state is ProposalState.WITHDRAWN else None,
    }


def _fill(pattern: list[str], subject: dict[str, str], place: dict[str, str]) -> dict[str, str]:
    english = subject["en"]
    capital = english[0].upper() + english[1:]
    return {
        "en": pattern[0].format(S=capital, s_=english, place=place["en"]),
        "zh": pattern[1].format(s=subject["zh"], place_zh=place["zh"]),
    }


def draw_speakers(
    proposal_id: int, author: Author, authors: list[Author], at: datetime, rng: Random
) -> list[dict[str, Any]]:
    """Return the speakers of a proposal: its author, and sometimes somebody else."""
    chosen = [author]
    if rng.random() < SHARE_WITH_CO_SPEAKER:
        chosen += [each for each in rng.sample(authors, min(2, len(authors))) if each.email != author.email][:1]
    return [
        {
            "proposal_id": proposal_id,
            "person_id": each.person_id,
            "email": each.email,
            "name": each.name,
            "search_text": search_text(each.name, each.email),
            "role": "speaker",
            "position": position,
            "invited_at": at if position else None,
            "accepted_at": at,
            "confirmed_at": None,
        }
        for position, each in enumerate(chosen)
    ]
