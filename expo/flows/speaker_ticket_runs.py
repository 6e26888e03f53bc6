"""Tickets for more speakers than one request serves: the worker issues them one by one, and a page shows how far it is.

The payload of the job is the run: what was asked for, how many speakers are done, and what came of it. It is stored in
the transaction of each ticket, so that a run that was interrupted continues with the next speaker.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from expo.accounts.queries import actor_for_person, find_person
from expo.accounts.rules import SYSTEM, Actor, Permission, require
from expo.errors import Conflict, ExpoError, Refused
from expo.flows.speaker_registrations import (
    RegistrationRequest,
    find_reply_address,
    plan_speaker_tickets,
    register_speaker,
)
from expo.flows.speaker_tickets import issue_speaker_ticket
from expo.infra.db import atomic, retried
from expo.infra.jobs import enqueue_once, find_watched_job, record_job_progress
from expo.program.errors import SpeakerMissing
from expo.program.queries import get_speaker_ticket

RUN_JOB = "program.issue_speaker_tickets"
# The outcome of speakers with an account, and of those who got a ticket in another way in the meantime.
ISSUED, UNCHANGED = "issued", "unchanged"
# How many refusals are stored with their reason; the others are counted.
NAMED_REFUSALS = 20

# Gives a ticket to one speaker, and returns the outcome.
Give = Callable[[str, datetime], str]


@dataclass(frozen=True)
class RunRefusal:
    """A speaker who got no ticket, by name, and the error."""

    name: Mapping[str, str]
    code: str
    params: Mapping[str, Any]


@dataclass(frozen=True)
class TicketRun:
    """A run: whether it is still going on, how many speakers are done, and the outcomes of those.

    `problem` is the code of the error that kept everybody from being served. A run that ended before all were done
    was given up after several attempts.
    """

    is_open: bool
    total: int
    done: int
    outcomes: Mapping[str, int]
    refused: int
    refusals: Sequence[RunRefusal]
    problem: str


@retried
def start_ticket_run(actor: Actor, edition_id: int, request: RegistrationRequest, now: datetime) -> None:
    """Let the worker give tickets to speakers: to those without an account if there is a country, else to the others.

    Raises Conflict `tickets_in_progress`, Invalid `contact_email_missing`.
    """
    require(actor, Permission.ATTENDEES_WRITE, edition_id)
    if request.country:
        find_reply_address(actor, edition_id, plan_speaker_tickets(actor, edition_id, request.slugs))
    run = {
        "edition_id": edition_id,
        "actor": [actor.kind, actor.id],
        "slugs": list(dict.fromkeys(request.slugs)),
        "ticket": request.ticket_type_code,
        "country": request.country,
        "choices": {slug: choice for slug, choice in request.choices.items() if choice},
        "done": 0,
        "outcomes": {},
        "refused": 0,
        "refusals": [],
        "problem": "",
    }
    with atomic():
        if not enqueue_once(RUN_JOB, edition_id, now, **run):
            raise Conflict("tickets_in_progress")


def find_ticket_run(edition_id: int) -> TicketRun | None:
    """Return the current run of an edition, else the last one, as long as it is known."""
    job = find_watched_job(RUN_JOB, edition_id, "edition_id")
    if job is None:
        return None
    run = job.payload
    return TicketRun(
        is_open=job.is_open,
        total=len(run["slugs"]),
        done=run["done"],
        outcomes=run["outcomes"],
        refused=run["refused"],
        refusals=[RunRefusal(**each) for each in run["refusals"]],
        problem=run["problem"],
    )


def continue_ticket_run(run: Mapping[str, Any], clock: Callable[[], datetime], pause: Callable[[], None]) -> None:
    """Give tickets to the speakers of a run who are not done; `pause` is called after each."""
    try:
        give = _prepare(run)
    except ExpoError as error:
        with atomic():
            _store({**run, "problem": error.code})
        return
    for slug in run["slugs"][run["done"] :]:
        run = _serve(give, run, slug, clock())
        pause()


def _prepare(run: Mapping[str, Any]) -> Give:
    """Return how the tickets of a run are given, on behalf of the person who started it."""
    actor, edition_id = _find_starter(run), run["edition_id"]
    require(actor, Permission.ATTENDEES_WRITE, edition_id)
    if not run["country"]:
        return lambda slug, now: _issue(actor, edition_id, slug, run["ticket"], now)
    request = RegistrationRequest(run["slugs"], run["ticket"], run["country"], run["choices"])
    planned = {each.ticket.slug: each for each in plan_speaker_tickets(actor, edition_id, request.slugs)}
    reply_to = find_reply_address(actor, edition_id, list(planned.values()))

    def give(slug: str, now: datetime) -> str:
        plan = planned.get(slug)
        return register_speaker(actor, edition_id, plan, request, reply_to, now).value if plan else UNCHANGED

    return give


def _find_starter(run: Mapping[str, Any]) -> Actor:
    kind, person_id = run["actor"]
    if kind == SYSTEM.kind:
        return SYSTEM
    person = find_person(person_id)
    if person is None:
        raise Refused("tickets_starter_gone")
    return actor_for_person(person, run["edition_id"])


def _issue(actor: Actor, edition_id: int, slug: str, ticket_type_code: str, now: datetime) -> str:
    issue_speaker_ticket(actor, edition_id, slug, ticket_type_code, now)
    return ISSUED


@retried
def _serve(give: Give, run: Mapping[str, Any], slug: str, now: datetime) -> Mapping[str, Any]:
    """Give a ticket to one speaker and store the progress, both or neither; return the run as it is then."""
    try:
        with atomic():
            return _store(_count(run, give(slug, now)))
    except ExpoError as error:
        with atomic():
            if error.code == "speaker_has_ticket":
                return _store(_count(run, UNCHANGED))
            return _store(_refuse(run, slug, error))


def _count(run: Mapping[str, Any], outcome: str) -> dict[str, Any]:
    outcomes = {**run["outcomes"], outcome: run["outcomes"].get(outcome, 0) + 1}
    return {**run, "done": run["done"] + 1, "outcomes": outcomes}


def _refuse(run: Mapping[str, Any], slug: str, error: ExpoError) -> dict[str, Any]:
    refusals = list(run["refusals"])
    if len(refusals) < NAMED_REFUSALS:
        params = {name: value if isinstance(value, str | int) else str(value) for name, value in error.params.items()}
        refusals.append({"name": _name_of(run["edition_id"], slug), "code": error.code, "params": params})
    return {**run, "done": run["done"] + 1, "refused": run["refused"] + 1, "refusals": refusals}


def _name_of(edition_id: int, slug: str) -> Mapping[str, str]:
    try:
        return get_speaker_ticket(edition_id, slug).name
    except SpeakerMissing:
        return {"en": slug}


def _store(run: Mapping[str, Any]) -> Mapping[str, Any]:
    record_job_progress(RUN_JOB, run["edition_id"], dict(run))
    return run
