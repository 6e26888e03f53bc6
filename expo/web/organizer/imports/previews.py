"""The values shown on the page of an import run: what reading its file found, and what its import would change."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from expo.flows.publishing import count_open_notices, is_being_notified
from expo.imports.queries import RunRow
from expo.imports.rules import ImportKind, RunState
from expo.infra.clock import utcnow
from expo.program.queries import get_version
from expo.pure.languages import LANGUAGES
from expo.tickets.queries import list_ticket_types
from expo.web.kit.countries import countries_in
from expo.web.kit.encodings import encoding_choices
from expo.web.kit.errors import message_of_code
from expo.web.kit.formats import datetime_local
from expo.web.kit.language import current_locale, localized
from expo.web.organizer.imports.columns import CHANGED_FIELDS, COMPANY_FIELDS, FIELDS, SESSION_FIELDS
from expo.web.organizer.imports.forms import ConfirmScheduleForm, rename_name
from expo.web.organizer.imports.parts import part_values


def preview_values(run: RunRow) -> dict[str, Any]:
    """Return the template values of a run, by its kind."""
    values: dict[str, Any] = {**part_values(run), "error": _error_of(run), "chosen": run.options.choices}
    match run.kind:
        case ImportKind.ATTENDEES:
            return values | _encoding_values(run) | _attendee_values(run)
        case ImportKind.EXHIBITORS:
            return values | _encoding_values(run) | {"field_names": COMPANY_FIELDS}
        case ImportKind.SCHEDULE:
            return values | _encoding_values(run) | _schedule_values(run)


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


def _schedule_values(run: RunRow) -> dict[str, Any]:
    return {
        "form": ConfirmScheduleForm.of(run),
        "fields": SESSION_FIELDS,
        "field_names": CHANGED_FIELDS,
        "field_of": {column: name for name, column in run.report.get("mapped", {}).items()},
        "missing": [SESSION_FIELDS[name] for name in run.report.get("missing", ())],
        "sentence_of": _sentence,
        "rename_name": rename_name,
        **_version_values(run),
    }


def _version_values(run: RunRow) -> dict[str, Any]:
    """Return the version that an import has made, and whom it concerns."""
    number = run.report.get("version")
    if run.state is not RunState.DONE or number is None:
        return {}
    version = get_version(run.edition_id, number)
    return {
        "version": version,
        "notices": count_open_notices(version),
        "is_being_notified": is_being_notified(version),
    }


def _sentence(finding: dict[str, Any]) -> str:
    """Return what is worth checking in a schedule as a sentence."""
    titles = [localized(each) for each in finding["titles"]]
    room = localized(finding["place"]) or _("no room")
    at = datetime_local(datetime.fromisoformat(finding["at"])) if finding["at"] else ""
    match finding["code"]:
        case "room_unknown":
            return _("The room %(room)s is new. It will be added, with: %(titles)s", room=room, titles=_listed(titles))
        case "outside_days":
            return _("“%(title)s” is outside the days of the expo: %(time)s", title=titles[0], time=at)
        case "room_taken":
            return _(
                "“%(first)s” is in %(room)s at the same time as “%(second)s”, which is not in the file: %(time)s",
                first=titles[0],
                second=titles[-1],
                room=room,
                time=at,
            )
    return _(
        "“%(first)s” and “%(second)s” are in %(room)s at the same time: %(time)s",
        first=titles[0],
        second=titles[-1],
        room=room,
        time=at,
    )


def _listed(titles: list[str]) -> str:
    return _(", ").join(titles[:3]) + (" …" if len(titles) > 3 else "")  # noqa: PLR2004 - enough to recognize it by


def _error_of(run: RunRow) -> str | None:
    """Return why a run ended or stopped; for a stopped run without a reason, the usual one."""
    code = run.error_code or ("import_stopped" if run.state is RunState.STOPPED else None)
    return message_of_code(code, run.error_params) if code else None
