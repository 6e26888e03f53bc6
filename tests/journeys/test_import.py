"""Importing attendees in a real browser, with the worker beside it: with scripts and without."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import ensure_person, grant_role
from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from expo.infra.db import db
from expo.infra.jobs import drain
from expo.registration.queries import AttendeeFilter, search_attendees
from tests.journeys.browser import open_browser, serve, sign_in_cookie
from tests.make import make_ticket_type

pytestmark = [pytest.mark.browser, pytest.mark.long]

ROWS = 30


@contextmanager
def worker(app: Flask) -> Iterator[None]:
    """Do jobs in a thread as they come."""
    stop = threading.Event()

    def work() -> None:
        with app.app_context():
            while not stop.wait(0.2):
                drain(utcnow())
                db.session.remove()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def write_list(folder: Path) -> Path:
    """Write a list with names in parts, no column for the ticket type, one fault and one person who cancelled."""
    lines = ["First Name,Last Name,Email,Country,Company,Registration status"]
    lines += [f"Rosa{n},Example,rosa{n}@example.org,Spain,Acme,Completed" for n in range(ROWS)]
    lines += ["Jonah,Sample,jonah@example.org,Spain,Acme,Refunded", "Kim,Sample,not an address,Spain,Acme,Completed"]
    path = folder / "list.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def walk(page: Page, file: Path, folder: Path) -> str:
    """Upload, choose the ticket type, import, and return the name of the faults file."""
    page.goto("/en/organizer/imports")
    page.get_by_role("link", name="Import attendees").first.click()
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Upload and preview").click()
    expect(page.get_by_text("Choose a column for these fields, or one value for all rows: Ticket type")).to_be_visible()
    page.get_by_label("Ticket type for all rows").select_option("visitor")
    page.get_by_role("button", name="Preview again").click()
    expect(page.get_by_text("Rosa0 Example", exact=True)).to_be_visible()
    page.get_by_role("button", name=f"Import {ROWS} valid rows").click()
    expect(page.get_by_role("link", name="View attendees")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    download.value.save_as(folder / "faults.csv")
    return download.value.suggested_filename


@pytest.mark.parametrize("scripts", [True, False])
def test_import_when_walked_through_then_registered(
    app: Flask, edition: EditionFacts, now: datetime, tmp_path: Path, *, scripts: bool
) -> None:
    make_ticket_type(edition, now)
    organizer = ensure_person("organizer@example.org", "", "en", now)
    grant_role(SYSTEM, edition.id, organizer, Role.ORGANIZER, now)

    with serve(app) as address, worker(app), open_browser() as browser:
        context = browser.new_context(base_url=address, java_script_enabled=scripts)
        context.add_cookies([sign_in_cookie(app, address, organizer)])
        name = walk(context.new_page(), write_list(tmp_path), tmp_path)
        context.close()

    db.session.rollback()
    found = search_attendees(edition.id, AttendeeFilter(), limit=100).rows
    lines = (tmp_path / "faults.csv").read_text(encoding="utf-8-sig").splitlines()
    assert sorted(each.name for each in found) == sorted(f"Rosa{n} Example" for n in range(ROWS))
    assert name == "import-1-rows-not-imported.csv"
    assert [line.split(",")[0] for line in lines] == ["Line", str(ROWS + 2), str(ROWS + 3)]
