"""Queries on print jobs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select

from expo.badges.models import PrintJob
from expo.badges.rules import PrintOrigin, PrintState
from expo.errors import Missing
from expo.infra.db import db
from expo.registration.models import Attendee

RECENT = 20


@dataclass(frozen=True)
class PrintJobRow:
    """A print job with the attendee whose badge is printed."""

    id: int
    attendee_id: int
    attendee_code: str
    attendee_name: str
    company: str
    station: str
    state: PrintState
    origin: PrintOrigin
    created_at: datetime
    finished_at: datetime | None


def list_waiting_jobs(edition_id: int, station: str = "", limit: int = 50) -> list[PrintJobRow]:
    """Return the jobs that wait for a station, oldest first, including those for any station."""
    query = _query(edition_id).where(PrintJob.state == PrintState.WAITING.value).order_by(PrintJob.id).limit(limit)
    return _rows(query.where(PrintJob.station.in_(("", station))) if station else query)


def count_waiting_jobs(edition_id: int, station: str = "") -> int:
    """Return how many jobs wait for a station; without one, how many wait at all."""
    query = (
        select(func.count())
        .select_from(PrintJob)
        .where(PrintJob.edition_id == edition_id, PrintJob.state == PrintState.WAITING.value)
    )
    return db.session.scalar(query.where(PrintJob.station.in_(("", station))) if station else query) or 0


def list_started_jobs(edition_id: int) -> list[PrintJobRow]:
    """Return the jobs being printed, newest first."""
    query = _query(edition_id).where(PrintJob.state == PrintState.PRINTING.value)
    return _rows(query.order_by(PrintJob.id.desc()).limit(RECENT))


def list_finished_jobs(edition_id: int) -> list[PrintJobRow]:
    """Return the jobs finished last, newest first."""
    finished = (PrintState.PRINTED.value, PrintState.FAILED.value)
    query = _query(edition_id).where(PrintJob.state.in_(finished))
    return _rows(query.order_by(PrintJob.finished_at.desc(), PrintJob.id.desc()).limit(RECENT))


def get_print_job(edition_id: int, job_id: int) -> PrintJobRow:
    """Return one print job of an edition. Raises Missing `print_job_missing`."""
    rows = _rows(_query(edition_id).where(PrintJob.id == job_id))
    if not rows:
        raise Missing("print_job_missing")
    return rows[0]


def list_print_states(attendee_ids: Sequence[int]) -> dict[int, PrintState]:
    """Return the state of the latest print job of each of these attendees who has one."""
    latest = select(func.max(PrintJob.id)).where(PrintJob.attendee_id.in_(attendee_ids)).group_by(PrintJob.attendee_id)
    rows = db.session.execute(select(PrintJob.attendee_id, PrintJob.state).where(PrintJob.id.in_(latest)))
    return {row.attendee_id: PrintState(row.state) for row in rows}


def _query(edition_id: int) -> Select[int, int, str, str, str, str, str, str, datetime, datetime | None]:
    return (
        select(
            PrintJob.id,
            PrintJob.attendee_id,
            Attendee.code,
            Attendee.name,
            Attendee.company,
            PrintJob.station,
            PrintJob.state,
            PrintJob.origin,
            PrintJob.created_at,
            PrintJob.finished_at,
        )
        .join(Attendee, Attendee.id == PrintJob.attendee_id)
        .where(PrintJob.edition_id == edition_id)
    )


def _rows(
    query: Select[int, int, str, str, str, str, str, str, datetime, datetime | None],
) -> list[PrintJobRow]:
    return [
        PrintJobRow(
            job_id, attendee_id, code, name, company, station, PrintState(state), PrintOrigin(origin), created, finished
        )
        for (
            job_id, attendee_id, code, name, company, station, state, origin, created, finished,
        ) in db.session.execute(query)
    ]  # fmt: skip
