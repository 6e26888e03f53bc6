"""The organizers' and the exhibitors' pages of services."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from expo.accounts.rules import Role
from expo.editions.queries import EditionFacts
from expo.exhibitors.queries import list_orders, list_services
from expo.formats.uploads import read_uploaded_table
from tests.domains.exhibitors.page_makers import make_company, make_member
from tests.sessions import browser_of
from tests.web.organizer.conftest import SignIn

SERVICE = {"name-en": "Chair", "name-zh": "椅子", "unit-en": "piece", "price": "12.50", "stock": "10", "maximum": "8"}
PATH = "/organizer/exhibitors/services"


def test_service_when_ordered_on_the_company_pages_then_organizers_see_and_export_it(
    organizer: FlaskClient, app: Flask, edition: EditionFacts, now: datetime
) -> None:
    slug = make_company(edition, now, "=CMD() Ltd")
    browser = browser_of(app, make_member(edition, slug, now).id or 0)
    empty = organizer.get(PATH).text
    refused = organizer.post(f"{PATH}/new", data={**SERVICE, "price": "-1"})
    organizer.post(f"{PATH}/new", data=SERVICE)
    [service] = list_services(edition.id)

    path = f"/exhibitor/{slug}/services"
    answers = [browser.post(f"{path}/{service.id}", data={"amount": amount}).status_code for amount in ("4", "9", "x")]
    own = browser.get(path).text
    overview = read_uploaded_table(browser.get(f"{path}/overview.xlsx").data).table
    printed = browser.get(f"{path}/overview.pdf")
    table = organizer.get(f"{PATH}/export.csv").data.decode("utf-8-sig").splitlines()
    sheet = read_uploaded_table(organizer.get(f"{PATH}/{service.id}/export.xlsx").data).table

    assert ("No services yet" in empty, refused.status_code, answers) == (True, 422, [302, 302, 302])
    assert [(each.amount, each.total_cents) for each in list_orders(edition.id)] == [(4, 5000)]
    assert "Enter a whole number from 0 to 8." in own
    assert "50.00" in own
    assert ["Chair", "4", "12.5", "50"] in [list(row.cells.values())[:4] for row in overview.rows]
    assert (printed.status_code, printed.mimetype, printed.data[:5]) == (200, "application/pdf", b"%PDF-")
    assert table[1].startswith("'=CMD() Ltd,Chair,piece,4,12.50,50.00,CNY,")
    assert [list(row.cells.values())[1:4] for row in sheet.rows] == [["Chair", "piece", "4"]]
    assert "CMD() Ltd" in organizer.get(f"{PATH}/{service.id}").text


def test_service_when_ordered_then_cannot_be_deleted_until_cancelled(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    slug = make_company(edition, now)
    organizer.post(f"{PATH}/new", data=SERVICE)
    [service] = list_services(edition.id)
    organizer.post(f"/exhibitor/{slug}/services/{service.id}", data={"amount": "1"})

    refused = organizer.post(f"{PATH}/{service.id}/delete")
    organizer.post(f"/exhibitor/{slug}/services/{service.id}", data={"amount": "0"})
    organizer.post(f"{PATH}/{service.id}/edit", data={**SERVICE, "name-en": "Stool"})
    changed = list_services(edition.id)[0].name["en"]
    organizer.post(f"{PATH}/{service.id}/delete")

    assert (refused.status_code, changed, list_services(edition.id)) == (409, "Stool", [])


def test_services_when_opened_without_the_permission_then_refused(sign_in: SignIn, edition: EditionFacts) -> None:
    manager = sign_in(Role.PROGRAM_MANAGER)

    assert [manager.get(f"{PATH}{path}").status_code for path in ("", "/new", "/export.csv")] == [403] * 3


@pytest.mark.usefixtures("pages_of_two")
def test_orders_when_more_than_a_page_then_are_cut_and_searched_and_the_export_has_all(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    organizer.post(f"{PATH}/new", data=SERVICE)
    [service] = list_services(edition.id)
    page = f"{PATH}/{service.id}"
    for name in ("Zeta Ahn", "Zeta Berg", "Zeta Cruz", "Data Dahl"):
        organizer.post(f"/exhibitor/{make_company(edition, now, name)}/services/{service.id}", data={"amount": "2"})

    first, last = organizer.get(f"{page}?q=zeta").text, organizer.get(f"{page}?q=zeta&page=7").text
    nobody, listed = organizer.get(f"{page}?q=nobody").text, organizer.get(PATH).text

    assert ("3 orders" in first, "Zeta Berg" in first, "Zeta Cruz" in first) == (True, True, False)
    assert ("Page 2 of 2" in last, "Zeta Cruz" in last, "Data Dahl" in last) == (True, True, False)
    assert ("No companies found" in nobody, "No orders yet" in nobody, "100.00" in listed) == (True, False, True)
    assert len(organizer.get(f"{page}/export.csv").text.splitlines()) == 5
