"""A schedule as an import run: uploaded, read by the worker, previewed, confirmed, applied by the worker."""

import io
from datetime import datetime

from flask.testing import FlaskClient
from sqlalchemy import select

from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import revoke_role
from expo.editions.queries import EditionFacts
from expo.flows.import_runs import stop_import
from expo.flows.program_import import import_program, read_schedule_file
from expo.imports.queries import get_run, list_runs
from expo.imports.rules import Counts, RunState
from expo.infra.clock import utcnow
from expo.infra.db import atomic, db
from expo.infra.jobs import drain
from expo.mail.models import Email
from expo.program.models import AgendaEntry
from expo.program.queries import count_sessions, list_sessions
from tests.make import make_attendee
from tests.web.organizer.conftest import SignIn
from tests.web.organizer.imported_files import confirm, import_file, schedule_file, upload


def send(browser: FlaskClient, *titles: str) -> str:
    """Upload a schedule and return the page of its run, before the worker read it."""
    file = (io.BytesIO(schedule_file(*titles)), "schedule.xml")
    location: str = browser.post("/organizer/program/imports/new", data={"file": file}).location
    return location


def test_schedule_when_walked_through_then_previewed_confirmed_and_shown(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    import_file(organizer, "program", schedule_file("One", "Two"))

    page = send(organizer, "One", "Zwei", "Drei")
    reading = organizer.get(page).text
    part = organizer.get(page, headers={"HX-Request": "true"}).text
    drain(utcnow())
    preview = organizer.get(page).text
    untouched = count_sessions(edition.id)
    started = organizer.post(f"{page}/start")
    running = organizer.get(page).text
    unchanged = count_sessions(edition.id)
    drain(utcnow())
    result = organizer.get(page).text
    listed = organizer.get("/organizer/imports").text

    assert "Reading the file" in reading
    assert 'http-equiv="refresh"' in reading
    assert part.lstrip().startswith('<div id="run"')
    assert "New sessions (1)" in preview
    assert "Changes by field (1)" in preview
    assert 'http-equiv="refresh"' not in preview
    assert started.status_code == 302
    assert "Importing the programme" in running
    assert 'http-equiv="refresh"' in running
    assert (untouched, unchanged) == (2, 2)
    assert "View programme" in result
    assert 'http-equiv="refresh"' not in result
    assert sorted(each.title["en"] for each in list_sessions(edition.id)) == ["Drei", "One", "Zwei"]
    run = list_runs(edition.id)[0]
    assert (run.counts, run.imported, run.next_row) == (Counts(added=1, unchanged=1), 2, 3)
    assert "schedule.xml" in listed
    assert "Programme" in listed


def test_schedule_when_sessions_have_moved_then_those_concerned_are_e_mailed_on_request(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    import_file(organizer, "program", schedule_file("One", "Two"))
    made = make_attendee(edition, now, email="ada@example.org")
    with atomic():
        for each in list_sessions(edition.id):
            db.session.add(AgendaEntry(attendee_id=made.id, session_id=each.id, added_at=now))
    moved = schedule_file("One", "Two").replace(b"10:00", b"11:00")

    page = import_file(organizer, "program", moved).location
    before = organizer.get(page).text
    for number in (1, 2, 2):
        organizer.post(f"/organizer/program/versions/{number}/notify")
    waiting = organizer.get(page).text
    drain(utcnow())

    assert "E-mails would go to 1 attendee." in before
    assert 'action="/organizer/program/versions/2/notify"' in before
    assert ("The people concerned will get an e-mail." in waiting, "versions/2/notify" in waiting) == (True, False)
    assert "A later version has been published." in waiting
    assert "1 person has been e-mailed." in organizer.get(page).text
    assert "1 person has been e-mailed." in organizer.get("/organizer/program/versions/2").text
    confirm(organizer, upload(organizer, "program", schedule_file("One"), "file.xml").location, removals="1")
    organizer.post("/organizer/program/versions/3/notify")
    drain(utcnow())
    letters = db.session.scalars(select(Email).where(Email.message == "program/changes").order_by(Email.id)).all()
    changes = [[change["kind"] for change in each.details["changes"]] for each in letters]
    assert ({each.to_email for each in letters}, changes) == (
        {"ada@example.org"},
        [["moved", "moved"], ["moved", "removed"]],
    )


def test_schedule_when_its_import_fails_in_every_attempt_then_stopped_and_resumed(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    page = upload(organizer, "program", schedule_file("One"), "schedule.xml").location
    organizer.post(f"{page}/start")
    run_id = list_runs(edition.id)[0].id
    stop_import(run_id, utcnow())

    stopped = organizer.get(page).text
    drain(utcnow())
    kept = count_sessions(edition.id)
    resumed = organizer.post(f"{page}/resume")
    drain(utcnow())

    assert "The import failed several times in a row" in stopped
    assert "Resume import" in stopped
    assert (kept, resumed.status_code, count_sessions(edition.id)) == (0, 302, 1)
    assert get_run(edition.id, run_id).state is RunState.DONE


def test_schedule_when_cancelled_before_it_is_applied_then_the_programme_is_unchanged(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    page = upload(organizer, "program", schedule_file("One"), "schedule.xml").location
    organizer.post(f"{page}/start")
    organizer.post(f"{page}/cancel")
    drain(utcnow())

    assert "The programme is unchanged" in organizer.get(page).text
    assert (count_sessions(edition.id), list_runs(edition.id)[0].state) == (0, RunState.CANCELLED)


def test_schedule_when_the_programme_grew_since_the_preview_then_no_more_is_removed_than_confirmed(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    page = upload(organizer, "program", schedule_file("One"), "schedule.xml").location
    import_program(SYSTEM, edition.id, read_schedule_file(edition, schedule_file("One", "Two", "Three")), utcnow())

    confirm(organizer, page)

    assert "would remove 2 of 3 sessions" in organizer.get(page).text
    assert (count_sessions(edition.id), list_runs(edition.id)[0].state) == (3, RunState.FAILED)


def test_schedule_when_the_starter_lost_the_role_then_not_applied(
    organizer: FlaskClient, sign_in: SignIn, edition: EditionFacts
) -> None:
    manager = sign_in(Role.PROGRAM_MANAGER)
    page = upload(manager, "program", schedule_file("One"), "schedule.xml").location
    manager.post(f"{page}/start")
    run = list_runs(edition.id)[0]
    assert run.actor_id is not None
    revoke_role(SYSTEM, edition.id, run.actor_id, Role.PROGRAM_MANAGER, utcnow())
    drain(utcnow())

    assert (count_sessions(edition.id), list_runs(edition.id)[0].state) == (0, RunState.FAILED)
    assert "Import failed" in organizer.get(page).text


def test_runs_when_a_role_may_import_only_one_kind_then_only_that_kind_is_open(
    sign_in: SignIn, organizer: FlaskClient, edition: EditionFacts
) -> None:
    people = organizer.post(
        "/organizer/imports/new", data={"file": (io.BytesIO(b"name\nAna\n"), "people.csv")}
    ).location
    schedule = send(organizer, "One")
    manager, desk = sign_in(Role.PROGRAM_MANAGER), sign_in(Role.DESK)

    lists = {name: browser.get("/organizer/imports").text for name, browser in (("manager", manager), ("desk", desk))}
    opened = [browser.get(page).status_code for browser in (manager, desk) for page in (people, schedule)]
    acts = [
        browser.post(f"{page}/{act}").status_code
        for browser, page in ((manager, people), (desk, schedule))
        for act in ("start", "options", "resume", "cancel")
    ]

    assert [("people.csv" in text, "schedule.xml" in text) for text in lists.values()] == [(False, True), (True, False)]
    assert opened == [403, 200, 200, 403]
    assert acts == [403] * 8
    assert manager.get("/organizer/imports/new").status_code == 403
    assert [each.state for each in list_runs(edition.id)] == [RunState.READING] * 2


def test_overview_when_imports_of_several_kinds_are_stopped_then_each_role_sees_its_own(
    sign_in: SignIn, organizer: FlaskClient, edition: EditionFacts
) -> None:
    organizer.post("/organizer/imports/new", data={"file": (io.BytesIO(b"name\n"), "people.csv")})
    send(organizer, "One")
    for run in list_runs(edition.id):
        stop_import(run.id, utcnow())

    all_kinds, own = (browser.get("/organizer/").text for browser in (organizer, sign_in(Role.PROGRAM_MANAGER)))

    assert ("imports were stopped" in all_kinds, "import was stopped" in own) == (True, True)
    assert "imports were stopped" not in own
