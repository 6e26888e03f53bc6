"""States and options of an import run. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

from expo.accounts.rules import Permission
from expo.errors import Conflict

# How long an upload waits to be started before it is deleted, and how long faults, which contain rows of the file, are
# stored.
FILE_LIFETIME = timedelta(days=1)
FAULT_LIFETIME = timedelta(days=30)
# How long a stopped run can be resumed before its file is deleted too.
STOPPED_LIFETIME = timedelta(days=7)


class ImportKind(StrEnum):
    """What the file of a run contains."""

    ATTENDEES = "attendees"
    SCHEDULE = "schedule"
    EXHIBITORS = "exhibitors"


# What is needed to import a kind of file, and to see its runs.
PERMISSIONS: Mapping[ImportKind, Permission] = {
    ImportKind.ATTENDEES: Permission.ATTENDEES_WRITE,
    ImportKind.SCHEDULE: Permission.PROGRAM_MANAGE,
    ImportKind.EXHIBITORS: Permission.EXHIBITORS_MANAGE,
}


class RunState(StrEnum):
    """The state of an import run."""

    READING = "reading"
    READY = "ready"
    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class FaultKind(StrEnum):
    """Why a row is not imported: it is invalid, or the file itself excludes it."""

    FAULT = "fault"
    LEFT_OUT = "left_out"


OPEN_STATES = (RunState.READING, RunState.READY, RunState.RUNNING, RunState.STOPPED)


@dataclass(frozen=True)
class ImportOptions:
    """A person's choices: encoding, sheet, columns by field, and values for fields missing from the file.

    For a schedule, `mode` says what happens to sessions that it does not have, `allowed_removals` how many it may
    remove, as confirmed in the preview, `take` lists the conflicts in which the file wins, and
    `renames` the rooms and tracks that were renamed. `choices` has what was chosen in the preview so far, by the names
    of its fields.
    """

    encoding: str = ""
    sheet: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    allowed_removals: int = 0
    mode: str = "replace"
    take: tuple[str, ...] = ()
    renames: tuple[Mapping[str, Any], ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the options as JSON for storage."""
        return {
            "encoding": self.encoding,
            "sheet": self.sheet,
            "columns": dict(self.columns),
            "constants": dict(self.constants),
            "allowed_removals": self.allowed_removals,
            "mode": self.mode,
            "take": list(self.take),
            "renames": list(self.renames),
            "choices": dict(self.choices),
        }


def options_from_json(stored: Mapping[str, Any]) -> ImportOptions:
    """Return the options from stored JSON."""
    return ImportOptions(
        encoding=stored.get("encoding", ""),
        sheet=stored.get("sheet", ""),
        columns=stored.get("columns", {}),
        constants=stored.get("constants", {}),
        allowed_removals=stored.get("allowed_removals", 0),
        mode=stored.get("mode", "replace"),
        take=tuple(stored.get("take", ())),
        renames=tuple(stored.get("renames", ())),
        choices=stored.get("choices", {}),
    )


@dataclass(frozen=True)
class PreviewItem:
    """One thing that a preview lists under `part`; `is_open` says whether a person decides something about it."""

    part: str
    content: Mapping[str, Any]
    is_open: bool = False


@dataclass(frozen=True)
class Fault:
    """A row that is not imported: its position, the reason, and its cells as read."""

    kind: FaultKind
    line: int
    column: str | None
    code: str
    params: Mapping[str, Any]
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Counts:
    """How many rows had each outcome."""

    added: int = 0
    unchanged: int = 0
    left_out: int = 0
    faulted: int = 0


def check_ready(state: RunState) -> None:
    """Check that a run is ready to be started. Raises Conflict `import_not_ready`."""
    if state is not RunState.READY:
        raise Conflict("import_not_ready")


def check_stopped(state: RunState) -> None:
    """Check that a run can be resumed. Raises Conflict `import_not_stopped`."""
    if state is not RunState.STOPPED:
        raise Conflict("import_not_stopped")


def check_open(state: RunState) -> None:
    """Check that a run can still be cancelled. Raises Conflict `import_ended`."""
    if state not in OPEN_STATES:
        raise Conflict("import_ended")
