"""Importing attendees in the browser: upload, preview, choices, start, progress, result, faults file."""

import csv
import io
from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from expo.accounts.rules import SYSTEM, Role
from expo.editions.queries import EditionFacts
from expo.flows.attendee_import import evaluate_run
from expo.imports.models import ImportRun
from expo.imports.queries import list_runs
from expo.imports.rules import ImportKind, ImportOptions, RunState
from expo.imports.services import create_run, stop_run
from expo.infra.clock import utcnow
from expo.infra.db import atomic
from expo.infra.jobs import drain
from expo.registration.queries import AttendeeFilter, search_attendees
from tests.bad_input import find_code, sendable_strings
from tests.conftest import make_edition, shared_file
from tests.make import make_ticket_type
from tests.web.organizer.conftest import SignIn

LIST = "name,email,country,ticket_type\nAna,a@example.org,ES,visitor\n=Bo,bad,ES,visitor\n"


def send(browser: FlaskClient, content: bytes, name: str = "list.csv") -> TestResponse:
    return browser.post("/organizer/imports/new", data={"file": (io.BytesIO(content), name)})


def test_import_when_walked_through_then_previewed_started_and_shown(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)

    sent = send(organizer, LIST.encode())
    page = sent.headers["Location"]
    reading = organizer.get(page).text
    drain(utcnow())
    preview = organizer.get(page).text
    untouched = search_attendees(edition.id, AttendeeFilter()).rows
    started = organizer.post(f"{page}/start")
    running = organizer.get(page).text
    drain(utcnow())
    result = organizer.get(page).text
    listed = organizer.get("/organizer/imports").text

    assert (sent.status_code, started.status_code) == (302, 302)
    assert "Reading the file" in reading
    assert 'http-equiv="refresh"' in reading
    assert "Import 1 valid row" in preview
    assert "Line 3" in preview
    assert list(untouched) == []
    assert "0 of 2 rows" in running
    assert "Cancel import" in running
    assert 'http-equiv="refresh"' in running
    assert "View attendees" in result
    assert "Line 3" in result
    assert 'http-equiv="refresh"' not in result
    assert [each.name for each in search_attendees(edition.id, AttendeeFilter()).rows] == ["Ana"]
    assert "list.csv" in listed
    assert "Imported" in listed


def test_progress_when_asked_for_by_htmx_then_the_changing_part_alone(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)
    page = send(organizer, LIST.encode()).headers["Location"]

    part = organizer.get(page, headers={"HX-Request": "true"}).text

    assert part.lstrip().startswith('<div id="run"')
    assert "<html" not in part


def test_faults_when_downloaded_then_each_row_with_its_reason_and_no_formula(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)
    page = send(organizer, LIST.encode()).headers["Location"]
    drain(utcnow())

    given = organizer.get(f"{page}/faults.csv")

    [head, row] = csv.reader(io.StringIO(given.data.decode("utf-8-sig")))
    assert head == ["Line", "Column", "Reason", "name", "email", "country", "ticket_type"]
    assert (row[0], row[1], row[3:]) == ("3", "email", ["'=Bo", "bad", "ES", "visitor"])


def test_choices_when_the_file_lacks_a_ticket_type_then_chosen_in_the_page(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)
    page = send(organizer, shared_file("cases/08-indico-without-ticket-type.csv").read_bytes()).headers["Location"]
    drain(utcnow())

    before = organizer.get(page).text
    refused = organizer.post(f"{page}/start")
    fields = ["", "name", "email", "company", "job_title", "country", "", "state"]
    chosen = {f"column-{at}": name for at, name in enumerate(fields)}
    organizer.post(f"{page}/options", data={**chosen, "encoding": "utf-8", "constant-ticket_type": "visitor"})
    drain(utcnow())
    organizer.post(f"{page}/start")
    drain(utcnow())

    assert "Choose a column for these fields, or one value for all rows: Ticket type" in before
    assert "Import 1 attendee" not in before
    assert refused.status_code == 422
    [rosa] = search_attendees(edition.id, AttendeeFilter()).rows
    assert (rosa.name, rosa.job_title, rosa.country, rosa.ticket_type_code) == (
        "Rosa Example",
        "Engineer",
        "ES",
        "visitor",
    )


def test_choices_when_a_column_is_not_wanted_then_not_imported(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)
    content = b"name,email,country,ticket_type,company\nAna,a@example.org,ES,visitor,Secret Ltd\n"
    page = send(organizer, content).headers["Location"]
    drain(utcnow())

    chosen = {f"column-{at}": name for at, name in enumerate(("name", "email", "country", "ticket_type", ""))}
    organizer.post(f"{page}/options", data={**chosen, "encoding": "utf-8"})
    drain(utcnow())
    organizer.post(f"{page}/start")
    drain(utcnow())

    assert [each.company for each in search_attendees(edition.id, AttendeeFilter()).rows] == [""]


def test_encoding_when_not_certain_then_shown_and_chosen(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)
    page = send(organizer, shared_file("cases/02-attendees-german-cp1252.csv").read_bytes()).headers["Location"]
    drain(utcnow())

    unsure = organizer.get(page).text
    chosen = {f"column-{at}": name for at, name in enumerate(("name", "email", "country", "ticket_type", "company"))}
    organizer.post(f"{page}/options", data={**chosen, "encoding": "cp1252"})
    drain(utcnow())
    sure = organizer.get(page).text

    assert "We could not determine the encoding" in unsure
    assert "Jürgen Müller" in unsure
    assert "Import 2 attendees" not in unsure
    assert "Import 2 attendees" in sure


