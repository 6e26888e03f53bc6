"""The demo's company pages in two languages, with products, tasks, services, orders and messages."""

from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import select, update

from expo.demo.rows import first_free_id, insert_all
from expo.editions.queries import EditionFacts
from expo.exhibitors.models import (
    Exhibitor,
    ExhibitorPage,
    ExhibitorTask,
    ExhibitorWish,
    Message,
    Product,
    Service,
    ServiceOrder,
    TaskTick,
)
from expo.exhibitors.rules import TaskGoal, WishKind
from expo.infra.db import db

# Every so many companies have filled in their page; of those, every so many have written to the organizers.
EVERY, WRITES = 8, 9
TAGLINES = (
    ("Data that decisions can rely on", "让决策有据可依"),
    ("From raw data to daily business", "从原始数据到日常业务"),
    ("Computing power where it is needed", "算力随需而至"),
    ("Private data, shared insight", "数据不出域，价值可流通"),
    ("Software that cities run on", "支撑城市运行的软件"),
    ("Sensors, models and people in one loop", "传感、模型与人协同"),
)
TEXTS = (
    (
        "We help **public bodies and companies** to use their data.\n\n- Consulting\n- Platform\n- Operation",
        "我们帮助**政府和企业**采集、治理并使用数据。\n\n- 咨询\n- 平台\n- 运营",
    ),
    (
        "Visit our booth for a live demonstration and bring a data set of your own.",
        "欢迎莅临展位观看现场演示，也可以带上您自己的数据。",
    ),
    (
        "Founded in Guizhou, we operate data centres in three provinces and serve customers in twelve countries.",
        "我们起步于贵州，在三个省运营数据中心，服务十二个国家的客户。",
    ),
)
PRODUCTS = (
    ("Data catalogue", "数据目录", "Find and share every data set you have.", "统一检索和共享数据。"),
    ("Stream engine", "流式计算引擎", "A million events per second on one server.", "单台服务器每秒处理百万事件。"),
    ("Edge gateway", "边缘网关", "Connects machines of forty makers.", "兼容四十家厂商的设备。"),
    ("Privacy computing box", "隐私计算一体机", "Joint analyses without moving the data.", "数据不动，联合分析。"),
    ("City dashboard", "城市运行驾驶舱", "Traffic, energy and weather in one view.", "交通、能源、气象一屏统览。"),
    ("Vision kit", "视觉开发套件", "Train a model on a hundred pictures.", "一百张图片即可训练模型。"),
)  # fmt: skip
TASKS = (
    ("Upload your logo", "上传企业标志", TaskGoal.LOGO, -20),
    ("Describe your company in two languages", "填写中英文企业介绍", TaskGoal.LANGUAGES, -12),
    ("Confirm the name on your booth", "确认展位楣板名称", TaskGoal.TICK, -10),
    ("Name the people who dismantle your booth", "提交撤展人员名单", TaskGoal.TICK, 1),
)
SERVICES = (
    ("Power connection, 3 kW", "电力接驳 3 kW", "connection", "个", 68_000, 2, 600),
    ("Bar table with two chairs", "洽谈桌（含两把椅子）", "set", "套", 26_000, 10, 2_000),
    ("Screen, 55 inches", "55 寸显示屏", "piece", "台", 120_000, 6, 1_100),
    ("Wired network, 100 Mbit/s", "有线网络 100 Mbit/s", "connection", "条", 95_000, 2, None),
    ("Cleaning", "展位保洁", "day", "天", 15_000, 3, None),
)
MESSAGES = (
    ("Can we bring our own screen?", "Yes, please order a power connection for it until the last day."),
    ("展位可以提前一天布置吗？", "可以，请于上午九点后从北门进馆。"),
    ("Our booth number on the map is wrong.", ""),
)
TOPICS = ("big-data", "cloud", "data-governance", "large-models", "iot", "smart-city", "cybersecurity", "open-data")


def load_exhibitor_pages(edition: EditionFacts, now: datetime, rng: Random) -> None:
    """Insert the pages of some companies, and the tasks and services of all."""
    query = select(Exhibitor.id).where(Exhibitor.edition_id == edition.id).order_by(Exhibitor.id)
    company_ids = list(db.session.scalars(query))
    pages = company_ids[::EVERY]
    for company_id in pages:
        english, chinese = rng.choice(TEXTS)
        texts = {"en": english, "zh": chinese} if rng.random() < 0.7 else {"zh": chinese}  # noqa: PLR2004 - most
        db.session.execute(update(Exhibitor).where(Exhibitor.id == company_id).values(description=texts))
    insert_all(ExhibitorPage, [_page(company_id, rng) for company_id in pages])
    insert_all(ExhibitorWish, [row for company_id in pages for row in _wishes(company_id, rng)])
    _load_products(pages, rng)
    _load_tasks(edition, company_ids, now, rng)
    _load_services(edition, company_ids, now, rng)
    _load_messages(pages[::WRITES], now)


