"""Last year's expo, as far as this year's reviews look back at it: a call, and the proposals that were accepted."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from expo.accounts.rules import SYSTEM
from expo.demo.proposal_drawing import Author, draw_proposal, draw_speakers
from expo.demo.rows import first_free_id, insert_all
from expo.editions.queries import EditionFacts, get_edition
from expo.editions.services import create_edition
from expo.proposals.models import Proposal, ProposalSpeaker
from expo.proposals.queries import get_call
from expo.proposals.rules import CallRequest, ProposalState
from expo.proposals.services import create_call
from expo.pure.codes import ATTENDEE_CODE_LENGTH, make_code

YEAR = timedelta(days=364)
# The share of this year's authors who had a proposal accepted last year.
SHARE_RETURNING = 0.3


def load_last_year(
    edition: EditionFacts, authors: list[Author], topics: dict[str, Any], now: datetime, rng: Random
) -> tuple[list[Author], set[str]]:
    """Create last year's expo; return the authors, marked if they spoke there, and the codes of its proposals."""
    then = now - YEAR
    last = _create_edition(edition, then)
    request = CallRequest(
        title={"en": "Talks and panels", "zh": "演讲与圆桌征集"},
        opens_at=then - timedelta(days=90),
        closes_at=then - timedelta(days=40),
        kinds=("talk", "panel"),
    )
    call = get_call(last.id, create_call(SYSTEM, last.id, request, then))
    returning = {each.person_id for each in authors if rng.random() < SHARE_RETURNING}
    first_id, codes = first_free_id(Proposal), set[str]()
    rows: list[dict[str, Any]] = []
    speakers: list[dict[str, Any]] = []
    for author in (each for each in authors if each.person_id in returning):
        row = draw_proposal(last, call, author, topics, {}, then, rng)
        while row["code"] in codes:
            row["code"] = make_code(ATTENDEE_CODE_LENGTH, rng.choice)
        codes.add(row["code"])
        decided = row["decided_at"] or then
        confirmed = {"state": ProposalState.CONFIRMED.value, "decided_at": decided, "confirmed_at": decided}
        submitted = {"submitted_at": row["submitted_at"] or row["created_at"], "withdrawn_at": None, "sheet_id": None}
        rows.append({"id": first_id + len(rows), **row, **confirmed, **submitted})
        speakers += draw_speakers(rows[-1]["id"], author, [author], row["created_at"], rng)
    insert_all(Proposal, rows)
    insert_all(ProposalSpeaker, speakers)
    return [replace(each, spoke_before=each.person_id in returning) for each in authors], codes


def _create_edition(edition: EditionFacts, then: datetime) -> EditionFacts:
    starts_on, ends_on = edition.starts_on - YEAR, edition.ends_on - YEAR
    edition_id = create_edition(
        SYSTEM,
        slug="demo-last-year",
        title={
            "en": f"China International Big Data Industry Expo {starts_on.year} (demo)",
            "zh": f"{starts_on.year} 中国国际大数据产业博览会（演示）",
        },
        city=edition.city,
        venue=edition.venue,
        starts_on=starts_on,
        ends_on=ends_on,
        time_zone=edition.time_zone,
        languages=list(edition.languages),
        contact_email=edition.contact_email,
        is_demo=True,
        registration_is_open=False,
        now=then,
    )
    return get_edition(edition_id)
