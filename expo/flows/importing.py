"""Importing a programme or a list of companies, and finding out at once what they are about."""

from collections.abc import Sequence
from datetime import datetime

from expo.accounts.rules import Actor
from expo.editions.queries import EditionFacts
from expo.exhibitors.services import CompanyChange, CompanyImport, import_companies
from expo.formats.detect import read_schedule
from expo.formats.errors import BadFile
from expo.formats.schedule import ReadSchedule, Schedule, ScheduleFault
from expo.infra.db import atomic
from expo.matchmaking.services import tag_exhibitors, tag_sessions
from expo.program.services import ScheduleChange, import_schedule


def check_schedule_file(edition: EditionFacts, data: bytes) -> ReadSchedule:
    """Return the schedule of a file with the faults of its sessions. Raises BadFile."""
    return read_schedule(data, edition.zone)


def read_schedule_file(edition: EditionFacts, data: bytes) -> Schedule:
    """Return the schedule of a file without faults; times without a zone are the edition's. Raises BadFile."""
    result = check_schedule_file(edition, data)
    if result.faults:
        raise BadFile("sessions_refused", result.faults[0].line, count=len(result.faults))
    return result.schedule


def import_program(
    actor: Actor,
    edition_id: int,
    schedule: Schedule,
    now: datetime,
    *,
    allowed_removals: int | None = None,
    faults: Sequence[ScheduleFault] = (),
) -> ScheduleChange:
    """Replace the edition's programme by a schedule, all of it or nothing.

    Sessions with a fault stay as they are. Raises Conflict `removals_not_confirmed` where more than a tenth of the
    programme would go and that number was not confirmed.
    """
    with atomic():
        change = import_schedule(actor, edition_id, schedule, now, allowed_removals=allowed_removals, faults=faults)
        tag_sessions(actor, edition_id, now)
        return change


def import_exhibitors(
    actor: Actor, edition_id: int, wanted: CompanyImport, now: datetime, *, take_good: bool = False
) -> CompanyChange:
    """Add and change companies. Raises Conflict `rows_refused` for bad rows, unless `take_good` is asked for."""
    with atomic():
        change = import_companies(actor, edition_id, wanted, now, take_good=take_good)
        tag_exhibitors(actor, edition_id, now)
        return change
