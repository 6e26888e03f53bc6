"""Exhibitors: lists imported by way of a preview, and exported."""

import io

import xlsxwriter
from flask.testing import FlaskClient

from expo.editions.queries import EditionFacts
from expo.exhibitors.queries import count_exhibitors, list_exhibitors
from tests.web.organizer.imported_files import COMPANIES, import_file, upload


def test_companies_when_rows_are_bad_then_told_and_taken_only_when_asked(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    asked = upload(organizer, "exhibitors", COMPANIES.encode(), "c.csv")
    preview = organizer.get(asked.location).text
    refused = organizer.post(asked.location)
    before = count_exhibitors(edition.id)
    taken = organizer.post(asked.location, data={"take_good": "y"})
    assert ("Line 4" in preview, refused.status_code, before, taken.status_code) == (True, 409, 0, 302)
    assert count_exhibitors(edition.id) == 2


def test_companies_when_taken_away_then_no_cell_is_a_formula(organizer: FlaskClient, edition: EditionFacts) -> None:
    import_file(organizer, "exhibitors", COMPANIES.encode(), "c.csv", take_good="y")
    text = organizer.get("/organizer/exhibitors/export.csv").data.decode("utf-8-sig")
    assert sorted(line.split(",")[0] for line in text.splitlines()[1:]) == ["'=CMD()", "Ada Ltd"]
    slug = list_exhibitors(edition.id)[0].slug
    assert organizer.get(f"/organizer/exhibitors/{slug}").status_code == 200
    page = organizer.get("/organizer/exhibitors?q=ada").text
    assert ("Ada Ltd" in page, "CMD" in page) == (True, False)


def test_companies_when_the_encoding_is_a_guess_then_nothing_is_taken_in_before_it_is_confirmed(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    asked = upload(organizer, "exhibitors", "Company;Country\nBäckerei Hüls;Germany\n".encode("cp1252"), "c.csv")
    page = organizer.get(asked.location).text
    organizer.post(asked.location)
    before = count_exhibitors(edition.id)
    organizer.post(f"{asked.location}?encoding=cp1252")

    assert ("Bäckerei Hüls" in page, 'value="cp1252" selected' in page, before) == (True, True, 0)
    assert [each.name for each in list_exhibitors(edition.id)] == ["Bäckerei Hüls"]


def test_companies_when_the_workbook_has_sheets_then_each_can_be_chosen(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    for hall, name in (("Hall 1", "Alpha"), ("Hall 2", "Beta")):
        book.add_worksheet(hall).write_column(0, 0, ["Company", name])
    book.close()
    location = upload(organizer, "exhibitors", out.getvalue(), "c.xlsx").location
    organizer.post(location.replace("Hall+1", "Hall+2").replace("Hall%201", "Hall+2"))

    assert [each.name for each in list_exhibitors(edition.id)] == ["Beta"]
