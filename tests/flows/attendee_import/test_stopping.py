"""An import whose worker fails in every attempt is stopped with its reason, and resumed from where it was."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from expo.accounts.queries import actor_for_person, find_person
from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import ensure_person, grant_role
from expo.editions.queries import EditionFacts
from expo.errors import Conflict
from expo.flows.attendee_import import apply_batches, start_import
from expo.flows.attendee_import.batches import BATCH_ROWS
from expo.flows.import_runs import stop_import
from expo.imports.queries import get_run, read_content
from expo.imports.rules import STOPPED_LIFETIME, Counts, RunState
from expo.imports.services import cancel_run, delete_old_files, resume_run
from expo.infra.audit import list_audit_records
from expo.infra.db import atomic, db
from expo.infra.jobs import MAX_ATTEMPTS, Job, drain, enqueue, leases, run_job, sweep
from expo.infra.jobs.handlers import given_up_handlers
from expo.infra.jobs.leases import LEASE, give_up_abandoned
from expo.infra.processes import close_connections
from expo.mail.queries import get_email, list_emails
from expo.registration.queries import AttendeeFilter, recount_quotas, search_attendees
from expo.reports.dashboard import get_open_decisions
from expo.tasks import imports as tasks
from tests.flows.attendee_import.test_importing import rows, upload
from tests.make import make_ticket_type

ROWS = 3 * BATCH_ROWS
FAR_AHEAD = timedelta(days=1)


@pytest.fixture
def started(each_app: Flask, edition: EditionFacts, now: datetime) -> int:
    """A run that was started, with places for everybody."""
    make_ticket_type(edition, now, places=ROWS)
    run_id = upload(edition, now, rows(ROWS))
    drain(now)
    start_import(SYSTEM, edition.id, run_id, now)
    return run_id


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The worker takes one batch and then raises what nobody expects; undone with `undo()`."""
    with monkeypatch.context() as patch:
        patch.setattr(tasks, "apply_batches", _one_batch_and_fail())
        yield patch


def _one_batch_and_fail() -> Callable[..., bool]:
    def apply(run_id: int, clock: Callable[[], datetime], _should_continue: object) -> bool:
        answers = iter([True])
        apply_batches(run_id, clock, lambda _run: next(answers, False))
        raise RuntimeError("as asked")

    return apply


def _fail_for_good(now: datetime) -> datetime:
    """Do the import's job until it is given up, and return when that was."""
    then = now
    for _ in range(MAX_ATTEMPTS):
        then += FAR_AHEAD
        drain(then)
    return then


def _import_job() -> Job:
    db.session.rollback()
    return db.session.scalars(select(Job).where(Job.kind == "imports.apply").order_by(Job.id)).one()


def _resume_and_import(edition: EditionFacts, run_id: int, then: datetime) -> None:
    resume_run(SYSTEM, edition.id, run_id, then)
    drain(then)


def test_import_when_its_job_fails_in_every_attempt_then_stopped_and_resumed_where_it_was(
    edition: EditionFacts, now: datetime, started: int, failing: pytest.MonkeyPatch
) -> None:
    failing.setattr(leases, "MAX_ATTEMPTS", 2)
    drain(now)
    drain(now + FAR_AHEAD)
    stopped = get_run(edition.id, started)
    waiting = get_open_decisions(SYSTEM, edition, now).stopped_imports
    failing.undo()

    _resume_and_import(edition, started, now + FAR_AHEAD)

    run = get_run(edition.id, started)
    assert (stopped.state, stopped.error_code, stopped.next_row) == (RunState.STOPPED, "import_stopped", 2 * BATCH_ROWS)
    assert (waiting, get_open_decisions(SYSTEM, edition, now).stopped_imports) == (1, 0)
    assert (run.state, run.error_code, run.counts) == (RunState.DONE, None, Counts(added=ROWS))
    assert [(each.taken, each.counted) for each in recount_quotas(edition.id)] == [(ROWS, ROWS)]
    acts = [each.action for each in list_audit_records("import_run", started)]
    assert [each for each in acts if each in {"imports.stop", "imports.resume"}] == ["imports.resume", "imports.stop"]


