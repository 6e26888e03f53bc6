"""Import a programme, and update the topics of its sessions immediately."""

from collections.abc import Mapping
from datetime import datetime

from expo.accounts.rules import Actor
from expo.documents.text import name_unprintable
from expo.editions.queries import EditionFacts
from expo.formats.errors import BadFile
from expo.formats.schedule import Schedule
from expo.formats.schedule_uploads import ScheduleUpload, read_schedule_upload
from expo.infra.confined import DEFAULT_LIMITS, run_confined
from expo.infra.db import atomic
from expo.matchmaking.services import tag_sessions
from expo.program.rules import ImportDecisions, ScheduleChange
from expo.program.services import import_schedule


def read_schedule_file(edition: EditionFacts, data: bytes) -> Schedule:
    """Read a schedule file provided by an operator; times without a zone are in the edition's.

    Reads in this process; use `inspect_schedule_file` for uploads. Raises BadFile for the first fault.
    """
    read = read_schedule_upload(data, edition.zone).read
    for fault in read.faults:
        raise BadFile(fault.code, **fault.params)
    return read.schedule


def inspect_schedule_file(
    edition: EditionFacts, data: bytes, encoding: str = "", sheet: str = "", columns: Mapping[str, str] | None = None
) -> ScheduleUpload:
    """Read as much as possible of a schedule file, with all its faults, in a sandboxed process.

    Encoding, sheet and columns say how to read a table. Raises BadFile if nothing can be read, ParsingFailed.
    """
    return run_confined(DEFAULT_LIMITS, read_schedule_upload, data, edition.zone, encoding, sheet, columns)


def list_unprintable(schedule: Schedule) -> dict[str, str]:
    """Return the characters of a schedule missing from all typefaces of its PDF, with code points, in order."""
    texts = [text for event in schedule.events for part in (event.title, event.subtitle) for text in part.values()]
    names = [each.name for each in schedule.persons] + [each.name for each in schedule.rooms]
    names += [each.name for each in schedule.tracks]
    texts += [text for name in names for text in name.values()]
    return name_unprintable(texts)


def import_program(
    actor: Actor, edition_id: int, schedule: Schedule, now: datetime, decisions: ImportDecisions | None = None
) -> ScheduleChange:
    """Bring the programme in line with a schedule, all or nothing. Raises Conflict `too_many_removals`."""
    with atomic():
        change = import_schedule(actor, edition_id, schedule, now, decisions)
        tag_sessions(actor, edition_id, now)
        return change
