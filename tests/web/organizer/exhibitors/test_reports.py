"""The report on exhibitors: page and files, links to the lists that it counts."""

from datetime import datetime

from flask.testing import FlaskClient

from expo.accounts.rules import Role
from expo.editions.queries import EditionFacts
from expo.meetings.rules import MeetingState
from tests.exhibitors import exhibitor_id_of, make_exhibitor
from tests.make import make_attendee
from tests.stored_activity import store_lead, store_meeting
from tests.web.organizer.conftest import SignIn


def test_report_when_shown_then_figures_link_to_their_lists_and_files_have_them_too(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    company = exhibitor_id_of(edition, make_exhibitor(edition))
    visitor = make_attendee(edition, now).id
    store_lead(company, visitor, now, scans=2)
    store_meeting(edition, company, visitor, now, MeetingState.NO_SHOW)

    page = organizer.get("/en/organizer/exhibitors/reports").text
    pdf = organizer.get("/zh/organizer/exhibitors/reports/export.pdf")
    book = organizer.get("/en/organizer/exhibitors/reports/export.xlsx")

    for link in ("/en/organizer/exhibitors/yunshang", "/en/organizer/meetings"):
        assert f'href="{link}"' in page
    assert (pdf.status_code, pdf.data[:5], book.status_code, book.data[:2]) == (200, b"%PDF-", 200, b"PK")


def test_report_when_nothing_happened_yet_then_every_part_says_so(organizer: FlaskClient) -> None:
    page = organizer.get("/en/organizer/exhibitors/reports")

    assert page.status_code == 200
    assert "No meetings have been requested yet." in page.text
    assert "There are no exhibitors yet." in page.text
    assert organizer.get("/en/organizer/exhibitors/reports/export.pdf").status_code == 200


def test_report_when_somebody_may_only_see_statistics_then_the_navigation_leads_to_it(
    sign_in: SignIn, organizer: FlaskClient
) -> None:
    manager, reviewer = sign_in(Role.PROGRAM_MANAGER), sign_in(Role.REVIEWER)
    address = 'href="/en/organizer/exhibitors/reports"'

    page = manager.get("/en/organizer/exhibitors/reports")

    assert (page.status_code, address in manager.get("/en/organizer/").text) == (200, True)
    assert 'href="/en/organizer/exhibitors"' not in page.text
    assert address not in reviewer.get("/en/organizer/program/sessions").text
    assert address not in organizer.get("/en/organizer/").text
