"""The demo's tasks and services of exhibitors, what was done and ordered, and messages with the organizers."""

from collections import Counter
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import update

from expo.accounts.rules import SYSTEM
from expo.demo.rows import insert_all
from expo.demo.teams import EXHIBITOR_NAME, list_company_ids
from expo.editions.queries import EditionFacts
from expo.exhibitors.models import Message, Service, ServiceOrder, TaskTick
from expo.exhibitors.rules import ServiceRequest, TaskGoal, TaskRequest
from expo.exhibitors.services import create_service, create_task
from expo.infra.db import db

TASKS = (
    ({"en": "Complete your company page", "zh": "完善公司主页"}, TaskGoal.PAGE, -10),
    ({"en": "Describe your company in two languages", "zh": "填写中英文公司介绍"}, TaskGoal.LANGUAGES, -14),
    ({"en": "Add your products", "zh": "添加产品"}, TaskGoal.PRODUCTS, -7),
    ({"en": "Submit the drawings of your booth", "zh": "提交展位搭建图纸"}, TaskGoal.TICK, -21),
    ({"en": "Name the person in charge on site", "zh": "指定现场负责人"}, TaskGoal.TICK, 1),
)
# Name, unit, price in the minor unit, most of one company, and stock.
SERVICES = (
    ({"en": "Power 220 V / 10 A", "zh": "220V / 10A 供电"}, {"en": "socket", "zh": "个"}, 600_00, 6, None),
    ({"en": "Wired internet 100 Mbit/s", "zh": "100 Mbps 有线网络"}, {"en": "line", "zh": "条"}, 1200_00, 4, 400),
    ({"en": "Bar table with two stools", "zh": "吧台桌（含两把吧椅）"}, {"en": "set", "zh": "套"}, 280_00, 10, 900),
    ({"en": "55-inch screen", "zh": "55 英寸显示屏"}, {"en": "screen", "zh": "台"}, 980_00, 4, 250),
    ({"en": "Cleaning, per day", "zh": "保洁（按天）"}, {"en": "day", "zh": "天"}, 150_00, 4, None),
)
TICK_SHARE, ORDER_SHARE, MESSAGE_SHARE = 0.6, 0.18, 0.06
THREADS = (
    ("Can we unload on the evening before the opening?", "Yes, gate 3 is open until 22:00. Please register the truck."),
    ("我们需要把展位电源移到后墙，是否可以？", "可以，请在图纸上标注位置并重新上传。"),
    ("Is there storage for empty crates?", "Yes, behind Hall 2. You can get labels at the exhibitor desk."),
    ("展位旁的广告牌是否需要单独审批？", "需要，请至少提前三天提交画面。"),
)


def load_company_tasks(edition: EditionFacts, now: datetime, rng: Random) -> None:
    """Create tasks and services, tick and order some, and write messages, unanswered ones among them."""
    companies = list_company_ids(edition)
    _load_tasks(edition, companies, now, rng)
    _load_orders(edition, companies, now, rng)
    _load_messages(companies, now, rng)


def _load_tasks(edition: EditionFacts, companies: list[int], now: datetime, rng: Random) -> None:
    for name, goal, days in TASKS:
        due_at = now.replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=days)
        task_id = create_task(SYSTEM, edition.id, TaskRequest(name, {}, goal, due_at), now)
        if goal is TaskGoal.TICK:
            ticked = [each for each in companies if rng.random() < TICK_SHARE]
            insert_all(
                TaskTick,
                [
                    {"task_id": task_id, "exhibitor_id": each, "ticked_at": now - timedelta(days=rng.randint(2, 30))}
                    for each in ticked
                ],
            )


def _load_orders(edition: EditionFacts, companies: list[int], now: datetime, rng: Random) -> None:
    rows: list[dict[str, Any]] = []
    ordered: Counter[int] = Counter()
    for name, unit, price, most, stock in SERVICES:
        request = ServiceRequest(name, {}, unit, price, edition.ends_on, most, stock)
        service_id = create_service(SYSTEM, edition.id, request, now)
        for company_id in companies:
            amount = rng.randint(1, min(most, 3))
            is_left = stock is None or ordered[service_id] + amount <= stock
            if is_left and (company_id == companies[0] or rng.random() < ORDER_SHARE):
                at = now - timedelta(days=rng.randint(3, 40), minutes=rng.randrange(600))
                rows.append({"exhibitor_id": company_id, "service_id": service_id, "amount": amount,
                             "price_cents": price, "ordered_at": at, "changed_at": at})  # fmt: skip
                ordered[service_id] += amount
    insert_all(ServiceOrder, rows)
    for service_id, amount in ordered.items():
        db.session.execute(update(Service).where(Service.id == service_id).values(ordered=amount))


def _load_messages(companies: list[int], now: datetime, rng: Random) -> None:
    rows: list[dict[str, Any]] = []
    for company_id in companies:
        if company_id != companies[0] and rng.random() >= MESSAGE_SHARE:
            continue
        question, answer = rng.choice(THREADS)
        asked_at = now - timedelta(days=rng.randint(1, 25), minutes=rng.randrange(600))
        is_answered = rng.random() < TICK_SHARE
        rows.append(_message(company_id, question, asked_at, is_answered=is_answered, by_organizers=False))
        if is_answered:
            rows.append(
                _message(company_id, answer, asked_at + timedelta(hours=3), is_answered=False, by_organizers=True)
            )
    insert_all(Message, rows)


def _message(company_id: int, text: str, at: datetime, *, is_answered: bool, by_organizers: bool) -> dict[str, Any]:
    return {
        "exhibitor_id": company_id,
        "is_from_organizers": by_organizers,
        "author_id": None,
        "author_name": "陈思远" if by_organizers else EXHIBITOR_NAME,
        "text": text,
        "sent_at": at,
        "read_at": at + timedelta(hours=2) if is_answered else None,
    }
