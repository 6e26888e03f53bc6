"""Files that answer questions of an application: checked, kept on errors, read by organizers, deleted with it."""

import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import ensure_person, grant_role
from expo.editions.queries import EditionFacts
from expo.exhibitors.models import ApplicationFile
from expo.exhibitors.queries import RecordFilter, get_application, list_records
from expo.exhibitors.rules import WindowRequest
from expo.exhibitors.services import delete_company, purge_application_files, set_window
from expo.infra.clock import utcnow
from expo.infra.db import db
from expo.infra.files import StoredFile
from expo.questions.queries import get_answers
from expo.questions.rules import Field, FieldKind
from expo.questions.services import add_field
from expo.web.exhibitor import applications
from tests.domains.exhibitors.makers import make_person
from tests.sessions import browser_of

FORM = "/en/exhibit/apply/form"
PDF = b"%PDF-1.7 licence"
TYPED = {"company": "Ada", "country": "GB", "contact_name": "Ada", "description": "Engines"}


@pytest.fixture
def opened(edition: EditionFacts, now: datetime) -> None:
    """Applications are open and require a file."""
    form_id = set_window(SYSTEM, edition.id, WindowRequest(is_open=True), now)
    field = Field("licence", FieldKind.FILE, {"en": "Business licence", "zh": "营业执照"}, is_required=True)
    add_field(SYSTEM, edition.id, form_id, field, now)


@pytest.fixture
def applicant(app: Flask, opened: None, now: datetime) -> FlaskClient:
    """The test client of somebody who is signed in."""
    return browser_of(app, make_person(now, "applicant@example.org").id or 0)


def send(browser: FlaskClient, content: bytes = PDF, name: str = "licence.pdf", **typed: str) -> Any:
    return browser.post(FORM, data={**TYPED, "answer-licence": (io.BytesIO(content), name), **typed})


def _stored() -> tuple[int, int]:
    """Return how many files of applications there are, and how many files at all."""
    db.session.rollback()
    files, every = (db.session.scalar(select(func.count()).select_from(each)) for each in (ApplicationFile, StoredFile))
    return files or 0, every or 0


@pytest.fixture
def organizer(app: Flask, edition: EditionFacts, now: datetime) -> FlaskClient:
    """The test client of an organizer."""
    person_id = ensure_person("organizer@example.org", "", "en", now)
    grant_role(SYSTEM, edition.id, person_id, Role.ORGANIZER, now)
    return browser_of(app, person_id)


def test_file_when_sent_with_the_application_then_organizers_alone_download_it(
    app: Flask, applicant: FlaskClient, organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    assert send(applicant).status_code == 302
    [record] = list_records(edition.id, RecordFilter())
    key = get_answers(get_application(edition.id, record.slug).sheet_id)["licence"]
    base = f"/en/organizer/exhibitors/applications/{record.slug}"

    page = organizer.get(base).text
    with organizer.get(f"{base}/files/{key}") as got:
        content = got.data

    assert ("licence.pdf" in page, f"{base}/files/{key}" in page) == (True, True)
    assert (content, got.headers["X-Content-Type-Options"]) == (PDF, "nosniff")
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert organizer.get(f"{base}/files/{'0' * 32}").status_code == 404
    stranger = browser_of(app, make_person(now).id or 0)
    assert [each.get(f"{base}/files/{key}").status_code for each in (applicant, stranger)] == [403, 403]


def test_file_when_something_else_is_missing_then_it_need_not_be_chosen_again(
    applicant: FlaskClient, edition: EditionFacts
) -> None:
    answer = send(applicant, company="", description="Engines Ω")
    key = db.session.scalars(select(StoredFile.key)).one()

    assert (answer.status_code, "licence.pdf" in answer.text, "Engines Ω" in answer.text) == (422, True, True)
    assert f'name="kept-licence" value="{key}"' in answer.text
    assert applicant.post(FORM, data={**TYPED, "kept-licence": key}).status_code == 302
    [record] = list_records(edition.id, RecordFilter())
    assert get_answers(get_application(edition.id, record.slug).sheet_id) == {"licence": key}
    assert _stored() == (1, 1)


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"<script>alert(1)</script>", "licence.pdf", "is not a PDF"),
        (b"MZ\x90", "licence.exe", "is not a PDF"),
        (b"%PDF-" + b"x" * 1024 * 1024, "licence.pdf", "up to 1 MB"),
    ],
)
def test_file_when_it_is_something_else_or_too_large_then_refused_and_the_text_stays(
    applicant: FlaskClient, content: bytes, name: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applications, "DOCUMENT_MB", 1)

    answer = send(applicant, content, name, description="Engines Ω")

    assert (answer.status_code, words in answer.text, "Engines Ω" in answer.text) == (422, True, True)
    assert _stored() == (0, 0)


def test_file_when_somebody_names_the_key_of_another_applicant_then_refused(
    app: Flask, applicant: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    send(applicant, company="")
    key = db.session.scalars(select(StoredFile.key)).one()
    thief = browser_of(app, make_person(now).id or 0)

    answer = thief.post(FORM, data={**TYPED, "kept-licence": key})

    assert (answer.status_code, "Upload the file again." in answer.text) == (422, True)
    assert "licence.pdf" not in answer.text
    assert list_records(edition.id, RecordFilter()) == []


def test_file_when_the_application_is_deleted_or_never_sent_then_deleted(
    applicant: FlaskClient, edition: EditionFacts
) -> None:
    send(applicant)
    send(applicant, company="")
    [record] = list_records(edition.id, RecordFilter())
    assert _stored() == (2, 2)

    delete_company(SYSTEM, edition.id, record.slug, None, utcnow())
    assert _stored() == (1, 1)
    assert purge_application_files(utcnow() + timedelta(days=1)) == 0
    assert purge_application_files(utcnow() + timedelta(days=3)) == 1
    assert _stored() == (0, 0)
