"""Queues of scans, from devices that were without a network and from the hubs of halls."""

from dataclasses import dataclass, replace
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator
from pydantic_core import to_json

from expo.accounts.rules import Actor, Permission
from expo.api.authentication import Call
from expo.api.problems import token_problem
from expo.api.routes import KIB
from expo.api.schemas import Schema, example
from expo.api.v1.scans import SCAN_EXAMPLE, ScanIn, ScanOut, scan_out, scan_request
from expo.api.v1.version import v1
from expo.checkin.queries.devices import list_device_actors, may_scan_at
from expo.checkin.queries.scans import ScanAnswer
from expo.checkin.rules.devices import is_hub
from expo.checkin.services.batches import SentScan
from expo.checkin.services.hall_devices import record_seen_through_hub
from expo.checkin.services.scans import scan_queue
from expo.checkin.services.undo import undo_scan
from expo.errors import Conflict, Missing, Refused

BATCH_LIMIT = 1024 * KIB
MAX_BATCH = 1000


class QueuedScanIn(ScanIn):
    """A scan in a queue."""

    model_config = example(**SCAN_EXAMPLE)

    undoes: UUID | None = Field(
        None, description="A scan that is taken back at `scanned_at`; then nothing else is scanned"
    )
    device: int | None = Field(None, description="From a hub only: the id of the device that scanned")


@dataclass(frozen=True, slots=True)
class BrokenScan:
    """An entry of a queue that is not a scan; it must not hold up the others."""

    scan_id: str | None
    detail: str


def _accept_broken(value: Any, _validate: ValidatorFunctionWrapHandler) -> Any:
    try:
        # As JSON, because within a validator only Python's own types are accepted.
        return QueuedScanIn.model_validate_json(to_json(value))
    except ValidationError as error:
        scan_id = value.get("scan_id") if isinstance(value, dict) else None
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        detail = f"/{'/'.join(str(part) for part in first['loc'])}: {first['msg']}"
        return BrokenScan(scan_id[:36] if isinstance(scan_id, str) else None, detail)


class BatchIn(Schema):
    """A queue of scans, in any order."""

    scans: list[Annotated[QueuedScanIn, WrapValidator(_accept_broken)]] = Field(min_length=1, max_length=MAX_BATCH)


class ScanProblem(Schema):
    """Why an entry of a queue was not processed. Sending it again will not help."""

    code: str
    detail: str


class BatchAnswer(Schema):
    """The result of one entry of a queue: an answer or a problem."""

    scan_id: str | None
    answer: ScanOut | None
    problem: ScanProblem | None


class BatchOut(Schema):
    """The results, in the order of the queue."""

    answers: list[BatchAnswer]


@v1.route(
    "POST",
    "/scans/batch",
    group="Doors",
    permission=Permission.SCAN,
    body_limit=BATCH_LIMIT,
    is_rate_limited=False,
    answers_revoked=True,
)
def post_scans(call: Call, body: BatchIn) -> BatchOut:
    """Send a queue of scans.

    Scans are processed in the order in which they were made, each independently: an entry that is not a scan has a
    problem instead of an answer, and does not hold up the others. If the request fails, send the whole queue again.

    A device that was revoked may send what it holds for a day; it learns nothing about the attendees. The hub of a hall
    names the device of each scan.
    """
    if call.is_revoked and not call.may_deliver:
        raise token_problem("device_revoked", "This device was revoked.", wipe=call.is_wiped)
    sent: list[QueuedScanIn | BrokenScan] = list(body.scans)
    actors = _find_actors(call, sent)
    results: dict[int, BatchAnswer] = {}
    scans: list[tuple[int, QueuedScanIn, SentScan]] = []
    for place, each in enumerate(sent):
        actor = actors.get(each.device) if isinstance(each, QueuedScanIn) else None
        problem = _find_problem(call, each, actor)
        if problem is not None:
            results[place] = problem
        elif isinstance(each, QueuedScanIn) and actor is not None and each.undoes is None:
            scans.append((place, each, _sent_scan(call, actor, each)))
    answers = scan_queue(call.actor, call.edition_id, [each for _, _, each in scans])
    if is_hub(call.actor):
        seen = {each.actor.id for _, _, each in scans if each.actor.id is not None} - {call.actor.id}
        record_seen_through_hub(call.actor, call.edition_id, seen, call.now)
    for (place, each, _), answer in zip(scans, answers, strict=True):
        results[place] = _answered(call, each, answer)
    for place, each in enumerate(sent):
        if place not in results and isinstance(each, QueuedScanIn):
            results[place] = _undo_queued(call, actors[each.device], each)
    return BatchOut(answers=[results[place] for place in range(len(sent))])


def _find_actors(call: Call, sent: list[QueuedScanIn | BrokenScan]) -> dict[int | None, Actor]:
    """Return who scanned, by the device that an entry names: the caller, or a device for which a hub calls."""
    actors: dict[int | None, Actor] = {None: call.actor}
    if is_hub(call.actor):
        ids = {each.device for each in sent if isinstance(each, QueuedScanIn) and each.device is not None}
        actors |= list_device_actors(call.edition_id, ids)
    return actors


def _find_problem(call: Call, each: QueuedScanIn | BrokenScan, actor: Actor | None) -> BatchAnswer | None:
    """Return why an entry cannot be processed, now or later."""
    if isinstance(each, BrokenScan):
        return _problem(each.scan_id, "request_invalid", each.detail)
    if actor is None:
        return _problem(str(each.scan_id), "door_device_missing", "The device of this scan is not known.")
    # A hub has checked its devices itself.
    if each.undoes is None and not is_hub(call.actor) and not may_scan_at(actor, each.checkpoint):
        return _problem(str(each.scan_id), "device_checkpoint_refused", "This device may not scan at this checkpoint.")
    return None


def _sent_scan(call: Call, actor: Actor, each: QueuedScanIn) -> SentScan:
    return SentScan(
        actor,
        scan_request(each),
        call.now,
        hub_id=call.actor.id if is_hub(call.actor) else None,
        is_after_revocation=call.is_revoked,
    )


def _undo_queued(call: Call, actor: Actor, each: QueuedScanIn) -> BatchAnswer:
    try:
        answer = undo_scan(
            actor,
            call.edition_id,
            str(each.undoes),
            call.now,
            undone_at=each.scanned_at,
            is_from_hub=is_hub(call.actor),
        )
    except (Missing, Conflict, Refused) as error:
        return _problem(str(each.scan_id), error.code, "The scan was not taken back.")
    return _answered(call, each, answer)


def _answered(call: Call, each: ScanIn, answer: ScanAnswer) -> BatchAnswer:
    if call.is_revoked:
        answer = replace(
            answer,
            attendee=None,
            first_scan=None,
            add_ons=(),
            needed=None,
            missing_ticket_types=(),
            missing_add_ons=(),
        )
    return BatchAnswer(scan_id=str(each.scan_id), answer=scan_out(answer), problem=None)


def _problem(scan_id: str | None, code: str, detail: str) -> BatchAnswer:
    return BatchAnswer(scan_id=scan_id, answer=None, problem=ScanProblem(code=code, detail=detail))
