"""The demo's ticket types, one for each band colour of the badge, and the quotas that they share."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random

from expo.accounts.rules import SYSTEM
from expo.demo.drawing import Weighted
from expo.editions.queries import EditionFacts
from expo.flows.tickets import create_quota
from expo.registration.queries import AttendeeFilter, count_attendees
from expo.registration.rules import HOLDING_STATES
from expo.tickets.services import create_ticket_type

SALE_DAYS = 130
PRESS_DEADLINE = timedelta(days=5)
DELEGATE_START = timedelta(days=100)


@dataclass(frozen=True)
class Offer:
    """A ticket type of the demo. `share` is the fraction of people who choose it."""

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
        {
            "en": "Access to the exhibition and all open sessions.",
            "zh": "参观展览，参加全部开放会议。",
            "ar": "المعرض وجميع الجلسات المفتوحة.",
        },
        0,
        0.60,
    ),
    Offer(
        2,
        "delegate",
        {"en": "Delegate", "zh": "专业参会者", "ar": "مندوب"},
        {
            "en": "Full access, including the conference halls and lunch.",
            "zh": "可参加全部活动，含主会场与午餐。",
            "ar": "كل شيء مع قاعات المؤتمر والغداء.",
        },
        128_000,
        0.17,
    ),
    Offer(
        3,
        "vip",
        {"en": "VIP", "zh": "贵宾", "ar": "كبار الزوار"},
        {
            "en": "Includes the VIP lounge and reserved seats. Requires approval.",
            "zh": "含贵宾休息室与预留座位，须经组委会审核。",
            "ar": "مع الصالة والمقاعد المحجوزة، بعد تأكيد المنظمين.",
        },
        380_000,
        0.02,
        requires_approval=True,
    ),
    Offer(
        4,
        "student",
        {"en": "Student", "zh": "学生", "ar": "طالب"},
        {
            "en": "For students with a valid student ID.",
            "zh": "限学生，凭有效学生证入场。",
            "ar": "للطلاب حاملي البطاقة.",
        },
        0,
        0.08,
    ),
    Offer(
        5,
        "press",
        {"en": "Press", "zh": "媒体", "ar": "صحافة"},
        {
            "en": "For journalists. Requires approval.",
            "zh": "限媒体记者，须经组委会审核。",
            "ar": "للصحفيين، بعد تأكيد المنظمين.",
        },
        0,
        0.02,
        requires_approval=True,
    ),
    Offer(6, "exhibitor", {"en": "Exhibitor", "zh": "参展商", "ar": "عارض"}, {}, 0, 0.08, is_public=False),
    Offer(7, "speaker", {"en": "Speaker", "zh": "演讲嘉宾", "ar": "متحدث"}, {}, 0, 0.02, is_public=False),
    Offer(8, "crew", {"en": "Crew", "zh": "工作人员", "ar": "طاقم"}, {}, 0, 0.01, is_public=False),
)


@dataclass(frozen=True)
class SaleWindow:
    """When a ticket type is on sale."""

    starts_at: datetime
    ends_at: datetime


def sale_windows(edition: EditionFacts, now: datetime) -> dict[str, SaleWindow]:
    """Return when each type is on sale: delegate tickets start later, press tickets end before the doors open."""
    opens = now - timedelta(days=SALE_DAYS + 1)
    first_midnight = datetime.combine(edition.starts_on, time(), edition.zone)
    closes = datetime.combine(edition.ends_on, time(16), edition.zone)
    windows = {offer.code: SaleWindow(opens, closes) for offer in OFFERS}
    windows["delegate"] = SaleWindow(now - DELEGATE_START, closes)
    windows["press"] = SaleWindow(opens, first_midnight - PRESS_DEADLINE)
    return windows


def create_offers(edition: EditionFacts, windows: dict[str, SaleWindow], now: datetime) -> dict[str, int]:
    """Create the ticket types of a new edition, and return their ids by code."""
    return {
        offer.code: create_ticket_type(
            SYSTEM,
            edition.id,
            code=offer.code,
            name=offer.name,
            description=offer.description,
            price_cents=offer.price_cents,
            sale_starts_at=windows[offer.code].starts_at,
            sale_ends_at=windows[offer.code].ends_at,
            requires_approval=offer.requires_approval,
            is_public=offer.is_public,
            band=offer.number - 1,
            now=now,
        )
        for offer in OFFERS
    }


class Choices:
    """Draws ticket types from those on sale when people order."""

    def __init__(self, windows: dict[str, SaleWindow]) -> None:
        self._windows = windows
        self._weighted: dict[tuple[str, ...], Weighted[Offer]] = {}

    def draw(self, at: datetime, rng: Random) -> Offer:
        """Return a ticket type that is on sale at that moment."""
        offers = [
            offer for offer in OFFERS if self._windows[offer.code].starts_at <= at < self._windows[offer.code].ends_at
        ]
        codes = tuple(offer.code for offer in offers)
        if codes not in self._weighted:
            self._weighted[codes] = Weighted(offers, [offer.share for offer in offers])
        return self._weighted[codes].draw(rng)


def create_quotas(edition: EditionFacts, now: datetime) -> None:
    """Create quotas based on what is taken: the floor is shared, VIP is nearly full, students are sold out."""
    taken = {offer.code: _count_taken(edition.id, offer.code) for offer in OFFERS}
    floor = taken["visitor"] + taken["delegate"]
    create_quota(SYSTEM, edition.id, "Exhibition floor 展区", int(floor * 1.3) + 100, ["visitor", "delegate"], now)
    create_quota(SYSTEM, edition.id, "VIP lounge 贵宾休息室", taken["vip"] + 7, ["vip"], now)
    create_quota(SYSTEM, edition.id, "Students 学生", taken["student"], ["student"], now)
    create_quota(SYSTEM, edition.id, "Press centre 媒体中心", int(taken["press"] * 1.2) + 20, ["press"], now)


def _count_taken(edition_id: int, code: str) -> int:
    return sum(count_attendees(edition_id, AttendeeFilter(ticket_type=code, state=state)) for state in HOLDING_STATES)
