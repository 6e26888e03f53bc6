"""The address of a merged company leads to the company it is part of, if visitors may see that one."""

from datetime import datetime

from flask import Flask
from sqlalchemy import update

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts
from expo.exhibitors.models import Exhibitor
from expo.exhibitors.queries import get_exhibitor
from expo.exhibitors.services import delete_company, merge_companies, merge_favourites
from expo.infra.db import atomic, db
from tests.exhibitors import make_exhibitor
from tests.make import make_attendee
from tests.sessions import browser_of


def test_merged_company_when_its_former_address_is_opened_then_leads_to_the_one_that_is_left(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann = make_attendee(edition, now)
    for name in ("First", "Second", "Third"):
        make_exhibitor(edition, name)
    merge_companies(SYSTEM, edition.id, "first", "second", now)
    merge_companies(SYSTEM, edition.id, "second", "third", now)
    browser = browser_of(app, ann.attendee.person_id)

    pages = [browser.get(f"/zh/exhibitors/{each}") for each in ("first", "second")]

    assert [(each.status_code, each.location) for each in pages] == [(301, "/zh/exhibitors/third")] * 2
    assert "/exhibitors/third" in browser.get("/en/exhibitors/favourites/cards?exhibitor=first&exhibitor=third").text
    assert merge_favourites(SYSTEM, edition.id, ann.id, ["first", "second"], now) == 1
    assert browser.get("/en/me/meetings/new?exhibitor=first").status_code == 200
    make_exhibitor(edition, "First")  # a new company with the address
    assert browser.get("/en/exhibitors/first").status_code == 200
    with atomic():
        db.session.execute(update(Exhibitor).where(Exhibitor.slug == "third").values(is_hidden=True))
    assert [browser.get(f"/en/exhibitors/{each}").status_code for each in ("second", "third")] == [404, 404]
    delete_company(SYSTEM, edition.id, "third", None, now, with_uses=True)
    assert browser.get("/en/exhibitors/second").status_code == 404
    assert get_exhibitor(edition.id, "first").name == "First"
