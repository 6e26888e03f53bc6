"""Attendees: found however they are typed, shown in full, changed after confirmation, exported as files."""

import csv
import io
import json
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from expo.badges.queries import find_badge_of
from expo.editions.queries import EditionFacts
from expo.infra.db import db
from expo.mail.queries import EmailFilter, find_emails
from expo.registration.queries import get_attendee, get_order
from expo.registration.rules import AttendeeState
from tests.conftest import shared_file
from tests.make import attendee_request, make_attendee, make_registration, make_ticket_type, order_request
from tests.web.query_counts import count_queries

HTMX = {"HX-Request": "true"}


def test_list_when_searched_in_another_script_then_finds(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_attendee(edition, now, name="张伟", email="a@example.org")
    make_attendee(edition, now, name="Ольга Иванова", email="b@example.org", country="RU")
    page = organizer.get("/organizer/attendees?q=zhang").text
    assert ("张伟" in page.partition('id="found"')[2], "Ольга" in page) == (True, False)


def test_list_when_filtered_then_only_who_matches_every_part(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_attendee(edition, now, name="Ann Visitor", email="a@example.org", country="FR")
    make_attendee(edition, now, "press", name="Bob Press", email="b@example.org", country="FR")
    make_attendee(edition, now, "press", name="Cid Press", email="c@example.org", country="CN")
    page = organizer.get("/organizer/attendees?ticket_type=press&country=FR&state=confirmed", headers=HTMX).text
    assert [name in page for name in ("Ann Visitor", "Bob Press", "Cid Press")] == [False, True, False]


def test_list_when_asked_for_by_htmx_then_only_the_list_and_told_apart_in_caches(organizer: FlaskClient) -> None:
    part, whole = organizer.get("/organizer/attendees", headers=HTMX), organizer.get("/organizer/attendees")
    assert ("<html" in part.text, "<html" in whole.text) == (False, True)
    assert [("HX-Request" in answer.vary) for answer in (part, whole)] == [True, True]


@pytest.mark.parametrize("query", ["state=nonsense", "cursor=x", "q=%00%25", "country=zz", "q=" + "a" * 5000])
def test_list_when_the_address_is_nonsense_then_still_a_page(query: str, organizer: FlaskClient) -> None:
    assert organizer.get(f"/organizer/attendees?{query}").status_code == 200


def test_list_when_there_are_more_rows_then_as_many_queries(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_attendee(edition, now, email="a@example.org")
    one = count_queries(organizer, "/organizer/attendees")
    make_attendee(edition, now, email="b@example.org")
    make_attendee(edition, now, email="c@example.org")
    assert (one, count_queries(organizer, "/organizer/attendees")) == (11, 11)


def test_person_when_there_is_more_history_then_as_many_queries(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    made = make_attendee(edition, now)
    organizer.get(f"/organizer/attendees/{made.code}")
    one = count_queries(organizer, f"/organizer/attendees/{made.code}")
    organizer.post(f"/organizer/attendees/{made.code}/reissue")
    organizer.post(f"/organizer/attendees/{made.code}/resend")
    assert count_queries(organizer, f"/organizer/attendees/{made.code}") == one


def test_person_when_the_code_is_typed_loosely_then_found(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    code = make_attendee(edition, now).code
    assert organizer.get(f"/organizer/attendees/{code[:4].lower()}-{code[4:].lower()}").status_code == 200


def test_export_when_a_name_looks_like_a_formula_then_no_spreadsheet_runs_it(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    made = make_attendee(edition, now, name="=HYPERLINK(1)", company="+1")
    text = organizer.get("/organizer/attendees/export.csv").data.decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(text))
    assert (row["name"], row["company"], row["state"]) == ("'=HYPERLINK(1)", "'+1", "confirmed")
    book = organizer.get("/organizer/attendees/export.xlsx").data
    cells = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert cells[1][:2] == [f"{made.code[:4]}-{made.code[4:]}", "=HYPERLINK(1)"]


def test_export_when_filtered_then_holds_who_matches(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_attendee(edition, now, name="Ann", email="a@example.org")
    make_attendee(edition, now, name="Bob", email="b@example.org")
    text = organizer.get("/organizer/attendees/export.csv?q=bob").data.decode("utf-8-sig")
    assert [row["name"] for row in csv.DictReader(io.StringIO(text))] == ["Bob"]


def test_edit_when_the_name_is_empty_then_says_so_there_and_keeps_the_rest(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    made = make_attendee(edition, now)
    typed = {"name": "", "country": "FR", "company": "Kept Ltd", "language": "en"}
    answer = organizer.post(f"/organizer/attendees/{made.code}/edit", data=typed)
    assert (answer.status_code, 'id="name-error"' in answer.text, "Kept Ltd" in answer.text) == (422, True, True)
    assert get_attendee(edition.id, made.code).company == ""


def test_edit_when_good_then_saved_and_noted_with_who_did_it(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    made = make_attendee(edition, now)
    typed = {"name": "王芳", "country": "FR", "company": "New Ltd", "language": "zh"}
    answer = organizer.post(f"/organizer/attendees/{made.code}/edit", data=typed, follow_redirects=True)
    changed = get_attendee(edition.id, made.code)
    assert (changed.name, changed.country, changed.language) == ("王芳", "FR", "zh")
    assert ("organizer@example.org" in answer.text, "Edited the details" in answer.text) == (True, True)


def test_approve_when_answered_then_confirmed_with_a_badge(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, "press", requires_approval=True)
    waiting = make_registration(edition, now, order_request(attendee_request("press"), source="desk")).attendees[0]
    answer = organizer.post(f"/organizer/attendees/{waiting.code}/approve", follow_redirects=True)
    after = get_attendee(edition.id, waiting.code)
    assert (answer.status_code, after.state) == (200, AttendeeState.CONFIRMED)
    assert find_badge_of(after.id) is not None
    again = organizer.post(f"/organizer/attendees/{waiting.code}/approve")
    assert (again.status_code, "because the record has changed" in again.text) == (409, True)


def test_refuse_and_cancel_when_answered_then_cancelled(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, "press", requires_approval=True)
    waiting = make_registration(edition, now, order_request(attendee_request("press"), source="desk")).attendees[0]
    made = make_attendee(edition, now)
    organizer.post(f"/organizer/attendees/{waiting.code}/reject")
    organizer.post(f"/organizer/attendees/{made.code}/cancel")
    states = [get_attendee(edition.id, code).state for code in (waiting.code, made.code)]
    assert states == [AttendeeState.CANCELLED, AttendeeState.CANCELLED]


def test_paid_when_answered_then_the_order_is_paid_and_the_decision_gone(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, "delegate", price_cents=5000)
    made = make_attendee(edition, now, "delegate")
    before = "confirmed attendee has not paid" in organizer.get("/organizer/").text
    unpaid = made.code in organizer.get("/organizer/attendees?unpaid=1").text
    organizer.post(f"/organizer/attendees/{made.code}/paid")
    after = "confirmed attendee has not paid" in organizer.get("/organizer/").text
    assert (before, unpaid, after) == (True, True, False)
    assert get_order(edition.id, made.attendee.order_code).is_paid


def test_badge_when_reissued_and_revoked_then_its_issue_and_state_follow(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    made = make_attendee(edition, now)
    organizer.post(f"/organizer/attendees/{made.code}/reissue")
    reissued = find_badge_of(made.id)
    organizer.post(f"/organizer/attendees/{made.code}/revoke")
    db.session.expire_all()
    revoked = find_badge_of(made.id)
    assert reissued is not None
    assert revoked is not None
    assert (reissued.issue, reissued.revoked_at, revoked.revoked_at is not None) == (2, None, True)
    assert organizer.get(f"/organizer/attendees/{made.code}/badge.pdf").status_code == 404


def test_badge_when_printed_then_a_pdf_that_no_cache_keeps(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    answer = organizer.get(f"/organizer/attendees/{make_attendee(edition, now).code}/badge.pdf")
    assert (answer.data[:5], answer.headers["Cache-Control"]) == (b"%PDF-", "private, no-store")


def test_resend_when_answered_then_one_more_email(organizer: FlaskClient, edition: EditionFacts, now: datetime) -> None:
    made = make_attendee(edition, now)
    organizer.post(f"/organizer/attendees/{made.code}/resend")
    letters, _more = find_emails(edition.id, EmailFilter(person_id=made.attendee.person_id), of_no_edition=False)
    assert [letter.message for letter in letters] == ["registration/confirmed"] * 2


def test_pages_when_texts_are_hostile_then_nothing_of_them_is_markup(
    app: Flask, organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    strings = json.loads(shared_file("bad-input/blns.json").read_text("utf-8"))
    hostile = [text for text in strings if "<" in text and "\n" not in text and 3 < len(text) < 150][:60]
    made = [make_attendee(edition, now, name=f"X{text}", company=text) for text in hostile]
    pages = organizer.get("/organizer/attendees").text + "".join(
        organizer.get(f"/organizer/attendees/{each.code}{end}").text
        for each in made
        for end in ("", "/edit", "/cancel")
    )
    stored = [text for each in made for text in (each.attendee.name, each.attendee.company) if "<" in text]
    assert len(hostile) > 30
    assert [text for text in stored if text in pages] == []
