"""Pages, products, documents and orders of companies that are merged or deleted."""

import io
from datetime import datetime

from flask import Flask
from sqlalchemy import func, select

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts
from expo.exhibitors.queries import get_page, get_service, list_messages, list_orders
from expo.exhibitors.rules import PageRequest, PictureKind, ProductRequest, ServiceRequest
from expo.exhibitors.services import (
    add_document,
    add_product,
    add_product_picture,
    create_service,
    delete_company,
    merge_companies,
    order_service,
    save_page,
    set_picture,
)
from expo.flows.exhibitor_messages import write_as_company
from expo.infra.db import db
from expo.infra.files import StoredFile
from tests.domains.exhibitors.page_makers import make_company


def fill(edition: EditionFacts, slug: str, now: datetime, amount: int, service: int) -> None:
    save_page(SYSTEM, edition.id, slug, PageRequest({"en": slug}, {"en": slug}, links=(f"{slug}.example",)), now)
    set_picture(SYSTEM, edition.id, slug, PictureKind.LOGO, io.BytesIO(b"x"), "image/png", now)
    product = add_product(SYSTEM, edition.id, slug, ProductRequest({"en": f"Product of {slug}"}, {}), now)
    add_product_picture(SYSTEM, edition.id, slug, product, io.BytesIO(b"x"), "image/jpeg", now)
    add_document(SYSTEM, edition.id, slug, io.BytesIO(b"%PDF-1"), f"{slug}.pdf", "", now)
    order_service(SYSTEM, edition.id, slug, service, amount, now)
    write_as_company(SYSTEM, edition.id, slug, f"From {slug}", now)


def files() -> int:
    return db.session.scalar(select(func.count()).select_from(StoredFile)) or 0


def test_companies_when_merged_then_everything_is_on_one_page_and_orders_add_up(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    service = create_service(SYSTEM, edition.id, ServiceRequest({"en": "Chair"}, {}, {}, 100, stock=9), now)
    one, two = make_company(edition, now, "one"), make_company(edition, now, "two")
    fill(edition, one, now, 2, service)
    fill(edition, two, now, 3, service)
    logo = get_page(edition.id, one).logo_key

    merge_companies(SYSTEM, edition.id, two, one, now)

    page = get_page(edition.id, one)
    assert (page.tagline, page.logo_key) == ({"en": "one"}, logo)
    assert page.links == ("https://one.example", "https://two.example")
    assert [each.name["en"] for each in page.products] == ["Product of one", "Product of two"]
    assert [each.name for each in page.documents] == ["one.pdf", "two.pdf"]
    assert [each.text for each in list_messages(page.company.id)] == ["From one", "From two"]
    assert [(each.slug, each.amount) for each in list_orders(edition.id)] == [("one", 5)]
    assert (get_service(edition.id, service).ordered, files()) == (5, 5)


def test_company_when_deleted_then_its_files_are_gone_and_its_orders_released(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    service = create_service(SYSTEM, edition.id, ServiceRequest({"en": "Chair"}, {}, {}, 100, stock=9), now)
    one, two = make_company(edition, now, "one"), make_company(edition, now, "two")
    fill(edition, one, now, 2, service)
    fill(edition, two, now, 3, service)

    delete_company(SYSTEM, edition.id, one, None, now)

    assert [(each.slug, each.amount) for each in list_orders(edition.id)] == [("two", 3)]
    assert (get_service(edition.id, service).ordered, files()) == (3, 3)
