"""Exhibitors: exported and shown."""

from flask.testing import FlaskClient

from expo.editions.queries import EditionFacts
from expo.exhibitors.queries import list_exhibitors
from tests.web.organizer.imported_files import COMPANIES, import_file


def test_companies_when_exported_then_no_cell_is_a_formula(organizer: FlaskClient, edition: EditionFacts) -> None:
    import_file(organizer, "exhibitors", COMPANIES.encode(), "c.csv")
    text = organizer.get("/organizer/exhibitors/export.csv").data.decode("utf-8-sig")
    assert sorted(line.split(",")[0] for line in text.splitlines()[1:]) == ["'=CMD()", "Ada Ltd"]
    slug = list_exhibitors(edition.id)[0].slug
    assert organizer.get(f"/organizer/exhibitors/{slug}").status_code == 200
    page = organizer.get("/organizer/exhibitors?q=ada").text
    assert ("Ada Ltd" in page, "CMD" in page) == (True, False)
