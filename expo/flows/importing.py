"""Importing a programme or a list of companies, and finding out at once what they are about."""

from collections.abc import Mapping
from datetime import datetime

from expo.accounts.rules import Actor
from expo.editions.queries import EditionFacts
from expo.exhibitors.services import CompanyChange, CompanyImport, import_companies, read_companies
from expo.formats.detect import read_schedule
from expo.formats.schedule import Schedule
from expo.infra.confined import Limits, run_confined
from expo.infra.db import atomic
from expo.matchmaking.services import tag_exhibitors, tag_sessions
from expo.program.services import ScheduleChange, import_schedule

# A person waits for these files on a page: less time than a worker has, and less than the web server allows.
PAGE_LIMITS = Limits(cpu_seconds=15, wall_seconds=20)


def read_schedule_file(edition: EditionFacts, data: bytes) -> Schedule:
    """Return the schedule of a file, read in a confined process; times without a zone are the edition's.

    Raises BadFile, ParsingFailed.
    """
    return run_confined(PAGE_LIMITS, read_schedule, data, edition.zone)


def read_exhibitor_file(
    data: bytes, overrides: Mapping[str, str] | None = None, encoding: str = "", sheet: str = ""
) -> CompanyImport:
    """Return what a list of companies asks for, read in a confined process. Raises BadFile, ParsingFailed."""
    return run_confined(PAGE_LIMITS, read_companies, data, overrides, encoding, sheet)


def import_program(actor: Actor, edition_id: int, schedule: Schedule, now: datetime) -> ScheduleChange:
    """Replace the edition's programme by a schedule, all of it or nothing."""
    with atomic():
        change = import_schedule(actor, edition_id, schedule, now)
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