def test_import_when_it_kills_its_worker_in_every_attempt_then_stopped_and_resumed(
    each_app: Flask, edition: EditionFacts, now: datetime, started: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id, then = _import_job().id, now
    with monkeypatch.context() as patch:
        patch.setattr(tasks, "apply_batches", lambda *_arguments: os.kill(os.getpid(), signal.SIGKILL))
        for _ in range(MAX_ATTEMPTS):
            assert _run_in_another_process(each_app, job_id, then) == -signal.SIGKILL
            then += LEASE + timedelta(seconds=1)
    running = get_run(edition.id, started).state

    sweep(then)
    stopped = get_run(edition.id, started).state
    _resume_and_import(edition, started, then)

    assert (running, stopped) == (RunState.RUNNING, RunState.STOPPED)
    assert get_run(edition.id, started).counts == Counts(added=ROWS)
    assert len(search_attendees(edition.id, AttendeeFilter(), limit=100).rows) == ROWS


def _run_in_another_process(app: Flask, job_id: int, now: datetime) -> int | None:
    process = multiprocessing.get_context("fork").Process(target=_run_apart, args=(app, job_id, now))
    close_connections(app)
    process.start()
    process.join()
    return process.exitcode


def _run_apart(app: Flask, job_id: int, now: datetime) -> None:
    with app.app_context():
        run_job(job_id, now)
    os._exit(0)


def test_reading_when_it_fails_in_every_attempt_then_stopped_and_read_again(
    each_app: Flask, edition: EditionFacts, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_ticket_type(edition, now)
    with monkeypatch.context() as patch:
        patch.setattr("tests.flows.attendee_import.test_importing.evaluate_run", lambda *_arguments: None)
        run_id = upload(edition, now, rows(1))
        patch.setattr(tasks, "evaluate_run", _raise)
        then = _fail_for_good(now)
    stopped = get_run(edition.id, run_id).state

    _resume_and_import(edition, run_id, then)

    assert (stopped, get_run(edition.id, run_id).state) == (RunState.STOPPED, RunState.READY)


def _raise(*_arguments: object) -> None:
    raise RuntimeError("as asked")


def test_import_when_not_stopped_then_cannot_be_resumed(edition: EditionFacts, now: datetime, started: int) -> None:
    with pytest.raises(Conflict, match="import_not_stopped"):
        resume_run(SYSTEM, edition.id, started, now)


def test_stopped_import_when_cancelled_then_what_was_imported_stays(
    edition: EditionFacts, now: datetime, started: int, failing: pytest.MonkeyPatch
) -> None:
    failing.setattr(leases, "MAX_ATTEMPTS", 1)
    drain(now)

    cancel_run(SYSTEM, edition.id, started, now)

    run = get_run(edition.id, started)
    assert (run.state, run.counts) == (RunState.CANCELLED, Counts(added=BATCH_ROWS))
    assert len(search_attendees(edition.id, AttendeeFilter(), limit=100).rows) == BATCH_ROWS


def test_stopped_import_when_nobody_resumes_it_then_its_file_is_deleted(
    edition: EditionFacts, now: datetime, started: int, failing: pytest.MonkeyPatch
) -> None:
    failing.setattr(leases, "MAX_ATTEMPTS", 1)
    drain(now)
    stopped_at = get_run(edition.id, started).worked_at
    assert stopped_at is not None

    delete_old_files(stopped_at + STOPPED_LIFETIME)
    kept = read_content(started)
    delete_old_files(stopped_at + STOPPED_LIFETIME + timedelta(seconds=1))

    assert kept
    assert get_run(edition.id, started).state is RunState.CANCELLED


def test_job_when_given_up_and_the_reaction_fails_then_given_up_all_the_same(
    each_app: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(given_up_handlers, "imports.apply", _raise)
    with atomic():
        enqueue("imports.apply", now, run_id=1)
        db.session.query(Job).update({"state": "running", "attempts": MAX_ATTEMPTS, "lease_until": now})

    give_up_abandoned(now + timedelta(seconds=1))

    assert _import_job().state == "failed"


@pytest.mark.parametrize(
    ("language", "subject"), [("en", "The import of attendees was stopped"), ("zh", "参会者导入已停止")]
)
def test_import_when_stopped_then_the_person_who_started_it_gets_one_email_in_their_language(
    each_app: Flask, edition: EditionFacts, now: datetime, language: str, subject: str
) -> None:
    make_ticket_type(edition, now)
    person_id = ensure_person("li@example.org", "Li", language, now)
    grant_role(SYSTEM, edition.id, person_id, Role.ORGANIZER, now)
    person = find_person(person_id)
    assert person is not None
    run_id = upload(edition, now, rows(2))
    start_import(actor_for_person(person, edition.id), edition.id, run_id, now)

    stop_import(run_id, now)
    stop_import(run_id, now)

    [letter] = list_emails(edition.id)
    shown = get_email(edition.id, letter.id)
    page = f"/{language}/organizer/imports/{run_id}"
    assert (letter.to_email, letter.message, letter.language) == ("li@example.org", "imports/stopped", language)
    assert subject in letter.subject
    assert ["list.csv" in text and page in text for text in (shown.text, shown.html)] == [True, True]


def _stop_and_fail(run_id: int, now: datetime) -> None:
    with atomic():
        stop_import(run_id, now)
        _raise()


def test_import_when_stopped_and_the_transaction_fails_then_no_email(
    each_app: Flask, edition: EditionFacts, now: datetime, started: int
) -> None:
    with pytest.raises(RuntimeError, match="as asked"):
        _stop_and_fail(started, now)

    assert (list_emails(edition.id), get_run(edition.id, started).state) == ([], RunState.RUNNING)


def test_import_when_a_command_started_it_then_nobody_is_notified(
    each_app: Flask, edition: EditionFacts, now: datetime, started: int
) -> None:
    stop_import(started, now)

    assert (list_emails(edition.id), get_run(edition.id, started).state) == ([], RunState.STOPPED)
