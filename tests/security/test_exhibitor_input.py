"""Strings that break programs, in every text field about exhibitors: refused at the field or stored as text."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import ensure_person, grant_role
from expo.editions.queries import EditionFacts
from expo.exhibitors.queries import CompanyRecord, RecordFilter, list_records
from expo.exhibitors.rules import ServiceRequest, WindowRequest, read_companies
from expo.exhibitors.services import create_service, set_window
from expo.flows.exhibitor_import import import_exhibitors
from expo.questions.rules import Field, FieldKind
from expo.questions.services import add_field
from tests.bad_input import find_code, sendable_strings
from tests.domains.exhibitors.makers import make_company
from tests.sessions import browser_of

ORGANIZER = "/en/organizer/exhibitors"
NUMBERS = {"booth_area": "1", "passes": "1", "meeting_tables": "1", "lead_licences": "1", "price": "1"}
# For each form: its address, what else it needs, and its text fields. `{slug}` is the company.
FORMS: tuple[tuple[str, dict[str, str], tuple[str, ...]], ...] = (
    (f"{ORGANIZER}/new", {"extra_passes": "0"}, ("name", "description-en", "notes")),
    (f"{ORGANIZER}/new", {"extra_passes": "0", "name": "Web"}, ("website",)),
    (f"{ORGANIZER}/packages/new", NUMBERS, ("name-en", "name-zh", "description-en", "description-zh")),
    (f"{ORGANIZER}/tasks/new", {"goal": "tick"}, ("name-en", "name-zh", "text-en", "text-zh", "due_at")),
    (f"{ORGANIZER}/services/new", {"price": "1"}, ("name-en", "name-zh", "text-en", "unit-en", "last_day")),
    (f"{ORGANIZER}/applications/window", {}, ("introduction-en", "introduction-zh", "opens_at", "closes_at")),
    (f"{ORGANIZER}/messages/{{slug}}", {}, ("text",)),
    ("/en/exhibitor/{slug}/products/new", {}, ("name-en", "name-zh", "text-en", "link")),
    ("/en/exhibitor/{slug}/page", {}, ("tagline-en", "description-zh", "website", "links", "videos", "offers")),
    ("/en/exhibitor/{slug}/team", {"role": "editor", "language": "en"}, ("email", "name")),
    ("/en/exhibitor/{slug}/messages", {}, ("text",)),
    ("/en/exhibitor/{slug}/services/{service}", {}, ("amount",)),
    ("/en/exhibitor/{slug}/leads/questions", {"kind": "text"}, ("label", "options")),
    (
        "/en/exhibit/apply/form",
        {"country": "CN"},
        ("company", "website", "contact_name", "phone", "description", "answer-plans", "kept-licence"),
    ),
)
# Pages that show what was stored.
PAGES = (
    ORGANIZER, f"{ORGANIZER}/packages", f"{ORGANIZER}/tasks", f"{ORGANIZER}/services", f"{ORGANIZER}/applications",
    f"{ORGANIZER}/messages", f"{ORGANIZER}/{{slug}}", "/en/exhibitor/{slug}/page/preview",
    "/en/exhibitor/{slug}/products", "/en/exhibitor/{slug}/documents", "/en/exhibitor/{slug}/tasks",
    "/en/exhibitor/{slug}/services", "/en/exhibitor/{slug}/team", "/en/exhibitor/{slug}/messages",
    "/en/exhibitor/{slug}/leads/questions", "/en/exhibitors", "/en/exhibitors/{slug}", "/en/exhibit/apply",
)  # fmt: skip
COLUMNS = ("name", "venue", "booth", "description", "website", "categories", "country", "slug")


def _groups(texts: list[str], size: int) -> Iterator[list[str]]:
    """Return the strings in groups, so that each is in some field of each form, and each field gets many."""
    for at in range(0, len(texts), size):
        yield texts[at : at + size]


@pytest.fixture
def company(edition: EditionFacts, now: datetime) -> CompanyRecord:
    """A company that exhibits."""
    return make_company(edition, now, "Guiyang Data")


@pytest.fixture
def browser(app: Flask, edition: EditionFacts, now: datetime) -> FlaskClient:
    """The test client of an organizer, who acts for every company."""
    form_id = set_window(SYSTEM, edition.id, WindowRequest(is_open=True), now)
    for key, kind in (("plans", FieldKind.LONG_TEXT), ("licence", FieldKind.FILE)):
        add_field(SYSTEM, edition.id, form_id, Field(key, kind, {"en": key}), now)
    person_id = ensure_person("organizer@example.org", "", "en", now)
    grant_role(SYSTEM, edition.id, person_id, Role.ORGANIZER, now)
    return browser_of(app, person_id)


@pytest.mark.long
def test_forms_when_texts_are_hostile_then_refused_or_shown_as_text(
    browser: FlaskClient, company: CompanyRecord, edition: EditionFacts, now: datetime
) -> None:
    texts = sendable_strings()[::6]
    service = create_service(SYSTEM, edition.id, ServiceRequest({"en": "Power"}, {}, {}, 100, maximum=5), now)

    wrong = []
    for path, needed, fields in FORMS:
        for group in _groups(texts, len(fields)):
            form = {**needed, **dict(zip(fields, group, strict=False))}
            answer = browser.post(path.format(slug=company.slug, service=service), data=form)
            if answer.status_code not in (302, 409, 422):
                wrong.append((path, answer.status_code, group))
    for text in texts[::4]:
        upload = {"file": (io.BytesIO(b"%PDF-1.7"), f"{text[:80]}.pdf"), "title": text}
        answer = browser.post(f"/en/exhibitor/{company.slug}/documents", data=upload)
        if answer.status_code not in (302, 422):  # a quote breaks the header with the name of the file
            wrong.append(("documents", answer.status_code, [text]))

    assert wrong == []
    assert len(list_records(edition.id, RecordFilter(), size=1000)) > 5
    for path in PAGES:
        page = browser.get(path.format(slug=company.slug))
        assert (path, page.status_code, find_code(page.text)) == (path, 200, [])


def test_import_when_cells_are_hostile_then_stored_or_refused_by_row(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    texts = sendable_strings()
    rows = [{**dict.fromkeys(COLUMNS, ""), "name": f"Company {at}"} for at in range(len(texts))]
    for at, (row, text) in enumerate(zip(rows, texts, strict=True)):
        row[COLUMNS[at % len(COLUMNS)]] = text
    file = io.StringIO()
    writer = csv.DictWriter(file, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)

    wanted = read_companies(file.getvalue().encode("utf-8", "replace"))
    change = import_exhibitors(SYSTEM, edition.id, wanted, now, take_good=True)

    assert len(wanted.companies) > len(rows) / 2
    assert all(problem.line > 1 for problem in wanted.problems)
    names = [each.name for each in list_records(edition.id, RecordFilter(), size=10_000)]
    assert len(names) > len(rows) / 2
    assert not any("\x00" in name for name in names)
    assert change is not None


def test_search_when_the_query_is_hostile_then_a_page(client: FlaskClient, company: CompanyRecord) -> None:
    for text in sendable_strings()[::25]:
        for name in ("q", "category", "country", "hall", "offers", "seeks", "page"):
            page = client.get("/en/exhibitors", query_string={name: text})
            assert (name, text, page.status_code, find_code(page.text)) == (name, text, 200, [])
