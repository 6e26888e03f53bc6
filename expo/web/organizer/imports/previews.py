"""The values shown on the page of an import run: what reading its file found, and what its import would change."""

from typing import Any

from expo.imports.queries import PAGE_SIZE, RunRow, list_faults
from expo.imports.rules import Fault, FaultKind, ImportKind, RunState
from expo.infra.clock import utcnow
from expo.pure.languages import LANGUAGES
from expo.tickets.queries import list_ticket_types
from expo.web.kit.countries import countries_in
from expo.web.kit.encodings import encoding_choices
from expo.web.kit.errors import message_of_code
from expo.web.kit.language import current_locale, localized
from expo.web.organizer.imports.columns import FIELDS
from expo.web.organizer.imports.forms import ConfirmScheduleForm


def preview_values(run: RunRow) -> dict[str, Any]:
    """Return the template values of a run, by its kind."""
    values: dict[str, Any] = {
        "faults": [_shown(each) for each in list_faults(run.id, kind=FaultKind.FAULT)],
        "left_out": [_shown(each) for each in list_faults(run.id, kind=FaultKind.LEFT_OUT)],
        "shown": PAGE_SIZE,
        "error": _error_of(run),
    }
    match run.kind:
        case ImportKind.ATTENDEES:
            return values | _encoding_values(run) | _attendee_values(run)
        case ImportKind.EXHIBITORS:
            return values | _encoding_values(run)
        case ImportKind.SCHEDULE:
            return values | {"form": ConfirmScheduleForm()}


def _encoding_values(run: RunRow) -> dict[str, Any]:
    encoding = run.report.get("encoding", "")
    return {"encodings": encoding_choices(encoding, run.report.get("candidates", ())) if encoding else []}


def _attendee_values(run: RunRow) -> dict[str, Any]:
    types = [(each.code, localized(each.name)) for each in list_ticket_types(run.edition_id, utcnow())]
    field_of = {column: name for name, column in run.report.get("mapped", {}).items()}
    return {
        "fields": FIELDS,
        "field_of": field_of | run.report.get("status_columns", {}),
        "missing": [FIELDS[name] for name in run.report.get("missing", ())],
        "ticket_types": types,
        "ticket_names": dict(types),
        "countries": countries_in(current_locale()),
        "languages_of_letters": [(each.code, each.name) for each in LANGUAGES],
    }


def _error_of(run: RunRow) -> str | None:
    """Return why a run ended or stopped; for a stopped run without a reason, the usual one."""
    code = run.error_code or ("import_stopped" if run.state is RunState.STOPPED else None)
    return message_of_code(code, run.error_params) if code else None


def _shown(fault: Fault) -> tuple[Fault, str]:
    return fault, message_of_code(fault.code, dict(fault.params))
