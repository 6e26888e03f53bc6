"""Import a programme, and update the topics of its sessions immediately."""

from datetime import datetime

from expo.accounts.rules import Actor
from expo.documents.text import name_unprintable
from expo.editions.queries import EditionFacts
from expo.formats.detect import inspect_schedule, read_schedule
from expo.formats.schedule import ReadSchedule, Schedule
from expo.infra.confined import DEFAULT_LIMITS, run_confined
from expo.infra.db import atomic
from expo.matchmaking.services import tag_sessions
from expo.program.services import ScheduleChange, import_schedule


def read_schedule_file(edition: EditionFacts, data: bytes) -> Schedule:
    """Read a schedule file provided by an operator; times without a zone are in the edition's.

    Reads in this process; use `inspect_schedule_file` for uploads. Raises BadFile.
    """
    return read_schedule(data, edition.zone)


def inspect_schedule_file(edition: EditionFacts, data: bytes) -> ReadSchedule:
    """Read as much as possible of a schedule file, with all its faults, in a sandboxed process.

    Raises BadFile if nothing can be read, ParsingFailed.
    """
    return run_confined(DEFAULT_LIMITS, inspect_schedule, data, edition.zone)


def list_unprintable(schedule: Schedule) -> dict[str, str]:
    """Return the characters of a schedule missing from all typefaces of its PDF, with code points, in order."""
    texts = [text for event in schedule.events for part in (event.title, event.subtitle) for text in part.values()]
    names = [each.name for each in schedule.persons] + [each.name for each in schedule.rooms]
    names += [each.name for each in schedule.tracks]
    texts += [text for name in names for text in name.values()]
    return name_unprintable(texts)


def import_program(
    actor: Actor, edition_id: int, schedule: Schedule, now: datetime, *, allowed_removals: int | None = None
) -> ScheduleChange:
    """Replace the edition's programme by a schedule, all or nothing. Raises Conflict `too_many_removals`."""
    with atomic():
        change = import_schedule(actor, edition_id, schedule, now, allowed_removals=allowed_removals)
        tag_sessions(actor, edition_id, now)
        return change
