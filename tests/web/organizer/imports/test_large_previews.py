"""Previews of imports with thousands of differences: paged, with choices kept from page to page."""

import csv
import io
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from expo.editions.queries import EditionFacts
from expo.exhibitors.models import Exhibitor
from expo.imports.models import ImportItem
from expo.imports.queries import PAGE_SIZE, list_runs
from expo.infra.clock import utcnow
from expo.infra.db import atomic, db
from expo.infra.jobs import drain
from expo.program.models import Session
from expo.program.queries import list_sessions
from tests.make import make_ticket_type
from tests.web.organizer.imported_files import confirm, import_file, upload
from tests.web.query_counts import count_queries

COUNT = 2_000
PAGES = COUNT // PAGE_SIZE
CONFLICTS = 1_100
# The session, the person, the edition and their roles; the run, how much each part of it lists, and a page of one part.
QUERIES = 8


def _table(titles: Iterable[str]) -> bytes:
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["id", "title", "day", "start", "end", "room"])
    for number, title in enumerate(titles):
        rows.writerow([f"s{number}", title, "2027-05-26", "10:00", "10:30", f"Room {number % 20}"])
    return out.getvalue().encode()


def _find(page: str, path: str) -> list[Any]:
    found: Any = html.fromstring(page).xpath(path)
    return list(found)


def _titles(page: str) -> list[str]:
    return [str(each.text_content()).strip() for each in _find(page, "//details/summary/bdi")]


def test_schedule_when_thousands_of_fields_conflict_then_paged_and_choices_of_all_pages_are_applied(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    import_file(organizer, "program", _table(f"Old {n}" for n in range(CONFLICTS)), "first.csv")
    with atomic():
        for session in db.session.scalars(select(Session)):
            session.title = {"en": f"Ours {session.title['en'].split()[1]}"}
    page = upload(organizer, "program", _table(f"New {n}" for n in range(CONFLICTS)), "second.csv").location

    first = organizer.get(page).text
    ids = re.findall(r'name="(use-session-[^"]+)"', first)
    chosen = {
        ids[0]: "theirs",
        ids[1]: "ours",
        ids[2]: "longer-than-any-choice",
        "use-session-0-title": "theirs",
    }
    moved = organizer.post(f"{page}/choices?part=changes&page=2", data={"use": "ours", "mode": "update", **chosen})
    second = organizer.get(moved.location).text
    last = organizer.get(f"{page}?part=changes&page=99999&only=open").text
    organizer.post(f"{page}/choices?part=changes", data={re.findall(r'name="(use-session-[^"]+)"', last)[-1]: "theirs"})
    again = organizer.get(f"{page}?part=changes").text
    queries = count_queries(organizer, f"{page}?part=changes&page=7")

    assert f"Changes by field ({CONFLICTS:,})" in first
    assert (len(_titles(first)), len(_titles(second)), set(_titles(first)) & set(_titles(second))) == (50, 50, set())
    assert (
        moved.status_code,
        f"Page 2 of {CONFLICTS // PAGE_SIZE}" in second,
        f"Page {CONFLICTS // PAGE_SIZE} of {CONFLICTS // PAGE_SIZE}" in last,
    ) == (302, True, True)
    assert "?part=changes&page=3" in _find(second, "//button[contains(., 'Next')]/@formaction")[0]
    assert _find(again, f"//select[@name='{ids[0]}']/option[@selected]/@value") == ["theirs"]
    assert "Sessions that are not in the file" not in again
    assert len(first) < 250_000
    assert queries == QUERIES

    confirm(organizer, page, mode="update")
    titles = [row.title["en"] for row in list_sessions(edition.id)]
    assert [sum(title.startswith(word) for title in titles) for word in ("New", "Ours", "Old")] == [2, CONFLICTS - 2, 0]
    assert db.session.scalars(select(ImportItem)).all() == []


def test_schedule_when_thousands_of_sessions_are_new_then_each_part_has_pages_and_the_address_names_them(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    page = upload(organizer, "program", _table(f"New {n}" for n in range(COUNT)), "s.csv").location

    new = organizer.get(f"{page}?part=added&page=3").text
    beyond = [organizer.get(f"{page}?part={part}").status_code for part in ("added&page=x", "nothing", "added&page=0")]

    shown = _find(new, "//section[@id='parts']//li/bdi/text()")
    assert shown == [f"New {n}" for n in range(100, 150)]
    assert f"New sessions ({COUNT:,})" in new
    assert beyond == [200, 200, 200]
    assert count_queries(organizer, f"{page}?part=added&page=3") == QUERIES


def test_companies_when_thousands_were_edited_then_boxes_can_be_unchecked_on_a_later_visit(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    names = [f"Company {n:04}" for n in range(120)]
    import_file(organizer, "exhibitors", _companies(names, "old.example"), "first.csv")
    with atomic():
        for company in db.session.scalars(select(Exhibitor).order_by(Exhibitor.id).limit(60)):
            company.website = "https://edited.example"
    page = upload(organizer, "exhibitors", _companies(names, "new.example"), "second.csv").location

    first = organizer.get(f"{page}?part=changes").text
    boxes = _find(first, "//input[@type='checkbox'][starts-with(@name, 'use-')]/@name")
    offered = {"offered": boxes}
    organizer.post(f"{page}/choices?part=changes&page=2", data={**offered, boxes[0]: "theirs", boxes[1]: "theirs"})
    organizer.post(f"{page}/choices?part=changes", data={**offered, boxes[1]: "theirs"})
    only = organizer.get(f"{page}?part=changes&only=open&page=2").text
    confirm(organizer, page)

    websites = list(db.session.scalars(select(Exhibitor.website)))
    assert (len(boxes), "Page 2 of 2" in only, "To decide (60)" in only) == (50, True, True)
    assert [websites.count(f"https://{name}.example") for name in ("edited", "new", "old")] == [59, 61, 0]


def _companies(names: Iterable[str], website: str) -> bytes:
    return "\n".join(["name,website", *(f"{name},{website}" for name in names)]).encode()


def test_attendees_when_thousands_of_rows_have_errors_then_paged_before_and_after_the_import(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)
    rows = [f"P{n},bad,ES,visitor" for n in range(COUNT)] + ["Ana,a@example.org,ES,visitor"]
    file = "\n".join(["name,email,country,ticket_type", *rows]).encode()
    page = organizer.post("/organizer/imports/new", data={"file": (io.BytesIO(file), "people.csv")}).location
    drain(utcnow())

    before = organizer.get(f"{page}?part=errors&page=2").text
    queries = count_queries(organizer, f"{page}?part=errors&page=2")
    confirm(organizer, page)
    after = organizer.get(f"{page}?part=errors&page={PAGES}").text

    assert (f"Rows with errors ({COUNT:,})" in before, "Line 52" in before, "Line 51<" in before) == (True, True, False)
    assert (f"Page {PAGES} of {PAGES}" in after, f"Line {COUNT + 1:,}" in after) == (True, True)
    # The types of tickets and their places, too.
    assert queries <= QUERIES + 3
    assert list_runs(edition.id)[0].counts.faulted == COUNT


def test_choices_when_the_run_is_over_or_of_somebody_elses_kind_then_refused(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    page = upload(organizer, "program", _table(["One"]), "s.csv").location
    confirm(organizer, page)

    assert organizer.post(f"{page}/choices?part=added", data={"use": "theirs"}).status_code == 409
    assert organizer.get(f"{page}/choices").status_code == 405
