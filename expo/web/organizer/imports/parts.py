"""The parts of an import's preview: what each lists, page by page; the address says which part and page is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import LazyString, gettext as _, lazy_gettext as _l

from expo.imports.queries import PAGE_SIZE, RunRow, count_items, list_faults, list_items
from expo.imports.rules import Fault, FaultKind, ImportKind, RunState
from expo.web.kit.errors import message_of_code

# Rows that are not imported, which are listed after the import too.
FAULTS: Mapping[str, FaultKind] = {"errors": FaultKind.FAULT, "skipped": FaultKind.LEFT_OUT}
# What else the preview of each kind lists, in order.
LABELS: Mapping[ImportKind, Mapping[str, LazyString]] = {
    ImportKind.ATTENDEES: {},
    ImportKind.SCHEDULE: {
        "changes": _l("Changes by field"),
        "removed": _l("Sessions that are not in the file"),
        "removed_speakers": _l("Speakers without a session after that"),
        "removed_tracks": _l("Tracks without a session after that"),
        "added": _l("New sessions"),
        "findings": _l("Worth checking"),
    },
    ImportKind.EXHIBITORS: {"changes": _l("Changes by field"), "added": _l("New companies")},
}


@dataclass(frozen=True)
class Part:
    """A part of a preview: how much it lists, and about how much of that a person decides."""

    name: str
    label: str
    count: int
    opened: int = 0


@dataclass(frozen=True)
class Place:
    """The part that is shown, which page of it, and whether only what a person decides about."""

    part: str
    page: int = 1
    only_open: bool = False

    def to_query(self) -> dict[str, str]:
        """Return the query parameters that lead here."""
        page = {"page": str(self.page)} if self.page > 1 else {}
        return {"part": self.part, **page, **({"only": "open"} if self.only_open else {})}


def read_place() -> Place:
    """Return the place that the address of this request names, as far as it can be one."""
    page = request.args.get("page", 1, type=int)
    return Place(request.args.get("part", "")[:24], page, request.args.get("only") == "open")


def list_parts(run: RunRow) -> list[Part]:
    """Return the parts that list something."""
    is_table = run.kind is not ImportKind.SCHEDULE or bool(run.report.get("columns"))
    errors = _("Rows with errors") if is_table else _("Sessions that could not be read")
    faults = [
        Part("errors", errors, run.counts.faulted),
        Part("skipped", _("Rows skipped because of their status"), run.counts.left_out),
    ]
    labels = LABELS[run.kind] if run.state is RunState.READY else {}
    counts = count_items(run.id) if labels else {}
    items = [Part(name, str(label), *counts.get(name, (0, 0))) for name, label in labels.items()]
    return [each for each in (*faults, *items) if each.count]


def part_values(run: RunRow) -> dict[str, Any]:
    """Return the template values of the part that the address names, or of the first one."""
    wanted, parts = read_place(), list_parts(run)
    part = next((each for each in parts if each.name == wanted.part), parts[0] if parts else None)
    if part is None:
        return {"parts": (), "part": None, "place": None, "pages": 0, "rows": (), "Place": Place}
    only_open = wanted.only_open and part.opened > 0
    count = part.opened if only_open else part.count
    pages = -(-count // PAGE_SIZE)
    page = max(1, min(wanted.page, pages))
    place = Place(part.name, page, only_open)
    return {
        "parts": parts,
        "part": part,
        "place": place,
        "pages": pages,
        "rows": _list_rows(run, place),
        "Place": Place,
    }


def _list_rows(run: RunRow, place: Place) -> list[Any]:
    offset = (place.page - 1) * PAGE_SIZE
    kind = FAULTS.get(place.part)
    if kind is not None:
        return [_shown(each) for each in list_faults(run.id, kind=kind, offset=offset)]
    items = list_items(run.id, place.part, offset=offset, only_open=place.only_open)
    return [each.content for each in items]


def _shown(fault: Fault) -> tuple[Fault, str]:
    return fault, message_of_code(fault.code, dict(fault.params))
