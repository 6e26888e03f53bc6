"""Leads of the demo's exhibitors: visitors of the first day and of today, with notes in English and Chinese."""

from collections.abc import Sequence
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import select

from expo.demo.orders import DemoAttendee
from expo.demo.rows import first_free_id, insert_all
from expo.demo.visits import draw_visit_time
from expo.editions.queries import EditionFacts
from expo.exhibitors.models import Exhibitor, Member
from expo.infra.db import db
from expo.leads.models import Lead, LeadNote, LeadQuestion, LeadScan
from expo.leads.rules import FollowUp, WithdrawalReason, key_of
from expo.pure.codes import make_code
from expo.questions.rules import FieldKind
from expo.registration.rules import AttendeeState

# The first companies have the most; some others have none.
COMPANIES, LEADS, LEADS_OF_OTHERS, NO_LEADS_SHARE = 5, 60, 4, 0.3
# The shares of leads that were rated, noted, visited again, and withdrawn.
RATED, NOTED, AGAIN, WITHDRAWN = 0.6, 0.45, 0.2, 0.03
CODE_LENGTH = 10
QUESTIONS = (
    (FieldKind.SINGLE_CHOICE, "Budget · 预算", ("< ¥100,000", "¥100,000–1,000,000", "> ¥1,000,000")),
    (
        FieldKind.MULTIPLE_CHOICE,
        "Interested in · 关注",
        ("Demo · 演示", "Pilot · 试点", "Partnership · 合作"),
    ),
)
NOTES = (
    "Wants a demo on site next week.",
    "希望下周安排线上演示，重点看数据治理模块。",
    "Comparing us with two other vendors; price matters.",
    "已有自建平台，考虑迁移，需要技术方案。",
    "Asked for references from the public sector.",
    "合作意向强，请尽快联系。",
)
STATUSES = (FollowUp.NEW, FollowUp.CONTACTED, FollowUp.MEETING, FollowUp.WON, FollowUp.LOST)
STATUS_WEIGHTS = (50, 25, 12, 5, 8)


def load_leads(edition: EditionFacts, attendees: Sequence[DemoAttendee], now: datetime, rng: Random) -> None:
    """Insert leads; the first visitors, who include the demo's attendee, visited the first companies."""
    confirmed = [each.id for each in attendees if each.state is AttendeeState.CONFIRMED and each.is_paid]
    companies = db.session.scalars(
        select(Exhibitor.id)
        .where(Exhibitor.edition_id == edition.id, Exhibitor.state == "approved")
        .order_by(Exhibitor.id)
    ).all()
    for place, exhibitor_id in enumerate(companies):
        is_first = place < COMPANIES
        if not confirmed or (not is_first and rng.random() < NO_LEADS_SHARE):
            continue
        members: Sequence[int | None] = db.session.scalars(
            select(Member.id).where(Member.exhibitor_id == exhibitor_id).order_by(Member.id)
        ).all() or [None]
        wanted = LEADS if is_first else round(LEADS_OF_OTHERS * rng.lognormvariate(0, 0.8))
        visitors = rng.sample(confirmed[3:], min(wanted, max(0, len(confirmed) - 3)))
        _load_company(edition, exhibitor_id, members, [*confirmed[:3], *visitors] if is_first else visitors, now, rng)


def _load_company(
    edition: EditionFacts,
    exhibitor_id: int,
    members: Sequence[int | None],
    visitors: Sequence[int],
    now: datetime,
    rng: Random,
) -> None:
    question_id, lead_id = first_free_id(LeadQuestion), first_free_id(Lead)
    questions = [
        {"id": question_id + place, "exhibitor_id": exhibitor_id, "kind": kind.value, "label": label,
         "options": list(options), "position": place}
        for place, (kind, label, options) in enumerate(QUESTIONS)
    ]  # fmt: skip
    leads: list[dict[str, Any]] = []
    scans: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    for place, attendee_id in enumerate(visitors):
        visits = sorted(draw_visit_time(edition, now, rng) for _ in range(2 if rng.random() < AGAIN else 1))
        lead = _draw_lead(exhibitor_id, attendee_id, visits, questions, now, rng)
        leads.append({"id": lead_id + place, **lead})
        for at in visits:
            scan_id, member_id = str(UUID(int=rng.getrandbits(128), version=4)), rng.choice(members)
            scans.append(
                {"exhibitor_id": exhibitor_id, "lead_id": lead_id + place, "scan_id": scan_id, "member_id": member_id,
                 "scanned_at": at, "received_at": at}
            )  # fmt: skip
        if rng.random() < NOTED:
            notes.append(
                {"lead_id": lead_id + place, "scan_id": scans[-1]["scan_id"], "member_id": scans[-1]["member_id"],
                 "author": "陈思远", "text": rng.choice(NOTES), "written_at": visits[-1], "changed_at": visits[-1]}
            )  # fmt: skip
    insert_all(LeadQuestion, questions)
    insert_all(Lead, leads)
    insert_all(LeadScan, scans)
    insert_all(LeadNote, notes)


def _draw_lead(
    exhibitor_id: int,
    attendee_id: int,
    visits: Sequence[datetime],
    questions: Sequence[dict[str, Any]],
    now: datetime,
    rng: Random,
) -> dict[str, Any]:
    is_rated, is_withdrawn = rng.random() < RATED, rng.random() < WITHDRAWN
    answers = {
        key_of(questions[0]["id"]): rng.choice(questions[0]["options"]),
        key_of(questions[1]["id"]): [rng.choice(questions[1]["options"])],
    }
    return {
        "exhibitor_id": exhibitor_id,
        "attendee_id": attendee_id,
        "code": make_code(CODE_LENGTH, rng.choice),
        "first_at": visits[0],
        "last_at": visits[-1],
        "rating": rng.randint(2, 5) if is_rated else None,
        "rated_at": visits[-1] if is_rated else None,
        "status": rng.choices(STATUSES, STATUS_WEIGHTS)[0].value,
        "answers": answers if is_rated else {},
        "answer_times": dict.fromkeys(answers, visits[-1].isoformat()) if is_rated else {},
        "withdrawn_at": now if is_withdrawn else None,
        "withdrawal_reason": WithdrawalReason.VISITOR.value if is_withdrawn else "",
        "version": 1,
    }