def test_cancel_when_ready_then_discarded(organizer: FlaskClient, edition: EditionFacts, now: datetime) -> None:
    make_ticket_type(edition, now)
    page = send(organizer, LIST.encode()).headers["Location"]
    drain(utcnow())

    preview = organizer.get(page).text
    question = organizer.get(f"{page}/cancel").text
    before = [each.state for each in list_runs(edition.id)]
    organizer.post(f"{page}/cancel")
    again = organizer.post(f"{page}/start")

    assert f'href="{page}/cancel"' in preview
    assert "Discard “" in question
    assert "upload it again" in question
    assert before == [RunState.READY]
    assert [each.state for each in list_runs(edition.id)] == [RunState.CANCELLED]
    assert again.status_code == 409


def test_unreadable_file_when_uploaded_then_the_run_says_why(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    page = send(organizer, b"%PDF-1.7 x", "list.pdf").headers["Location"]
    drain(utcnow())

    assert "This is a PDF file" in organizer.get(page).text


def test_list_when_there_are_none_then_says_what_to_do(organizer: FlaskClient) -> None:
    text = organizer.get("/organizer/imports").text

    assert "No imports yet" in text
    assert "/organizer/imports/new" in text


def test_pages_when_somebody_may_import_nothing_then_refused(sign_in: SignIn, organizer: FlaskClient) -> None:
    reviewer = sign_in(Role.REVIEWER)

    assert reviewer.get("/organizer/imports").status_code == 403
    assert "/organizer/imports" not in reviewer.get("/organizer/program").text
    assert sign_in(Role.DESK).get("/organizer/imports").status_code == 200


def test_run_when_of_another_edition_then_missing(
    app: Flask, organizer: FlaskClient, other_edition: EditionFacts, now: datetime
) -> None:
    run_id = create_run(
        SYSTEM,
        other_edition.id,
        kind=ImportKind.ATTENDEES,
        file_name="secret.csv",
        content=LIST.encode(),
        options=ImportOptions(),
        now=now,
    )
    evaluate_run(run_id, now)

    answers = [organizer.get(f"/organizer/imports/{run_id}"), organizer.get(f"/organizer/imports/{run_id}/faults.csv")]
    answers += [organizer.post(f"/organizer/imports/{run_id}/{act}") for act in ("start", "cancel", "options")]

    assert [each.status_code for each in answers] == [404] * 5
    assert "secret.csv" not in organizer.get("/organizer/imports").text


def test_stopped_import_when_looked_at_then_says_why_and_is_resumed(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)
    page = send(organizer, LIST.encode()).headers["Location"]
    drain(utcnow())
    organizer.post(f"{page}/start")
    stop_run(list_runs(edition.id)[0].id, utcnow())

    overview = organizer.get("/organizer/").text
    stopped = organizer.get(page).text
    resumed = organizer.post(f"{page}/resume")
    again = organizer.post(f"{page}/resume")
    drain(utcnow())

    assert "import was stopped" in overview
    assert "The import failed several times in a row" in stopped
    assert "Resume import" in stopped
    assert "0 of 2 rows" in stopped
    assert (resumed.status_code, again.status_code) == (302, 409)
    assert list_runs(edition.id)[0].state is RunState.DONE
    assert [each.name for each in search_attendees(edition.id, AttendeeFilter()).rows] == ["Ana"]
    assert "import was stopped" not in organizer.get("/organizer/").text


def test_import_when_resumed_by_an_organizer_of_another_edition_then_404(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    other = make_edition(now, "expo-2028", 2028)
    run_id = create_run(
        SYSTEM, other.id, kind=ImportKind.ATTENDEES, file_name="", content=b"x", options=ImportOptions(), now=now
    )
    stop_run(run_id, now)

    assert organizer.post(f"/organizer/imports/{run_id}/resume").status_code == 404


def test_stopped_run_when_it_has_no_reason_then_the_usual_one_is_shown(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    page = send(organizer, LIST.encode()).headers["Location"]
    stop_run(list_runs(edition.id)[0].id, utcnow())
    with atomic() as session:
        session.execute(update(ImportRun).values(error_code=None))

    answer = organizer.get(page)

    assert (answer.status_code, "The import failed several times in a row" in answer.text) == (200, True)


def test_encodings_when_offered_in_another_language_then_their_letters_are_named_in_it(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)
    page = send(organizer, LIST.encode()).headers["Location"]
    drain(utcnow())

    assert "Windows-1252 (Western European)" in organizer.get(page).text
    assert "Windows-1252（西欧语言）" in organizer.get(f"/zh{page}").text


def test_preview_when_names_of_columns_and_choices_are_odd_then_shown_harmless(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)
    odd = [text for text in sendable_strings() if not set(text) & set("\r\n\0") and len(text) < 500][::7]
    file = io.StringIO()
    csv.writer(file).writerows([["name", "email", *odd], ["Ana", "a@example.org", *odd]])
    page = send(organizer, file.getvalue().encode(), f"{odd[3]}.csv").headers["Location"]
    drain(utcnow())

    preview = organizer.get(page)
    choices = {f"column-{at}": text for at, text in enumerate(odd)} | {"encoding": odd[0], "sheet": odd[1]}
    chosen = organizer.post(f"{page}/options", data=choices)
    drain(utcnow())
    again = organizer.get(page)

    assert (preview.status_code, chosen.status_code, again.status_code) == (200, 302, 200)
    assert find_code(preview.text) + find_code(again.text) == []
    assert "Imported as" in preview.text