def _page(company_id: int, rng: Random) -> dict[str, Any]:
    english, chinese = rng.choice(TAGLINES)
    videos = ["https://www.bilibili.com/video/BV1demo"] if rng.random() < 1 / 3 else []
    return {
        "exhibitor_id": company_id,
        "tagline": {"en": english, "zh": chinese},
        "links": ["https://weibo.com/demo", "https://www.linkedin.com/company/demo"][: rng.randint(0, 2)],
        "videos": videos,
    }


def _wishes(company_id: int, rng: Random) -> list[dict[str, Any]]:
    offered = rng.sample(TOPICS, 3)
    kinds = (WishKind.OFFERS, WishKind.OFFERS, WishKind.SEEKS)
    return [
        {"exhibitor_id": company_id, "topic": topic, "kind": kind.value}
        for topic, kind in zip(offered, kinds, strict=True)
    ]


def _load_products(company_ids: list[int], rng: Random) -> None:
    rows: list[dict[str, Any]] = []
    first = first_free_id(Product)
    for company_id in company_ids:
        for position, product in enumerate(rng.sample(PRODUCTS, rng.randint(1, 3)), 1):
            english, chinese, text, chinese_text = product
            rows.append(
                {
                    "id": first + len(rows),
                    "exhibitor_id": company_id,
                    "position": position,
                    "name": {"en": english, "zh": chinese},
                    "text": {"en": text, "zh": chinese_text},
                    "link": "",
                }
            )
    insert_all(Product, rows)


def _load_tasks(edition: EditionFacts, company_ids: list[int], now: datetime, rng: Random) -> None:
    first = first_free_id(ExhibitorTask)
    opening = datetime.combine(edition.starts_on, time(18), edition.zone)
    insert_all(
        ExhibitorTask,
        [
            {
                "id": first + at,
                "edition_id": edition.id,
                "name": {"en": english, "zh": chinese},
                "text": {},
                "goal": goal.value,
                "due_at": opening + timedelta(days=days),
            }
            for at, (english, chinese, goal, days) in enumerate(TASKS)
        ],
    )
    ticked = [
        {"task_id": first + at, "exhibitor_id": company_id, "ticked_at": now - timedelta(days=rng.randint(8, 20))}
        for at, (_, _, goal, days) in enumerate(TASKS)
        if goal is TaskGoal.TICK
        for company_id in company_ids
        if rng.random() < (0.9 if days < 0 else 0.4)
    ]
    insert_all(TaskTick, ticked)


def _load_services(edition: EditionFacts, company_ids: list[int], now: datetime, rng: Random) -> None:
    first = first_free_id(Service)
    orders: list[dict[str, Any]] = []
    services: list[dict[str, Any]] = []
    for at, (english, chinese, unit, chinese_unit, price, maximum, stock) in enumerate(SERVICES):
        left = stock if stock is not None else len(company_ids) * maximum
        placed = 0
        for company_id in company_ids:
            amount = min(rng.randint(1, maximum), left - placed)
            if rng.random() < 1 / 4 and amount > 0:
                placed += amount
                ordered_at = now - timedelta(days=rng.randint(9, 60))
                orders.append(
                    {
                        "exhibitor_id": company_id,
                        "service_id": first + at,
                        "amount": amount,
                        "price_cents": price,
                        "ordered_at": ordered_at,
                        "changed_at": ordered_at,
                    }
                )
        services.append(
            {
                "id": first + at,
                "edition_id": edition.id,
                "name": {"en": english, "zh": chinese},
                "text": {},
                "unit": {"en": unit, "zh": chinese_unit},
                "price_cents": price,
                "last_day": edition.starts_on - timedelta(days=7) if stock is not None else edition.ends_on,
                "maximum": maximum,
                "stock": stock,
                "ordered": placed,
            }
        )
    insert_all(Service, services)
    insert_all(ServiceOrder, orders)


def _load_messages(company_ids: list[int], now: datetime) -> None:
    first = first_free_id(Message)
    rows: list[dict[str, Any]] = []
    for at, company_id in enumerate(company_ids):
        question, answer = MESSAGES[at % len(MESSAGES)]
        asked_at = now - timedelta(days=12 - at % 10, hours=at % 7)
        sides = [(False, question, asked_at, asked_at + timedelta(hours=3) if answer else None)]
        if answer:
            sides.append((True, answer, asked_at + timedelta(hours=3), asked_at + timedelta(hours=5)))
        rows += [
            {
                "id": first + len(rows) + number,
                "exhibitor_id": company_id,
                "is_from_organizers": is_from_organizers,
                "author_name": "Expo team" if is_from_organizers else "Booth team",
                "text": text,
                "sent_at": sent_at,
                "read_at": read_at,
            }
            for number, (is_from_organizers, text, sent_at, read_at) in enumerate(sides)
        ]
    insert_all(Message, rows)
