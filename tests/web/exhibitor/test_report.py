"""The report on the exhibitor's pages, and as files; for those who may read it."""

from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient

from expo.editions.queries import EditionFacts
from expo.exhibitors.queries import CompanyRecord
from expo.exhibitors.rules import MemberRole
from expo.formats.tables import read_records
from expo.meetings.rules import MeetingState
from tests.exhibitors import exhibitor_id_of, make_exhibitor
from tests.make import make_attendee
from tests.stored_activity import store_lead, store_meeting, store_views
from tests.web.exhibitor.conftest import SignIn


def test_report_when_shown_then_own_figures_as_page_pdf_and_workbook_and_none_of_others(
    app: Flask, edition: EditionFacts, owner: FlaskClient, company: CompanyRecord, now: datetime
) -> None:
    visitor = make_attendee(edition, now).id
    store_views(company.id, now, 41)
    store_lead(company.id, visitor, now)
    store_meeting(edition, company.id, visitor, now, MeetingState.HELD)
    store_views(exhibitor_id_of(edition, make_exhibitor(edition, "Rival")), now, 8765)
    path = f"/en/exhibitor/{company.slug}/report"

    page = owner.get(path).text
    pdf, book = owner.get(f"{path}/export.pdf"), owner.get(f"{path}/export.xlsx")

    assert ("Profile views" in page, ">41<" in page, "too few companies" in page) == (True, True, True)
    assert f'href="/en/exhibitor/{company.slug}/leads"' in page
    assert ("8,765" in page, "8765" in page, "Rival" in page) == (False, False, False)
    assert (pdf.status_code, pdf.data[:5], pdf.headers["Cache-Control"]) == (200, b"%PDF-", "private, no-store")
    totals = dict(list(row.cells.values())[:2] for row in read_records(book.data).rows)
    assert (totals["Profile views"], totals["Leads"], totals["Meetings"]) == ("41", "1", "1")


def test_report_when_a_representative_or_another_team_asks_then_refused(
    company: CompanyRecord, sign_in_member: SignIn, client: FlaskClient
) -> None:
    path = f"/en/exhibitor/{company.slug}/report"
    colleague = sign_in_member(company, MemberRole.REPRESENTATIVE, "rep@example.org")

    assert colleague.get(path).status_code == 403
    assert "/report" not in colleague.get(f"/en/exhibitor/{company.slug}").text
    assert client.get(path).status_code in (302, 303)
