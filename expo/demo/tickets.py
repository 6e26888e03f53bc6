"""What the demo sells: eight ticket types, one for each band of the badge, and the quotas that they share."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts
from expo.infra.db import db
from expo.registration.models import TicketType
from expo.registration.queries import AttendeeFilter, count_attendees
from expo.registration.rules import HOLDING_STATES
from expo.registration.services import create_quota, create_ticket_type


@dataclass(frozen=True)
class Offer:
    """A ticket type of the demo. `share` is how many of the people take it."""

    number: int
    code: str
    name: dict[str, str]
    description: dict[str, str]
    price_cents: int
    share: float
    requires_approval: bool = False
    is_public: bool = True


OFFERS = (
    Offer(
        1,
        "visitor",
        {"en": "Visitor", "zh": "观众", "ar": "زائر"},
        {"en": "The exhibition and all open sessions.", "zh": "参观展览，参加全部开放会议。"},
        0,
        0.60,
    ),
    Offer(
        2,
        "delegate",
        {"en": "Delegate", "zh": "专业参会者", "ar": "مندوب"},
        {"en": "Everything, with the conference halls and lunch.", "zh": "全部活动，含主会场与午餐。"},
        128_000,
        0.17,
    ),
    Offer(
        3,
        "vip",
        {"en": "VIP", "zh": "贵宾", "ar": "كبار الزوار"},
        {
            "en": "With the lounge and reserved seats; the organizers confirm.",
            "zh": "含贵宾休息室与预留座位，由组委会确认。",
        },
        380_000,
        0.02,
        requires_approval=True,
    ),
    Offer(
        4,
        "student",
        {"en": "Student", "zh": "学生", "ar": "طالب"},
        {"en": "For students with a card.", "zh": "凭学生证入场。"},
        0,
        0.08,
    ),
    Offer(
        5,
        "press",
        {"en": "Press", "zh": "媒体", "ar": "صحافة"},
        {"en": "For journalists; the organizers confirm.", "zh": "媒体记者，由组委会确认。"},
        0,
        0.02,
        requires_approval=True,
    ),
    Offer(6, "exhibitor", {"en": "Exhibitor", "zh": "参展商", "ar": "عارض"}, {}, 0, 0.08, is_public=False),
    Offer(7, "speaker", {"en": "Speaker", "zh": "演讲嘉宾", "ar": "متحدث"}, {}, 0, 0.02, is_public=False),
    Offer(8, "crew", {"en": "Crew", "zh": "工作人员", "ar": "طاقم"}, {}, 0, 0.01, is_public=False),
)


def create_offers(edition: EditionFacts, now: datetime) -> dict[str, int]:
    """Create the ticket types of a new edition, and return their ids by code."""
    closes = datetime.combine(edition.ends_on, datetime.min.time(), edition.zone) + timedelta(hours=16)
    return {
        offer.code: create_ticket_type(
            SYSTEM,
            edition.id,
            code=offer.code,
            name=offer.name,
            description=offer.description,
            price_cents=offer.price_cents,
            sale_starts_at=now - timedelta(days=131),
            sale_ends_at=closes,
            requires_approval=offer.requires_approval,
            is_public=offer.is_public,
            band=offer.number - 1,
            now=now,
        )
        for offer in OFFERS
    }


def create_quotas(edition: EditionFacts, now: datetime) -> None:
    """Limit what is sold, seen from what is taken: the floor is shared, VIP is nearly full, students are sold out."""
    codes = list(db.session.scalars(select(TicketType.code).where(TicketType.edition_id == edition.id)))
    taken = {code: _holding(edition.id, code) for code in codes}
    floor = sum(taken[code] for code in ("visitor", "delegate"))
    create_quota(SYSTEM, edition.id, "Exhibition floor", int(floor * 1.3) + 100, ["visitor", "delegate"], now)
    create_quota(SYSTEM, edition.id, "VIP lounge", taken["vip"] + 7, ["vip"], now)
    create_quota(SYSTEM, edition.id, "Students", taken["student"], ["student"], now)
    create_quota(SYSTEM, edition.id, "Press centre", int(taken["press"] * 1.2) + 20, ["press"], now)


def _holding(edition_id: int, code: str) -> int:
    return sum(count_attendees(edition_id, AttendeeFilter(ticket_type=code, state=state)) for state in HOLDING_STATES)
