"""Organizers add, change, approve, hide and withdraw companies in pages."""

from datetime import datetime

from flask.testing import FlaskClient

from expo.accounts.rules import SYSTEM, Role
from expo.editions.queries import EditionFacts
from expo.exhibitors.queries import RecordFilter, count_passes_used, get_record, list_records
from expo.exhibitors.rules import ExhibitorState
from expo.exhibitors.services import withdraw_company
from expo.flows.exhibitor_passes import PassHolder, issue_pass
from tests.domains.exhibitors.makers import make_company, make_member, make_package
from tests.make import make_ticket_type
from tests.web.organizer.conftest import SignIn


def test_company_when_added_in_the_page_then_shown_with_its_package(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_package(edition, now, "Gold", passes=4)
    typed = {"name": "贵阳数据", "country": "CN", "website": "example.com", "package": "gold", "extra_passes": "1"}

    answer = organizer.post("/organizer/exhibitors/new", data=typed)

    (record,) = list_records(edition.id, RecordFilter())
    assert answer.status_code == 302
    assert (record.name, record.package, record.passes) == ("贵阳数据", "gold", 5)
    page = organizer.get(answer.location).text
    assert ("Gold" in page, "Added the company" in page) == (True, True)


def test_company_when_the_name_is_taken_then_the_form_says_so_and_keeps_the_text(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_company(edition, now, "Ada Ltd")

    answer = organizer.post(
        "/organizer/exhibitors/new", data={"name": "ada ltd", "notes": "Call Ω", "extra_passes": "0"}
    )

    assert (answer.status_code, "already a company called" in answer.text, "Call Ω" in answer.text) == (422, True, True)


def test_company_when_changed_by_somebody_else_meanwhile_then_not_overwritten(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    record = make_company(edition, now, "Ada")
    path = f"/organizer/exhibitors/{record.slug}/edit"
    typed = {"extra_passes": "0", "country": "CN", "version": record.version}

    first = organizer.post(path, data={"name": "Babbage", **typed})
    second = organizer.post(path, data={"name": "Curie", **typed})

    assert (first.status_code, second.status_code) == (302, 422)
    assert get_record(edition.id, record.slug).name == "Babbage"


def test_company_when_its_package_has_fewer_passes_than_used_then_organizers_are_told_how_many(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, "exhibitor", is_public=False)
    make_package(edition, now, "Gold", passes=2, pass_ticket="exhibitor")
    make_package(edition, now, "Basic", passes=0, pass_ticket="exhibitor")
    record = make_company(edition, now, "Ada", package="gold")
    actor, member = make_member(edition, record, now)
    issue_pass(actor, edition.id, record.slug, member.id, PassHolder("Ada", "CN"), now)
    typed = {"name": "Ada", "package": "basic", "extra_passes": "0", "version": record.version}

    answer = organizer.post(f"/organizer/exhibitors/{record.slug}/edit", data=typed)

    page = organizer.get(answer.location).text
    said = "1 badge of the team is valid, more than the company now has passes (0)."
    assert (said in page, "1 of 0 used" in page, count_passes_used(record.id)) == (True, True, 1)


def test_companies_when_selected_then_approved_and_hidden_together(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    first, second = make_company(edition, now), make_company(edition, now)
    withdraw_company(SYSTEM, edition.id, first.slug, None, now)
    selected = {"company": [first.slug, second.slug]}

    organizer.post("/organizer/exhibitors/selected", data={"act": "approve", **selected})
    organizer.post("/organizer/exhibitors/selected", data={"act": "hide", **selected})

    records = [get_record(edition.id, each.slug) for each in (first, second)]
    assert [(each.state, each.is_hidden) for each in records] == [(ExhibitorState.APPROVED, True)] * 2


def test_company_when_withdrawn_in_the_page_then_visitors_miss_it_until_approved(
    organizer: FlaskClient, client: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    record = make_company(edition, now, package=make_package(edition, now, "Gold"))
    base = f"/organizer/exhibitors/{record.slug}"

    assert "Cancel participation" in organizer.get(f"{base}/withdraw").text
    organizer.post(f"{base}/withdraw")
    gone = client.get(f"/exhibitors/{record.slug}").status_code
    page = organizer.get(base).text
    assert "Its former package is still available: Gold" in page
    assert 'selected value="gold"' in page
    organizer.post(f"{base}/approve", data={"package": ""})

    assert (gone, client.get(f"/exhibitors/{record.slug}").status_code) == (404, 200)


def test_export_when_filtered_then_has_state_and_package_of_the_matching_companies(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_package(edition, now, "Gold", passes=2)
    make_company(edition, now, "Ada", package="gold")
    make_company(edition, now, "Babbage", is_hidden=True)

    text = organizer.get("/organizer/exhibitors/export.csv?state=hidden").data.decode("utf-8-sig")
    lines = organizer.get("/organizer/exhibitors/export.csv").data.decode("utf-8-sig").splitlines()

    assert "Ada" not in text
    assert [line.split(",")[-6:-1] for line in lines[1:]] == [
        ["approved", "no", "Gold", "2", "0"],
        ["approved", "yes", "", "0", "0"],
    ]
    assert lines[1].endswith("; documents")


def test_companies_when_the_viewer_only_reads_then_no_act_is_offered_or_accepted(
    sign_in: SignIn, edition: EditionFacts, now: datetime
) -> None:
    record = make_company(edition, now, notes="secret note")
    browser = sign_in(Role.DESK)

    page = browser.get(f"/organizer/exhibitors/{record.slug}")
    answers = [
        browser.get("/organizer/exhibitors/new").status_code,
        browser.post(f"/organizer/exhibitors/{record.slug}/withdraw").status_code,
        browser.post("/organizer/exhibitors/selected", data={"act": "hide", "company": record.slug}).status_code,
    ]

    assert ("secret note" in page.text, answers) == (False, [403, 403, 403])
