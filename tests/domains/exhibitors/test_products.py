"""Products of a company: order, deletion with undo, pictures; and its documents."""

import io
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts
from expo.errors import Conflict, Invalid, Missing
from expo.exhibitors.errors import ExhibitorMissing
from expo.exhibitors.queries import get_exhibitor, get_page, list_documents, list_products
from expo.exhibitors.rules import RESTORABLE_FOR, ProductRequest
from expo.exhibitors.services import (
    add_document,
    add_product,
    add_product_picture,
    delete_product,
    edit_product,
    move_product,
    purge_products,
    remove_document,
    remove_product_picture,
    restore_product,
)
from expo.infra.db import db
from expo.infra.files import StoredFile
from tests.domains.exhibitors.page_makers import make_company, make_member


def named(name: str, **values: str) -> ProductRequest:
    return ProductRequest({"en": name}, {"en": f"About {name}"}, **values)


def files() -> int:
    return db.session.scalar(select(func.count()).select_from(StoredFile)) or 0


def names(exhibitor_id: int, *, deleted: bool = False) -> list[str]:
    return [each.name["en"] for each in list_products(exhibitor_id, deleted=deleted)]


def test_products_when_added_moved_and_edited_then_shown_in_their_order(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    slug = make_company(edition, now)
    company_id = get_exhibitor(edition.id, slug).id
    ids = [add_product(SYSTEM, edition.id, slug, named(name), now) for name in "ABC"]

    move_product(SYSTEM, edition.id, slug, ids[2], -1, now)
    move_product(SYSTEM, edition.id, slug, ids[0], -1, now)
    edit_product(SYSTEM, edition.id, slug, ids[1], named("B2", link="b.example", category="cloud"), now)

    assert names(company_id) == ["A", "C", "B2"]
    edited = list_products(company_id)[2]
    assert (edited.link, edited.category and edited.category.slug) == ("https://b.example", "cloud")


def test_product_when_deleted_then_can_be_restored_for_a_week_and_is_gone_with_its_pictures_afterwards(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    slug = make_company(edition, now)
    company_id = get_exhibitor(edition.id, slug).id
    first, second = (add_product(SYSTEM, edition.id, slug, named(name), now) for name in "AB")
    add_product_picture(SYSTEM, edition.id, slug, first, io.BytesIO(b"x"), "image/jpeg", now)

    delete_product(SYSTEM, edition.id, slug, first, now)
    hidden = (names(company_id), get_page(edition.id, slug).picture_keys)
    restore_product(SYSTEM, edition.id, slug, first, now)
    restored = names(company_id)
    delete_product(SYSTEM, edition.id, slug, first, now)
    counts = [purge_products(now + RESTORABLE_FOR + timedelta(minutes=minutes)) for minutes in (0, 1)]

    assert hidden == (["B"], frozenset())
    assert restored == ["A", "B"]
    assert counts == [0, 1]
    assert (names(company_id), names(company_id, deleted=True), files()) == (["B"], [], 0)
    with pytest.raises(Missing):
        restore_product(SYSTEM, edition.id, slug, first, now)
    assert second


def test_product_when_of_another_company_or_without_a_name_then_refused(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    slug, other = make_company(edition, now), make_company(edition, now, "Other Ltd")
    product = add_product(SYSTEM, edition.id, slug, named("A"), now)
    stranger = make_member(edition, other, now)

    with pytest.raises(Missing):
        edit_product(stranger, edition.id, other, product, named("Mine"), now)
    with pytest.raises(ExhibitorMissing):
        delete_product(stranger, edition.id, slug, product, now)
    with pytest.raises(Invalid):
        add_product(SYSTEM, edition.id, slug, ProductRequest({"en": " "}, {}), now)
    with pytest.raises(Invalid):
        add_product(SYSTEM, edition.id, slug, named("A", link="javascript:alert(1)"), now)


def test_pictures_when_too_many_then_refused_and_each_can_be_removed(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    slug = make_company(edition, now)
    product = add_product(SYSTEM, edition.id, slug, named("A"), now)
    for _ in range(8):
        add_product_picture(SYSTEM, edition.id, slug, product, io.BytesIO(b"x"), "image/jpeg", now)

    with pytest.raises(Conflict) as refused:
        add_product_picture(SYSTEM, edition.id, slug, product, io.BytesIO(b"x"), "image/jpeg", now)
    key = list_products(get_exhibitor(edition.id, slug).id)[0].pictures[0]
    remove_product_picture(SYSTEM, edition.id, slug, product, key, now)

    assert (refused.value.code, files()) == ("pictures_too_many", 7)


def test_documents_when_added_and_removed_then_their_files_too(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    slug, other = make_company(edition, now), make_company(edition, now, "Other Ltd")
    company_id = get_exhibitor(edition.id, slug).id
    add_document(SYSTEM, edition.id, slug, io.BytesIO(b"%PDF-1"), "a.pdf", " Price\nlist ", now)
    add_document(SYSTEM, edition.id, slug, io.BytesIO(b"%PDF-1"), "b.pdf", "", now)
    first, second = list_documents(company_id)

    with pytest.raises(Missing):
        remove_document(SYSTEM, edition.id, other, first.key, now)
    remove_document(SYSTEM, edition.id, slug, first.key, now)

    assert [first.label, second.label] == ["Price list", "b.pdf"]
    assert (list_documents(company_id), files()) == ([second], 1)
