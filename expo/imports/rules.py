"""States of an import run, and what a person chooses for one. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

from expo.errors import Conflict

# An upload that nobody starts is deleted after this time; its faults, which hold rows of the file, after the other.
FILE_LIFETIME = timedelta(days=1)
FAULT_LIFETIME = timedelta(days=30)
# So long a stopped run can be resumed; then its file is deleted too.
STOPPED_LIFETIME = timedelta(days=7)


class RunState(StrEnum):
    """Where an import run stands."""

    READING = "reading"
    READY = "ready"
    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class FaultKind(StrEnum):
    """Why a row is not imported: it has a fault, or the file itself says that it should not be."""

    FAULT = "fault"
    LEFT_OUT = "left_out"


OPEN_STATES = (RunState.READING, RunState.READY, RunState.RUNNING, RunState.STOPPED)


@dataclass(frozen=True)
class ImportOptions:
    """What a person chooses: encoding, sheet, columns by field, and values for fields that the file lacks."""

    encoding: str = ""
    sheet: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the options as they are stored."""
        return {
            "encoding": self.encoding,
            "sheet": self.sheet,
            "columns": dict(self.columns),
            "constants": dict(self.constants),
        }


def options_from_json(stored: Mapping[str, Any]) -> ImportOptions:
    """Return stored options."""
    return ImportOptions(
        encoding=stored.get("encoding", ""),
        sheet=stored.get("sheet", ""),
        columns=stored.get("columns", {}),
        constants=stored.get("constants", {}),
    )


@dataclass(frozen=True)
class Fault:
    """A row that is not imported: where, why, and its cells as read."""

    kind: FaultKind
    line: int
    column: str | None
    code: str
    params: Mapping[str, Any]
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Counts:
    """How many rows came to which end."""

    added: int = 0
    unchanged: int = 0
    left_out: int = 0
    faulted: int = 0


def check_ready(state: RunState) -> None:
    """Accept a run that waits for a decision. Raises Conflict `import_not_ready`."""
    if state is not RunState.READY:
        raise Conflict("import_not_ready")


def check_stopped(state: RunState) -> None:
    """Accept a run that can be resumed. Raises Conflict `import_not_stopped`."""
    if state is not RunState.STOPPED:
        raise Conflict("import_not_stopped")


def check_open(state: RunState) -> None:
    """Accept a run that can still be cancelled. Raises Conflict `import_ended`."""
    if state not in OPEN_STATES:
        raise Conflict("import_ended")
