"""What devices decided differently is listed, filtered and exported with an entry in the audit log."""

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from expo.editions.queries import EditionFacts
from expo.infra.audit import AuditEntry
from expo.infra.db import db
from expo.web.organizer.discrepancies import views
from tests.domains.checkin.doors import OPENING, make_checkpoint
from tests.domains.checkin.stored_scans import store_device, store_scan
from tests.make import make_attendee

PAGE = "/organizer/discrepancies"


@pytest.fixture
def scans(edition: EditionFacts, now: datetime) -> None:
    """One badge that entered twice, and one that was admitted though revoked."""
    make_checkpoint(edition, now)
    twice, revoked = (make_attendee(edition, now, name=name).id for name in ("Twice Li", "Revoked Wu"))
    for number in (1, 2):
        device = store_device(edition, f"Phone {number}")
        at = OPENING + timedelta(minutes=number)
        reason = "already_admitted" if number == 2 else None
        hub = store_device(edition, "Hall 1") if number == 2 else None
        store_scan(edition, twice, at, device_id=device, decided="device", disagrees=reason, skew_ms=-2500, hub_id=hub)
    store_scan(edition, revoked, OPENING, decided="device", disagrees="revoked")


@pytest.mark.usefixtures("scans")
def test_discrepancies_when_listed_then_a_second_entry_only_once(organizer: FlaskClient) -> None:
    page = organizer.get(PAGE).text

    assert (page.count("Twice Li"), page.count("Revoked Wu"), "Phone 1" in page, "clock 2.5 s slow" in page) == (
        1,
        1,
        True,
        True,
    )
    assert page.count("via hub Hall 1") == 1


@pytest.mark.each_case_on_postgresql
@pytest.mark.usefixtures("scans")
@pytest.mark.parametrize(
    ("query", "shown"),
    [("reason=revoked", (0, 1)), ("reason=already_admitted", (1, 0)), ("zone=other", (0, 0)), ("reason=x", (1, 1))],
)
def test_discrepancies_when_filtered_then_only_those(
    organizer: FlaskClient, query: str, shown: tuple[int, int]
) -> None:
    page = organizer.get(f"{PAGE}?{query}").text

    assert (page.count("Twice Li"), page.count("Revoked Wu")) == shown


@pytest.mark.usefixtures("scans")
def test_discrepancies_when_exported_then_both_kinds_and_noted(organizer: FlaskClient) -> None:
    rows = organizer.get(f"{PAGE}/export.csv").data.decode("utf-8-sig").splitlines()

    assert [row.split(",")[0] for row in rows] == ["kind", "double entry", "decision"]
    assert "Phone 2" in rows[1]
    assert "Phone 1" in rows[1]
    assert [row.split(",")[-2:] for row in rows] == [["hub", "other_hub"], ["Hall 1", ""], ["", ""]]
    noted = db.session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("export.%"))).all()
    assert noted == ["export.discrepancies"]


def test_discrepancies_when_none_then_said(organizer: FlaskClient) -> None:
    assert "No discrepancies" in organizer.get(PAGE).text


@pytest.mark.usefixtures("scans", "pages_of_two")
def test_discrepancies_when_a_kind_is_longer_then_its_own_page_has_all_and_the_export_too(
    organizer: FlaskClient, edition: EditionFacts, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "SHOWN_OF_KIND", 1)
    for minute in (5, 6):
        made = make_attendee(edition, now, name=f"Revoked {minute}")
        store_scan(edition, made.id, OPENING + timedelta(minutes=minute), decided="device", disagrees="revoked")

    path = f"{PAGE}?kind=disagreements&reason=revoked"
    whole, first, last = (organizer.get(each).text for each in (f"{PAGE}?reason=revoked", path, f"{path}&page=9"))

    names = ("Revoked 6", "Revoked 5", "Revoked Wu")
    assert [[f"{name}</bdi>" in each for name in names] for each in (whole, first, last)] == [
        [True, False, False],
        [True, True, False],
        [False, False, True],
    ]
    assert ("Show all 3" in whole, "Page 2 of 2" in last, "Show all kinds" in first) == (True, True, True)
    assert len(organizer.get(f"{PAGE}/export.csv?reason=revoked").text.splitlines()) == 4
