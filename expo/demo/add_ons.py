"""The demo's add-ons: a dinner with a checkpoint of its own, a workshop, and parking spaces."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from expo.accounts.rules import SYSTEM
from expo.checkin.rules import CheckpointKind
from expo.checkin.services.checkpoints import CheckpointRequest, create_checkpoint
from expo.demo.tickets import SaleWindow
from expo.editions.queries import EditionFacts
from expo.flows.tickets import create_quota
from expo.registration.queries import count_sold_add_ons
from expo.registration.rules import HOLDING_STATES, OrderState
from expo.tickets.services import create_add_on

PAYMENT_TIME = timedelta(minutes=20)


@dataclass(frozen=True)
class DemoAddOn:
    """An add-on of the demo. `shares` is the fraction of the holders of each ticket who book it."""

    code: str
    name: dict[str, str]
    description: dict[str, str]
    price_cents: int
    shares: Mapping[str, float]
    # How many places are left, and how many units a person may book.
    left: int
    maximum: int = 1


DINNER = "gala-dinner"
ADD_ONS = (
    DemoAddOn(
        DINNER,
        {"en": "Gala dinner", "zh": "晚宴", "ar": "حفل العشاء"},
        {
            "en": "Guizhou cuisine and music on the second evening, from 19:00.",
            "zh": "展会第二天 19:00 开始，品贵州美食，赏贵州音乐。",
            "ar": "مأكولات وموسيقى من قويتشو في المساء الثاني.",
        },
        38_000,
        {"delegate": 0.08, "vip": 0.5},
        24,
    ),
    DemoAddOn(
        "data-workshop",
        {"en": "Workshop: data pipelines", "zh": "实战工作坊：数据管道", "ar": "ورشة عمل: مسارات البيانات"},
        {
            "en": "A morning of hands-on practice. Bring a laptop.",
            "zh": "半天动手实践，请自带笔记本电脑。",
            "ar": "صباح من التدريب العملي. أحضر حاسوبك.",
        },
        19_900,
        {"delegate": 0.03, "student": 0.02},
        0,
    ),
    DemoAddOn(
        "parking",
        {"en": "Parking space", "zh": "停车位", "ar": "موقف سيارة"},
        {
            "en": "In car park P2, for all days of the expo.",
            "zh": "P2 停车场，展会期间全程有效。",
            "ar": "في الموقف P2 طوال أيام المعرض.",
        },
        6_000,
        {"visitor": 0.01, "delegate": 0.03, "press": 0.05},
        160,
        maximum=2,
    ),
)


def create_add_ons(edition: EditionFacts, windows: Mapping[str, SaleWindow], now: datetime) -> dict[str, int]:
    """Create the add-ons of a new edition, and return their ids by code. Parking is offered with every ticket."""
    window = windows["delegate"]
    return {
        each.code: create_add_on(
            SYSTEM,
            edition.id,
            each.code,
            now,
            name=each.name,
            description=each.description,
            price_cents=each.price_cents,
            sale_starts_at=window.starts_at,
            sale_ends_at=window.ends_at,
            max_per_attendee=each.maximum,
            ticket_type_codes=() if each.maximum > 1 else tuple(each.shares),
        )
        for each in ADD_ONS
    }


def book_add_ons(
    attendees: Sequence[Any], add_ons: Mapping[str, int], ticket_types: Mapping[str, int], rng: Random
) -> list[dict[str, Any]]:
    """Return the order lines of the add-ons that attendees book; their orders are raised by the price.

    Orders that are paid are paid with the add-ons; one that was free is paid for them.
    """
    lines: list[dict[str, Any]] = []
    for attendee in attendees:
        order = attendee.order
        for each in ADD_ONS:
            is_drawn = rng.random() < each.shares.get(attendee.offer.code, 0)
            quantity = 2 if each.maximum > 1 and rng.random() < 0.1 else 1  # noqa: PLR2004 - one in ten
            if not is_drawn or order["state"] != OrderState.CONFIRMED.value or attendee.state not in HOLDING_STATES:
                continue
            price = each.price_cents * quantity
            if attendee.is_paid:
                order["paid_at"] = order["paid_at"] or order["confirmed_at"] + PAYMENT_TIME
                order["paid_cents"] += price
            order["total_cents"] += price
            lines.append(
                {
                    "order_id": order["id"],
                    "attendee_id": attendee.id,
                    "ticket_type_id": ticket_types[attendee.offer.code],
                    "add_on_id": add_ons[each.code],
                    "quantity": quantity,
                    "price_cents": price,
                    "total_cents": price,
                    "cancelled_at": None,
                }
            )
    return lines


def create_add_on_quotas(edition: EditionFacts, now: datetime) -> None:
    """Limit the places of each add-on by what is sold: the workshop is sold out."""
    sold = count_sold_add_ons(edition.id)
    for each in ADD_ONS:
        name = f"{each.name['en']} {each.name['zh']}"
        create_quota(SYSTEM, edition.id, name, sold.get(each.code, 0) + each.left, (), now, (each.code,))


def create_dinner_checkpoint(edition: EditionFacts, now: datetime) -> None:
    """Create the checkpoint of the dinner, which asks for the add-on."""
    request = CheckpointRequest(
        name=dict(ADD_ONS[0].name), kind=CheckpointKind.GATE, rule={"add_on": [DINNER]}, position=1000
    )
    create_checkpoint(SYSTEM, edition.id, DINNER, request, now)
