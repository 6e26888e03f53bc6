"""A list of companies as an import run: uploaded, read by the worker, previewed, confirmed, applied by the worker."""

import csv
import io

import xlsxwriter
from flask.testing import FlaskClient

from expo.accounts.rules import Role
from expo.editions.queries import EditionFacts
from expo.exhibitors.queries import count_exhibitors, list_exhibitors
from expo.flows.import_runs import stop_import
from expo.imports.queries import list_runs
from expo.imports.rules import Counts, RunState
from expo.infra.clock import utcnow
from expo.infra.jobs import drain
from tests.web.organizer.conftest import SignIn
from tests.web.organizer.imported_files import COMPANIES, confirm, import_file, upload


def test_companies_when_walked_through_then_previewed_confirmed_and_shown(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    import_file(organizer, "exhibitors", b"name,country\nAda Ltd,CN\nOld Ltd,CN\n", "first.csv")

    file = (io.BytesIO(COMPANIES.encode()), "companies.csv")
    page = organizer.post("/organizer/exhibitors/imports/new", data={"file": file}).location
    reading = organizer.get(page).text
    part = organizer.get(page, headers={"HX-Request": "true"}).text
    drain(utcnow())
    preview = organizer.get(page).text
    untouched = count_exhibitors(edition.id)
    started = organizer.post(f"{page}/start")
    running = organizer.get(page).text
    drain(utcnow())
    result = organizer.get(page).text
    listed = organizer.get("/organizer/imports").text

    assert "Reading the file" in reading
    assert 'http-equiv="refresh"' in reading
    assert part.lstrip().startswith('<div id="run"')
    assert "New companies (1)" in preview
    assert "Changes by field (1)" in preview
    assert "Rows with errors (1)" in preview
    assert "Import 2 companies" in preview
    assert "Rows with errors are skipped." in preview
    assert "Line 4" in preview
    assert (untouched, started.status_code) == (2, 302)
    assert "Importing exhibitors" in running
    assert 'http-equiv="refresh"' in running
    assert "View exhibitors" in result
    assert "Line 4" in result
    assert sorted(each.name for each in list_exhibitors(edition.id)) == ["=CMD()", "Ada Ltd", "Old Ltd"]
    run = list_runs(edition.id)[0]
    assert (run.state, run.counts, run.imported) == (RunState.DONE, Counts(added=1, faulted=1), 2)
    assert "companies.csv" in listed


def test_companies_when_rows_have_errors_then_downloaded_with_their_reasons(organizer: FlaskClient) -> None:
    page = upload(organizer, "exhibitors", COMPANIES.encode(), "c.csv").location

    given = organizer.get(f"{page}/faults.csv")

    [head, row] = csv.reader(io.StringIO(given.data.decode("utf-8-sig")))
    assert head == ["Line", "Column", "Reason", "name", "country", "booths", "categories"]
    assert (row[:2], row[3:]) == (["4", "name"], ["", "CN", "A3", "Data"])


def test_companies_when_the_encoding_is_a_guess_then_nothing_is_imported_before_it_is_confirmed(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    page = upload(
        organizer, "exhibitors", "Company;Country\nBäckerei Hüls;Germany\n".encode("cp1252"), "c.csv"
    ).location
    unsure = organizer.get(page).text
    refused = confirm(organizer, page)
    before = count_exhibitors(edition.id)
    organizer.post(f"{page}/options", data={"encoding": "cp1252"})
    drain(utcnow())
    confirm(organizer, page)

    assert ("Bäckerei Hüls" in unsure, 'value="cp1252" selected' in unsure) == (True, True)
    assert ("Import 1 company" in unsure, refused.status_code, before) == (False, 422, 0)
    assert [each.name for each in list_exhibitors(edition.id)] == ["Bäckerei Hüls"]


def test_companies_when_the_workbook_has_sheets_then_each_can_be_chosen(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    for hall, name in (("Hall 1", "Alpha"), ("Hall 2", "Beta")):
        book.add_worksheet(hall).write_column(0, 0, ["Company", name])
    book.close()
    page = upload(organizer, "exhibitors", out.getvalue(), "c.xlsx").location
    organizer.post(f"{page}/options", data={"sheet": "Hall 2"})
    drain(utcnow())
    confirm(organizer, page)

    assert [each.name for each in list_exhibitors(edition.id)] == ["Beta"]


def test_companies_when_their_import_is_stopped_then_resumed_to_the_end(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    page = upload(organizer, "exhibitors", COMPANIES.encode(), "c.csv").location
    organizer.post(f"{page}/start")
    stop_import(list_runs(edition.id)[0].id, utcnow())
    stopped = organizer.get(page).text
    organizer.post(f"{page}/resume")
    drain(utcnow())

    assert "Resume import" in stopped
    assert (list_runs(edition.id)[0].state, count_exhibitors(edition.id)) == (RunState.DONE, 2)


def test_companies_when_somebody_may_not_manage_exhibitors_then_refused(
    sign_in: SignIn, organizer: FlaskClient, edition: EditionFacts
) -> None:
    page = upload(organizer, "exhibitors", COMPANIES.encode(), "c.csv").location
    browsers = [sign_in(role) for role in (Role.DESK, Role.PROGRAM_MANAGER)]

    assert [each.post(f"{page}/start").status_code for each in browsers] == [403, 403]
    assert [each.get(page).status_code for each in browsers] == [403, 403]
    assert ["c.csv" in each.get("/organizer/imports").text for each in browsers] == [False, False]


def test_companies_when_edited_here_then_the_preview_shows_both_values_and_only_the_chosen_one_is_replaced(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    import_file(organizer, "exhibitors", b"name,website,country\nAda Ltd,ada.example,CN\n", "first.csv")
    page_data = {"website": "edited.example", "description-en": "Ours"}
    organizer.post("/exhibitor/ada-ltd/page", data=page_data)
    second = b"name,website,country,description\nAda Ltd,new.example,DE,Theirs\n"

    kept = upload(organizer, "exhibitors", second, "second.csv").location
    preview = organizer.get(kept).text
    assert "Changes by field (1)" in preview
    organizer.post(f"{kept}/start", data={"use-ada-ltd:description": "theirs", "use-ada-ltd:nothing": "theirs"})
    drain(utcnow())
    [company] = list_exhibitors(edition.id)

    assert all(text in preview for text in ("https://edited.example", "https://new.example", "Ours", "Theirs"))
    assert 'name="use-ada-ltd:website"' in preview
    assert 'name="use-ada-ltd:country"' not in preview
    assert (company.website, company.country) == ("https://edited.example", "DE")
    assert company.description == {"en": "Theirs"}
