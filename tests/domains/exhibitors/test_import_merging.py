"""An import of companies keeps what was edited here, shows every difference first, and removes nothing silently."""

import io
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts
from expo.exhibitors.exports import export_directory
from expo.exhibitors.models import Exhibitor
from expo.exhibitors.queries import get_page, list_all_exhibitors
from expo.exhibitors.rules import CompanyChange, PageRequest, PictureKind, ProductRequest, read_companies
from expo.exhibitors.services import add_product, preview_companies, save_page, set_picture
from expo.flows.exhibitor_import import import_exhibitors
from expo.infra.db import atomic, db

HEAD = "name,hall,booth,categories,country,website,description\n"
FIRST = f"{HEAD}Alpha,Hall 1,A1,Cloud,CN,alpha.example,We sell data.\nBeta,,,,,,\n"


def run_import(edition: EditionFacts, text: str, now: datetime, **values: Any) -> CompanyChange:
    return import_exhibitors(SYSTEM, edition.id, read_companies(text.encode()), now, **values)


def differences(edition: EditionFacts, text: str) -> dict[str, str]:
    change = preview_companies(SYSTEM, edition.id, read_companies(text.encode()))
    return {each.id: each.merge.value for company in change.differences for each in company.fields}


def edit(edition: EditionFacts, now: datetime, **values: Any) -> None:
    page = get_page(edition.id, "alpha")
    wanted = {
        "tagline": {},
        "description": page.company.description,
        "website": page.company.website,
        "categories": tuple(each.slug for each in page.company.categories),
    }
    save_page(SYSTEM, edition.id, "alpha", PageRequest(**{**wanted, **values}), now)


def test_import_when_a_field_was_edited_here_then_kept_and_the_others_change(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    run_import(edition, FIRST, now)
    edit(edition, now, website="edited.example")
    second = FIRST.replace("CN", "DE").replace("Hall 1,A1", "Hall 2,B2")

    seen = differences(edition, second)
    change = run_import(edition, second, now)

    company = get_page(edition.id, "alpha").company
    assert seen == {"alpha:booths": "take", "alpha:website": "keep", "alpha:country": "take"}
    assert (change.changed, change.unchanged) == (("Alpha",), 1)
    assert (company.website, company.country, company.booths[0].code) == ("https://edited.example", "DE", "B2")
    # The same file is not asked about again, and still does not win.
    assert differences(edition, second) == {"alpha:website": "keep"}
    assert run_import(edition, second, now) == CompanyChange((), (), 2)


def test_import_when_both_changed_then_a_person_decides_once(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    run_import(edition, FIRST, now)
    edit(edition, now, website="edited.example", description={"en": "Edited", "zh": "我们卖数据。"})
    second = FIRST.replace("alpha.example", "new.example").replace("We sell data.", "New text")

    seen = differences(edition, second)
    run_import(edition, second, now, take=frozenset({"alpha:description"}))

    company = get_page(edition.id, "alpha").company
    assert seen == {"alpha:description": "ask", "alpha:website": "ask"}
    assert company.website == "https://edited.example"
    assert company.description == {"en": "New text", "zh": "我们卖数据。"}
    assert differences(edition, second) == {"alpha:website": "keep"}


def test_import_when_the_file_lacks_columns_then_their_fields_stay(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    run_import(edition, FIRST, now)
    before = list_all_exhibitors(edition.id)

    assert run_import(edition, "name,country\nAlpha,CN\nGamma,FR\n", now).added == ("Gamma",)
    assert list_all_exhibitors(edition.id)[:2] == before
    assert differences(edition, FIRST) == {}


def test_import_when_a_cell_was_emptied_then_shown_as_a_change_before_it_is_emptied(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    run_import(edition, FIRST, now)
    emptied = FIRST.replace("alpha.example", "")

    assert differences(edition, emptied) == {"alpha:website": "take"}
    run_import(edition, emptied, now)
    assert get_page(edition.id, "alpha").company.website == ""


def test_import_when_a_company_was_made_here_then_only_its_empty_fields_are_filled(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    with atomic():
        db.session.add(
            Exhibitor(edition_id=edition.id, key="alpha", slug="alpha", name="Alpha", country="US", description={})
        )

    assert differences(edition, FIRST) == {
        "alpha:booths": "take",
        "alpha:categories": "take",
        "alpha:description": "take",
        "alpha:website": "take",
        "alpha:country": "ask",
    }
    run_import(edition, FIRST, now)
    assert get_page(edition.id, "alpha").company.country == "US"


@pytest.mark.parametrize(
    "text",
    [
        "slug,name,country\nalpha,Alpha Group,CN\n",
        "name,country\nAlpha,CN\n",
    ],
)
def test_import_when_a_company_was_renamed_then_recognized_by_its_slug_or_former_name(
    text: str, app: Flask, edition: EditionFacts, now: datetime
) -> None:
    run_import(edition, FIRST, now)
    if "slug" not in text:
        with atomic():
            row = db.session.scalars(select(Exhibitor).where(Exhibitor.slug == "alpha")).one()
            row.name, row.key = "Alpha Group", "alpha group"

    run_import(edition, text, now)

    assert sorted(each.name for each in list_all_exhibitors(edition.id)) == ["Alpha Group", "Beta"]
    assert get_page(edition.id, "alpha").company.name == "Alpha Group"


def test_import_when_two_rows_are_about_one_company_then_the_second_is_not_mixed_into_it(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    run_import(edition, FIRST, now)

    run_import(edition, "slug,name,country\nalpha,One,CN\n,Alpha,DE\n", now)

    assert next((each.name, each.country) for each in list_all_exhibitors(edition.id)) == ("One", "CN")


def test_import_when_repeated_then_logo_products_and_tagline_are_untouched(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    run_import(edition, FIRST, now)
    edit(edition, now, tagline={"en": "Data"})
    set_picture(SYSTEM, edition.id, "alpha", PictureKind.LOGO, io.BytesIO(b"x"), "image/png", now)
    add_product(SYSTEM, edition.id, "alpha", ProductRequest({"en": "Lake"}, {}), now)
    before = get_page(edition.id, "alpha")

    run_import(edition, FIRST.replace("We sell data.", "New"), now)

    after = get_page(edition.id, "alpha")
    assert after.company.description == {"en": "New"}
    assert (after.logo_key, after.products, after.tagline) == (before.logo_key, before.products, before.tagline)


@pytest.mark.parametrize("name", ["csv", "xlsx", "json"])
def test_export_when_edited_here_and_imported_again_then_nothing_differs(
    name: str, app: Flask, edition: EditionFacts, now: datetime
) -> None:
    run_import(edition, FIRST, now)
    edit(edition, now, website="edited.example", categories=(), description={"zh": "数据", "en": "Data"})

    data = export_directory(SYSTEM, edition.id, name)

    assert preview_companies(SYSTEM, edition.id, read_companies(data)).differences == ()
