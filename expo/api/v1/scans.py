"""Scans: what a gate sends, and what it is told."""

from uuid import UUID

from pydantic import AwareDatetime, Field

from expo.accounts.rules import Permission
from expo.api.callers import Call
from expo.api.routes import KIB
from expo.api.shapes import Moment, Shape, Text, Texts, example
from expo.api.v1.version import v1
from expo.checkin.queries.scans import AttendeeAtDoor, ScanAnswer
from expo.checkin.rules import MAX_FORCE_NOTE, Direction, ForceReason, Reason, Verdict
from expo.checkin.services.scanning import ScanRequest, scan, scan_batch

SCAN_LIMIT = 64 * KIB
BATCH_LIMIT = 1024 * KIB
MAX_BATCH = 1000

_EXAMPLE = {
    "scan_id": "0192f0c1-7d53-7cc3-a4f5-2a3b4c5d6e7f",
    "token": "AEAQAAIAAF2XK6ABAEAAG" + "A" * 101,
    "checkpoint": "main",
    "direction": "entry",
    "scanned_at": "2027-05-26T09:00:00+08:00",
    "forced": False,
}


class ScanIn(Shape):
    """One scan as the device made it."""

    model_config = example(**_EXAMPLE)

    scan_id: UUID = Field(description="Made by the device: the same one is the same scan")
    token: Text = Field(max_length=1000, description="The text of the QR code, as read")
    checkpoint: Text = Field(max_length=100, description="The code of the checkpoint")
    direction: Direction = Direction.ENTRY
    scanned_at: Moment = Field(description="By the device's clock, RFC 3339 with its zone")
    forced: bool = Field(False, description="Pass over what may be passed over; needs the permission `scan.force`")
    force_reason: ForceReason | None = Field(None, description="Why it is forced; kept with the scan")
    force_note: Text = Field("", max_length=MAX_FORCE_NOTE, description="The same in words; kept with the scan")


class TicketTypeAtDoor(Shape):
    """The kind of ticket."""

    code: str
    name: Texts
    band: int = Field(ge=0, le=7, description="Which of the eight bands the badge has")


class AttendeeAtDoorOut(Shape):
    """Whose badge it is."""

    id: str
    name: str
    latin_name: str
    company: str
    country: str = Field(description="ISO 3166-1 alpha-2")
    ticket_type: TicketTypeAtDoor
    state: str


class PlaceOut(Shape):
    """A checkpoint."""

    code: str
    name: Texts


class FirstScanOut(Shape):
    """The admission that stands."""

    at: AwareDatetime
    checkpoint: PlaceOut


class ScanOut(Shape):
    """The answer at the door. A refusal is an answer too."""

    verdict: Verdict
    reason: Reason | None
    attendee: AttendeeAtDoorOut | None = Field(description="Only where the badge's signature holds")
    first_scan: FirstScanOut | None = Field(description="With `already_admitted`: when and where")


class BatchIn(Shape):
    """A queue of scans, in any order."""

    scans: list[ScanIn] = Field(min_length=1, max_length=MAX_BATCH)


class BatchAnswer(Shape):
    """The answer to one scan of a queue."""

    scan_id: UUID
    answer: ScanOut


class BatchOut(Shape):
    """The answers, in the order of the queue."""

    answers: list[BatchAnswer]


@v1.route("POST", "/scans", group="Doors", permission=Permission.SCAN, body_limit=SCAN_LIMIT, is_rate_limited=False)
def post_scan(call: Call, body: ScanIn) -> ScanOut:
    """Scan a badge.

    The same `scan_id` again gives the same answer and leaves no second row, whatever else the request says.
    """
    return scan_out(scan(call.actor, call.edition_id, _request(body), call.now))


@v1.route(
    "POST", "/scans/batch", group="Doors", permission=Permission.SCAN, body_limit=BATCH_LIMIT, is_rate_limited=False
)
def post_scans(call: Call, body: BatchIn) -> BatchOut:
    """Send a queue of scans.

    They are judged in the order in which they were made. Each stands by itself: a queue that broke off is sent again.
    """
    answers = scan_batch(call.actor, call.edition_id, [_request(each) for each in body.scans], call.now)
    return BatchOut(
        answers=[
            BatchAnswer(scan_id=each.scan_id, answer=scan_out(answer))
            for each, answer in zip(body.scans, answers, strict=True)
        ]
    )


def _request(body: ScanIn) -> ScanRequest:
    return ScanRequest(
        scan_id=str(body.scan_id),
        token_text=body.token,
        checkpoint_code=body.checkpoint,
        direction=body.direction,
        scanned_at=body.scanned_at,
        forced=body.forced,
        force_reason=body.force_reason if body.forced else None,
        force_note=" ".join(body.force_note.split()) if body.forced else "",
    )


def scan_out(answer: ScanAnswer) -> ScanOut:
    """Return an answer as it is sent."""
    first = answer.first_scan
    return ScanOut(
        verdict=answer.verdict,
        reason=answer.reason,
        attendee=_attendee_out(answer.attendee) if answer.attendee else None,
        first_scan=FirstScanOut(
            at=first.at, checkpoint=PlaceOut(code=first.checkpoint.code, name=first.checkpoint.name)
        )
        if first
        else None,
    )


def _attendee_out(who: AttendeeAtDoor) -> AttendeeAtDoorOut:
    kind = who.ticket_type
    return AttendeeAtDoorOut(
        id=who.code,
        name=who.name,
        latin_name=who.latin_name,
        company=who.company,
        country=who.country,
        ticket_type=TicketTypeAtDoor(code=kind.code, name=kind.name, band=kind.band),
        state=who.state,
    )
