"""Process scans: a verdict, a row, and at most one admission each.

A scan is processed like a batch of one. A refusal is a value and a row, not an error.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from expo.accounts.rules import Actor, Permission, require
from expo.checkin.queries.scans import ScanAnswer
from expo.checkin.services.batches import CHUNK, SentScan, process_scans
from expo.checkin.services.verdicts import ScanRequest
from expo.infra.combining import Combiner


def scan(actor: Actor, edition_id: int, request: ScanRequest, now: datetime) -> ScanAnswer:
    """Judge a scan, store it, and admit or check out the holder if allowed.

    Repeating a `scan_id` returns the first answer, regardless of its other values, and stores no second row. A refusal
    is returned, not raised. Raises PermissionMissing for an actor who may not scan, or not force; EditionMissing.
    """
    require_scanning(actor, edition_id, request)
    [answer] = process_scans(edition_id, [SentScan(actor, request, now)])
    return answer


def scan_together(actor: Actor, edition_id: int, request: ScanRequest, now: datetime) -> ScanAnswer:
    """Process a scan like `scan`, in one transaction with others that arrive in this process at the same moment.

    Not for an open transaction: the thread that leads the group would not know of it.
    """
    require_scanning(actor, edition_id, request)
    return _TOGETHER.run((edition_id, SentScan(actor, request, now)))


def scan_batch(actor: Actor, edition_id: int, requests: list[ScanRequest], now: datetime) -> list[ScanAnswer]:
    """Process a queue of scans in the order they were made, and return the answers in the order given.

    The queue may be sent again as a whole. A forced scan by an actor who may not force is judged as if it was not
    forced, so that it does not hold up the rest. Raises PermissionMissing for an actor who may not scan.
    """
    return scan_queue(actor, edition_id, [SentScan(actor, each, now) for each in requests])


def scan_queue(actor: Actor, edition_id: int, sent: Sequence[SentScan]) -> list[ScanAnswer]:
    """Process a queue like `scan_batch`; `actor` is who sends it, which for a hub is not who scanned."""
    require(actor, Permission.SCAN, edition_id)
    if not sent:
        return []
    return process_scans(
        edition_id,
        [
            each
            if each.actor.may(Permission.SCAN_FORCE, edition_id)
            else replace(each, request=replace(each.request, forced=False))
            for each in sent
        ],
    )


def require_scanning(actor: Actor, edition_id: int, request: ScanRequest) -> None:
    """Check that the actor may scan, and force if this scan is forced. Raises PermissionMissing."""
    require(actor, Permission.SCAN, edition_id)
    if request.forced:
        require(actor, Permission.SCAN_FORCE, edition_id)


def _process_together(items: Sequence[tuple[int, SentScan]]) -> list[ScanAnswer]:
    answers: dict[int, ScanAnswer] = {}
    for edition_id in {edition_id for edition_id, _ in items}:
        places = [place for place, item in enumerate(items) if item[0] == edition_id]
        answers.update(zip(places, process_scans(edition_id, [items[place][1] for place in places]), strict=True))
    return [answers[place] for place in range(len(items))]


_TOGETHER = Combiner(_process_together, CHUNK)
