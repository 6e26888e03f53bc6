"""Services for print jobs: the queue of the print stations."""

from datetime import datetime

from sqlalchemy import select, update

from expo.accounts.rules import Actor, Permission, require
from expo.badges.errors import BadgeMissing
from expo.badges.models import PrintJob
from expo.badges.queries import PrintJobRow, find_badge_of, get_print_job
from expo.badges.rules import PrintOrigin, PrintState, is_valid, may_have_badge
from expo.errors import Conflict
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, retried
from expo.infra.inserting import insert_new
from expo.registration.queries import AttendeeRow


@retried
def request_print(
    actor: Actor,
    attendee: AttendeeRow,
    now: datetime,
    *,
    station: str = "",
    origin: PrintOrigin = PrintOrigin.DESK,
) -> bool:
    """Queue an attendee's badge for printing; return False if it is waiting already, or was printed at the kiosk.

    The desk can queue a badge again once the last one is being printed, the kiosk never. Raises BadgeMissing without a
    valid badge.
    """
    edition_id = attendee.edition_id
    require(actor, Permission.BADGES_ISSUE, edition_id)
    with atomic():
        badge = find_badge_of(attendee.id)
        if badge is None or not may_have_badge(attendee.state) or not is_valid(badge.revoked_at):
            raise BadgeMissing
        job_id = insert_new(
            PrintJob,
            edition_id=edition_id,
            attendee_id=attendee.id,
            station=station,
            state=PrintState.WAITING.value,
            origin=origin.value,
            actor_kind=actor.kind,
            actor_id=actor.id,
            created_at=now,
        )
        if job_id is not None:
            _record(actor, "badges.request_print", edition_id, attendee.id, now, origin=origin.value, station=station)
        return job_id is not None


@retried
def start_next_print(actor: Actor, edition_id: int, station: str, now: datetime) -> PrintJobRow | None:
    """Take the oldest job that waits for a station or for any; without a station, the oldest of all. None without one.

    A single statement takes it, so that two stations never print the same badge.
    """
    require(actor, Permission.BADGES_ISSUE, edition_id)
    with atomic():
        mine = [PrintJob.station.in_(("", station))] if station else []
        oldest = (
            select(PrintJob.id)
            .where(PrintJob.edition_id == edition_id, PrintJob.state == PrintState.WAITING.value, *mine)
            .order_by(PrintJob.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        job_id = db.session.scalar(
            update(PrintJob)
            .where(PrintJob.id == oldest.scalar_subquery(), PrintJob.state == PrintState.WAITING.value)
            .values(state=PrintState.PRINTING.value, started_at=now)
            .returning(PrintJob.id)
            .execution_options(synchronize_session=False)
        )
        return get_print_job(edition_id, job_id) if job_id is not None else None


@retried
def finish_print(actor: Actor, edition_id: int, job_id: int, state: PrintState, now: datetime) -> PrintJobRow:
    """Note that a badge was printed, or that printing failed.

    Raises Missing `print_job_missing`, Conflict `print_job_finished`.
    """
    require(actor, Permission.BADGES_ISSUE, edition_id)
    with atomic():
        job = get_print_job(edition_id, job_id)
        finished = db.session.scalar(
            update(PrintJob)
            .where(PrintJob.id == job_id, PrintJob.state == PrintState.PRINTING.value)
            .values(state=state.value, finished_at=now)
            .returning(PrintJob.id)
            .execution_options(synchronize_session=False)
        )
        if finished is None:
            raise Conflict("print_job_finished")
        action = "badges.print" if state is PrintState.PRINTED else "badges.fail_print"
        _record(actor, action, edition_id, job.attendee_id, now, station=job.station)
        return get_print_job(edition_id, job_id)


def _record(actor: Actor, action: str, edition_id: int, attendee_id: int, now: datetime, **details: str) -> None:
    record_act(actor, action, now, edition_id=edition_id, subject="attendee", subject_id=attendee_id, **details)
