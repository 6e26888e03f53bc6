"""Tickets for many speakers in one act: the worker issues them, nobody gets two, and what went wrong is named."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import ANONYMOUS, SYSTEM
from expo.editions.models import Edition
from expo.editions.queries import EditionFacts
from expo.errors import Conflict
from expo.flows.speaker_registrations import RegistrationRequest
from expo.flows.speaker_ticket_runs import (
    RUN_JOB,
    TicketRun,
    continue_ticket_run,
    find_ticket_run,
    start_ticket_run,
)
from expo.infra.db import atomic, db
from expo.infra.jobs import drain, find_watched_job
from expo.mail.models import Email
from expo.program.queries import list_speaker_tickets
from tests.domains.proposals.makers import make_call
from tests.make import make_ticket_type
from tests.speakers import make_confirmed_talk
from tests.timetables import make_session


class WorkerEndedError(Exception):
    """The worker ends between two tickets."""


@pytest.fixture(autouse=True)
def _ticket_types(edition: EditionFacts, now: datetime) -> None:
    make_ticket_type(edition, now, "speaker", places=5, is_public=False)


def _speakers(edition: EditionFacts, now: datetime) -> list[str]:
    """Make two speakers who can get a ticket, and one whose country is not known; return their slugs."""
    call = make_call(edition, now)
    make_confirmed_talk(edition, now, call=call)
    make_confirmed_talk(edition, now, "zoe@example.org", call, name="Zoe")
    make_confirmed_talk(edition, now, "nowhere@example.org", call, name="Nowhere", country="")
    return [each.slug for each in list_speaker_tickets(edition.id)]


def _run(edition: EditionFacts) -> TicketRun:
    run = find_ticket_run(edition.id)
    assert run is not None
    return run


def _badges() -> int:
    query = select(func.count()).select_from(Email).where(Email.message == "registration/confirmed")
    return db.session.scalar(query) or 0


def test_run_when_started_then_the_worker_issues_all_tickets_and_names_who_got_none(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    request = RegistrationRequest(_speakers(edition, now), "speaker", "", {})

    start_ticket_run(SYSTEM, edition.id, request, now)
    waiting = _run(edition)
    with pytest.raises(Conflict, match="tickets_in_progress"):
        start_ticket_run(SYSTEM, edition.id, request, now)
    drain(now)
    done = _run(edition)
    start_ticket_run(SYSTEM, edition.id, request, now)
    drain(now)
    again = _run(edition)

    assert (waiting.is_open, waiting.done, waiting.total) == (True, 0, 3)
    assert (done.is_open, done.done, done.outcomes, done.problem) == (False, 3, {"issued": 2}, "")
    assert [(each.name["en"], each.code) for each in done.refusals] == [("Nowhere", "country_unknown")]
    assert (again.outcomes, again.refused, _badges()) == ({"unchanged": 2}, 1, 2)


def test_run_when_the_worker_ends_in_the_middle_then_goes_on_with_the_next_speaker(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    start_ticket_run(SYSTEM, edition.id, RegistrationRequest(_speakers(edition, now), "speaker", "", {}), now)

    def end() -> None:
        raise WorkerEndedError

    for done in (0, 1, 2):
        job = find_watched_job(RUN_JOB, edition.id, "edition_id")
        assert job is not None
        assert job.payload["done"] == done
        with pytest.raises(WorkerEndedError):
            continue_ticket_run(job.payload, lambda: now, end)

    run = _run(edition)
    assert (run.done, run.outcomes, run.refused, _badges()) == (3, {"issued": 2}, 1, 2)


def test_run_when_speakers_have_no_account_then_registered_as_the_preview_says(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_session(edition, "opening", "Ada", "Ben")
    slugs = [each.slug for each in list_speaker_tickets(edition.id)]
    with atomic():
        db.session.get_one(Edition, edition.id).contact_email = "office@example.org"

    with pytest.raises(PermissionMissing):
        start_ticket_run(ANONYMOUS, edition.id, RegistrationRequest(slugs, "speaker", "CN", {}), now)
    start_ticket_run(SYSTEM, edition.id, RegistrationRequest([*slugs, "gone"], "speaker", "CN", {}), now)
    drain(now)

    assert _run(edition).outcomes == {"at_desk": 2, "unchanged": 1}
    assert all(each.attendee_id for each in list_speaker_tickets(edition.id))
