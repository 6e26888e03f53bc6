"""A company applies, organizers ask back, approve or decline, and each step reaches the other side."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import ensure_person, grant_role
from expo.editions.queries import EditionFacts
from expo.exhibitors.queries import (
    CompanyRecord,
    RecordFilter,
    find_window,
    get_application,
    get_record,
    list_members,
    list_records,
)
from expo.exhibitors.rules import ExhibitorState, MemberRole, WindowRequest
from expo.exhibitors.services import set_window
from expo.infra.clock import utcnow
from expo.infra.db import db
from expo.mail.models import Email
from expo.questions.queries import get_answers
from expo.questions.rules import Field, FieldKind
from expo.questions.services import add_field
from tests.domains.exhibitors.makers import make_company, make_package, make_person
from tests.sessions import browser_of

FORM = "/exhibit/apply/form"
TYPED = {
    "company": "贵阳大数据",
    "country": "CN",
    "website": "example.com",
    "contact_name": "张伟",
    "phone": "+86 851 1234 5678",
    "package": "gold",
    "description": "城市数据平台",
    "answer-floor": "Carpet",
}


@pytest.fixture
def opened(edition: EditionFacts, now: datetime) -> None:
    """Applications are open, with a package and a required question."""
    make_package(edition, now, "Gold", size=1)
    form_id = set_window(SYSTEM, edition.id, WindowRequest(is_open=True), now)
    field = Field("floor", FieldKind.TEXT, {"en": "Floor?", "zh": "地面？"}, is_required=True)
    add_field(SYSTEM, edition.id, form_id, field, now)


@pytest.fixture
def applicant(app: Flask, edition: EditionFacts, now: datetime) -> FlaskClient:
    """The test client of somebody who is signed in and reads Chinese."""
    return browser_of(app, make_person(now, "applicant@example.org", language="zh").id or 0)


@pytest.fixture
def organizer(app: Flask, edition: EditionFacts, now: datetime) -> FlaskClient:
    """The test client of an organizer."""
    person_id = ensure_person("organizer@example.org", "", "en", now)
    grant_role(SYSTEM, edition.id, person_id, Role.ORGANIZER, now)
    return browser_of(app, person_id)


def _messages() -> list[tuple[str, str]]:
    return [(each.message, each.language) for each in db.session.scalars(select(Email).order_by(Email.id))]


@pytest.fixture
def applied(opened: None, applicant: FlaskClient, edition: EditionFacts) -> CompanyRecord:
    """The company of an application."""
    answer = applicant.post(f"/zh{FORM}", data=TYPED)
    assert answer.status_code == 302
    (record,) = list_records(edition.id, RecordFilter(state="applied"))
    return record


def test_application_when_sent_then_the_applicant_owns_a_company_that_visitors_do_not_see(
    applied: CompanyRecord, applicant: FlaskClient, client: FlaskClient, edition: EditionFacts
) -> None:
    application = get_application(edition.id, applied.slug)

    assert (applied.name, applied.state, applied.description) == (
        "贵阳大数据",
        ExhibitorState.APPLIED,
        {"zh": "城市数据平台"},
    )
    assert (application.package, get_answers(application.sheet_id)) == ("gold", {"floor": "Carpet"})
    assert [(each.email, each.role) for each in list_members(applied.id)] == [
        ("applicant@example.org", MemberRole.OWNER)
    ]
    assert _messages() == [("exhibitors/applied", "zh")]
    assert "已收到申请" in applicant.get(f"/zh/exhibitor/{applied.slug}").text
    assert client.get(f"/exhibitors/{applied.slug}").status_code == 404


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"answer-floor": ""}, "Fill in this field."),
        ({"company": "\u200b"}, "name"),
        ({"website": "javascript:alert(1)"}, "web"),
        ({"country": ""}, "Choose a country or region."),
    ],
)
def test_application_when_something_is_missing_then_nothing_is_stored_and_the_text_stays(
    opened: None, applicant: FlaskClient, edition: EditionFacts, change: dict[str, str], words: str
) -> None:
    answer = applicant.post(f"/en{FORM}", data={**TYPED, **change})

    assert (answer.status_code, words in answer.text, "城市数据平台" in answer.text) == (422, True, True)
    assert (list_records(edition.id, RecordFilter()), _messages()) == ([], [])


def test_application_when_a_company_of_the_name_exists_then_only_organizers_learn_it(
    opened: None, applicant: FlaskClient, organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_company(edition, now, "贵阳大数据")

    answer = applicant.post(FORM, data=TYPED)

    (record,) = list_records(edition.id, RecordFilter(state="applied"))
    assert answer.status_code == 302
    assert "another company with this name" in organizer.get(f"/en/organizer/exhibitors/{record.slug}").text


def test_application_when_asked_back_then_answered_and_approved_with_the_package(
    applied: CompanyRecord, applicant: FlaskClient, organizer: FlaskClient, edition: EditionFacts
) -> None:
    queue = f"/organizer/exhibitors/applications/{applied.slug}"
    assert "Carpet" in organizer.get(queue).text

    organizer.post(f"{queue}/ask", data={"text": "Which hall?"})
    assert "Which hall?" in applicant.get(f"/exhibitor/{applied.slug}").text
    applicant.post(f"/exhibitor/{applied.slug}/reply", data={"text": "Hall 3 please"})
    assert "Hall 3 please" in organizer.get(queue).text
    organizer.post(f"/organizer/exhibitors/{applied.slug}/approve", data={"package": "gold"})

    record = get_record(edition.id, applied.slug)
    assert (record.state, record.package) == (ExhibitorState.APPROVED, "gold")
    assert [each for each, _ in _messages()] == ["exhibitors/applied", "exhibitors/question", "exhibitors/approved"]
    assert "Visible to visitors" in applicant.get(f"/en/exhibitor/{applied.slug}").text
    organizer.post(f"/organizer/exhibitors/{applied.slug}/withdraw")
    assert _messages()[-1][0] == "exhibitors/cancelled"
    assert "No longer takes part" in applicant.get(f"/en/exhibitor/{applied.slug}").text


def test_application_when_declined_then_the_applicant_reads_the_reason(
    applied: CompanyRecord, applicant: FlaskClient, organizer: FlaskClient, edition: EditionFacts
) -> None:
    path = f"/organizer/exhibitors/applications/{applied.slug}/decline"

    assert organizer.post(path, data={"text": " "}).status_code == 422
    organizer.post(path, data={"text": "The halls are full."})

    assert get_record(edition.id, applied.slug).state is ExhibitorState.DECLINED
    assert "The halls are full." in applicant.get(f"/exhibitor/{applied.slug}").text
    assert organizer.post(path, data={"text": "Again"}).status_code == 422


@pytest.mark.parametrize("window", [None, {"is_open": False}, {"hours": 1}, {"closed": True}])
def test_application_when_the_window_is_not_open_then_refused(
    applicant: FlaskClient,
    client: FlaskClient,
    edition: EditionFacts,
    now: datetime,
    window: dict[str, object] | None,
) -> None:
    if window is not None:
        later = utcnow() + timedelta(hours=1) if window.get("hours") else None
        past = utcnow() if window.get("closed") else None
        set_window(SYSTEM, edition.id, WindowRequest(bool(window.get("is_open", True)), later, past), now)

    answers = [applicant.get(FORM).status_code, applicant.post(FORM, data=TYPED).status_code]

    assert answers == [409, 409]
    assert (client.get("/exhibit/apply").status_code, "Apply now" in client.get("/en/exhibit/apply").text) == (
        200,
        False,
    )
    assert list_records(edition.id, RecordFilter()) == []


def test_application_when_not_signed_in_then_a_link_leads_to_the_form(
    opened: None, client: FlaskClient, edition: EditionFacts
) -> None:
    assert "Floor?" in client.get("/en/exhibit/apply").text
    assert "/sign-in" in client.get(FORM).location

    sent = client.post("/exhibit/apply/start", data={"name": "Ada", "email": "ada@example.org"})

    assert sent.location.endswith("/exhibit/apply/sent")
    email = db.session.scalars(select(Email).where(Email.message == "exhibitors/start")).one()
    assert (email.to_email, email.links["start_link"][2][-1]) == ("ada@example.org", FORM)


def test_window_when_organizers_set_it_then_the_questions_can_be_edited(
    organizer: FlaskClient, client: FlaskClient, edition: EditionFacts
) -> None:
    questions = "/organizer/exhibitors/applications/questions"
    assert organizer.get(questions).status_code == 404

    organizer.post("/organizer/exhibitors/applications/window", data={"is_open": "y", "introduction-en": "**Join** us"})
    organizer.post(f"{questions}/new?kind=text", data={"label-en": "How high is your booth?"})

    assert find_window(edition.id) is not None
    assert "How high is your booth?" in organizer.get(questions).text
    page = client.get("/en/exhibit/apply").text
    assert ("<strong>Join</strong>" in page, "How high is your booth?" in page) == (True, True)
    assert organizer.get(f"{questions}/new?kind=file").status_code == 200


def test_packages_when_added_and_deleted_in_the_pages_then_listed(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    numbers = {"booth_area": "18", "passes": "5", "meeting_tables": "1", "lead_licences": "2", "price": "12800"}
    base = "/organizer/exhibitors/packages"

    organizer.post(f"{base}/new", data={"name-en": "Gold", "name-zh": "金", **numbers, "size": "10"})
    page = organizer.get(base).text
    assert ("Gold" in page, "12,800" in page, "0 of 10" in page) == (True, True, True)
    assert organizer.post(f"{base}/gold/edit", data={"name-en": "", "name-zh": "", **numbers}).status_code == 422
    organizer.post(f"{base}/gold/delete")

    assert "No packages yet" in organizer.get(base).text
