"""The demo's company pages: texts in English and Chinese from our own phrases, topics, and products."""

from collections import defaultdict
from datetime import datetime
from random import Random
from typing import Any

from sqlalchemy import bindparam, select, update

from expo.demo.company_pictures import load_pictures
from expo.demo.drawing import read_data
from expo.demo.rows import insert_all
from expo.demo.teams import list_company_ids
from expo.editions.queries import EditionFacts
from expo.exhibitors.models import Category, Exhibitor, ExhibitorCategory, ExhibitorPage, ExhibitorTopic, Product
from expo.infra.db import db
from expo.pure.topics import bundled_topics

PAGE_SHARE = 0.55
MAX_OFFERS, MAX_SEEKS, MAX_PRODUCTS = 5, 3, 3


def load_company_pages(edition: EditionFacts, seed: int, now: datetime, rng: Random) -> None:
    """Fill in the pages of more than half of the companies, the first one among them."""
    phrases = read_data("company_texts.json")
    names = _category_names(edition)
    companies = db.session.execute(
        select(Exhibitor.id, Exhibitor.name).where(Exhibitor.edition_id == edition.id).order_by(Exhibitor.id)
    ).all()
    first = list_company_ids(edition)[0]
    texts: list[dict[str, Any]] = []
    pages: list[dict[str, Any]] = []
    products: list[dict[str, Any]] = []
    for company_id, name in companies:
        if not names[company_id] or (company_id != first and rng.random() >= PAGE_SHARE):
            continue
        category_id, category = rng.choice(names[company_id])
        words = {"name": name, "en": category["en"], "zh": category["zh"]}
        texts.append({"company_id": company_id, "description": _fill(rng.choice(phrases["descriptions"]), words)})
        pages.append({"exhibitor_id": company_id, "tagline": _fill(rng.choice(phrases["taglines"]), words), "links": [],
                      "videos": [], "logo_id": None, "banner_id": None})  # fmt: skip
        for place, (name_en, name_zh, text_en, text_zh) in enumerate(
            rng.sample(phrases["products"], rng.randint(1, MAX_PRODUCTS))
        ):
            products.append(
                {"exhibitor_id": company_id, "position": place, "name": _fill((name_en, name_zh), words),
                 "text": {"en": text_en, "zh": text_zh}, "link": "", "category_id": category_id, "deleted_at": None}
            )  # fmt: skip
    companies_table: Any = Exhibitor.__table__
    if texts:
        db.session.connection().execute(
            update(companies_table)
            .where(companies_table.c.id == bindparam("company_id"))
            .values(description=bindparam("description")),
            texts,
        )
    written = {each["exhibitor_id"] for each in pages}
    pictures = load_pictures(edition, [(each.id, each.name) for each in companies if each.id in written], seed, now)
    for each in pages:
        each["logo_id"], each["banner_id"] = pictures[each["exhibitor_id"]]
    insert_all(ExhibitorPage, pages)
    insert_all(Product, products)
    _choose_topics([each["exhibitor_id"] for each in pages], rng)


def _choose_topics(company_ids: list[int], rng: Random) -> None:
    """Choose some of the topics that were found for each company as offered, and others as sought."""
    found: dict[int, list[str]] = defaultdict(list)
    for company_id, topic in db.session.execute(
        select(ExhibitorTopic.exhibitor_id, ExhibitorTopic.topic)
        .where(ExhibitorTopic.exhibitor_id.in_(company_ids))
        .order_by(ExhibitorTopic.exhibitor_id, ExhibitorTopic.weight.desc(), ExhibitorTopic.topic)
    ):
        found[company_id].append(topic)
    table: Any = ExhibitorTopic.__table__
    offers = [
        {"company_id": company_id, "code": topic}
        for company_id, topics in found.items()
        for topic in topics[:MAX_OFFERS]
    ]
    if offers:
        db.session.connection().execute(
            update(table)
            .where(table.c.exhibitor_id == bindparam("company_id"), table.c.topic == bindparam("code"))
            .values(is_chosen=True, weight=1.0),
            offers,
        )
    clusters = read_data("interests.json")["clusters"].values()
    codes = sorted(bundled_topics().choices & {topic for cluster in clusters for topic in cluster})
    insert_all(
        ExhibitorTopic,
        [
            {"exhibitor_id": company_id, "kind": "seeks", "topic": topic, "weight": 1.0, "is_chosen": True}
            for company_id in company_ids
            for topic in rng.sample(codes, rng.randint(1, MAX_SEEKS))
        ],
    )


def _category_names(edition: EditionFacts) -> dict[int, list[tuple[int, dict[str, str]]]]:
    """Return the categories that are named in both languages, by company."""
    names: dict[int, list[tuple[int, dict[str, str]]]] = defaultdict(list)
    for company_id, category_id, name in db.session.execute(
        select(ExhibitorCategory.exhibitor_id, Category.id, Category.name)
        .join(Category, Category.id == ExhibitorCategory.category_id)
        .where(Category.edition_id == edition.id)
        .order_by(ExhibitorCategory.exhibitor_id, ExhibitorCategory.position, Category.id)
    ):
        if {"en", "zh"} <= name.keys():
            names[company_id].append((category_id, name))
    return names


def _fill(pair: tuple[str, str], words: dict[str, str]) -> dict[str, str]:
    english, chinese = pair
    return {"en": english.format(**words), "zh": chinese.format(**words)}
