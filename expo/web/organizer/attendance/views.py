"""Attendance: people and entries of a day by zone, checkpoint and device, and the days compared."""

from collections.abc import Sequence
from datetime import date, timedelta

from flask import Response, render_template, request, url_for

from expo.accounts.rules import Permission
from expo.checkin.queries.checkpoints import list_checkpoints
from expo.formats.tables import Cell
from expo.infra.clock import utcnow
from expo.reports.attendance import AttendanceReport, get_attendance_report
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.downloads import table_response
from expo.web.kit.formats import date_local, time_local
from expo.web.kit.language import localized
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint("organizer_attendance", __name__, "/attendance", Permission.REPORTS_READ)

QUARTER = timedelta(minutes=15)
COLUMNS = ("day", "zone", "checkpoint", "name", "people", "entries")


@blueprint.get("", strict_slashes=False)
def show_attendance() -> str:
    """Show the attendance of a day, by default of the current one."""
    report = _report()
    names = {each.code: localized(each.name) for each in list_checkpoints(current_edition().id)}
    hours, series = _chart(report, names)
    return render_template(
        "organizer/attendance/show.html",
        report=report,
        hours=hours,
        series=series,
        days=[
            (date_local(day, "MMMEd"), url_for(".show_attendance", day=day.isoformat()), day == report.day)
            for day in report.days
        ],
        by_day=_by_day(report),
    )


@blueprint.get("/export.<any(csv, xlsx):kind>")
def export(kind: str) -> Response:
    """Return the entries per day and checkpoint as a file."""
    edition = current_edition()
    rows: list[list[Cell]] = [
        [
            each.day.isoformat(),
            each.zone_code,
            each.checkpoint_code,
            localized(each.checkpoint_name, "en"),
            each.people,
            each.entries,
        ]
        for each in _report().by_day
    ]
    return table_response(kind, f"attendance-{edition.slug}", COLUMNS, rows)


def _report() -> AttendanceReport:
    try:
        day = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        day = None
    return get_attendance_report(current_actor(), current_edition(), utcnow(), day)


def _chart(report: AttendanceReport, names: dict[str, str]) -> tuple[list[str], list[tuple[str, list[int]]]]:
    """Return labels and one series per checkpoint, with the quarters in between that have no entries."""
    if not report.quarters:
        return [], []
    counts = dict(report.quarters)
    first, last = report.quarters[0][0], report.quarters[-1][0]
    times = [first + QUARTER * place for place in range((last - first) // QUARTER + 1)]
    codes = [code for code in names if any(code in row for row in counts.values())]
    return (
        [time_local(each) for each in times],
        [(names[code], [counts.get(each, {}).get(code, 0) for each in times]) for code in codes],
    )


def _by_day(report: AttendanceReport) -> list[tuple[str, Sequence[tuple[int, int] | None]]]:
    """Return a row per checkpoint: its name, and people and entries of each day (None without any)."""
    table = {(each.checkpoint_code, each.day): (each.people, each.entries) for each in report.by_day}
    names = {each.checkpoint_code: localized(each.checkpoint_name) for each in report.by_day}
    return [(name, [table.get((code, day)) for day in report.days]) for code, name in names.items()]
