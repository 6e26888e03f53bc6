"""Arrivals of a day against the forecast, with the lanes that each entrance needs per quarter of an hour."""

from datetime import date

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _

from expo.accounts.rules import Permission
from expo.checkin.queries.control_room import find_shown_moment
from expo.checkin.rules.alarms import Curve
from expo.editions.queries import EditionFacts
from expo.formats.tables import Cell
from expo.infra.clock import utcnow
from expo.reports.arrivals import ArrivalsReport, get_arrivals
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.downloads import table_response
from expo.web.kit.formats import date_local, number, percent, time_local
from expo.web.kit.language import localized
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint("organizer_arrivals", __name__, "/arrivals", Permission.REPORTS_READ)


@blueprint.get("", strict_slashes=False)
def show_arrivals() -> str:
    """Show the arrivals of a day, by default of today, as a chart and a table."""
    edition = current_edition()
    report = _report(edition)
    return render_template(
        "organizer/arrivals/show.html",
        report=report,
        title=_title(report),
        days=[
            (date_local(day, "MMMEd"), url_for(".show_arrivals", day=day.isoformat()), day == report.day)
            for day in edition.days
        ],
        hours=[time_local(each.starts_at) for each in report.quarters],
        series=[
            (_("Planned"), [round(each.planned) for each in report.quarters]),
            (_("Arrived"), [each.arrived or 0 for each in report.quarters]),
            (_("Expected"), [0 if each.is_over else round(each.expected) for each in report.quarters]),
        ],
        share=percent(report.assumptions.wait_percent / 100),
        curve=_curve_text(report),
        show_share=percent(report.assumptions.show_percent / 100),
    )


@blueprint.get("/export.<any(csv, xlsx):kind>")
def export(kind: str) -> Response:
    """Return the table of a day as a file."""
    edition = current_edition()
    report = _report(edition)
    columns = ["from", "planned", "forecast", "arrived", *(f"lanes {gate.code}" for gate in report.gates)]
    rows: list[list[Cell]] = [
        [
            each.starts_at.isoformat(timespec="minutes"),
            round(each.planned, 1),
            round(each.expected, 1),
            each.arrived,
            *each.lanes,
        ]
        for each in report.quarters
    ]
    return table_response(kind, f"arrivals-{edition.slug}-{report.day}", columns, rows)


def _report(edition: EditionFacts) -> ArrivalsReport:
    now = utcnow()
    shown = find_shown_moment(edition, now)
    today = edition.door_calendar.day_of(shown)
    try:
        day = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        day = today
    if day not in edition.days:
        day = min(max(today, edition.starts_on), edition.ends_on)
    return get_arrivals(current_actor(), edition, day, shown)


def _curve_text(report: ArrivalsReport) -> str:
    """Return where the planned curve comes from."""
    curve = report.curve
    if curve.source is Curve.PREVIOUS_DAYS:
        return _("Based on when %(count)s people arrived on the previous days.", count=number(curve.arrivals))
    if curve.source is Curve.PREVIOUS_EDITION:
        return _(
            "Based on when %(count)s people arrived on the same day of %(expo)s.",
            count=number(curve.arrivals),
            expo=localized(curve.edition),
        )
    return _("Based on the built-in curve of a trade fair’s morning.")


def _title(report: ArrivalsReport) -> str:
    busiest = report.busiest
    if busiest is None or not report.registered:
        return _("Arrivals per quarter of an hour")
    return _(
        "%(arrived)s arrived, %(expected)s expected. Busiest from %(time)s with %(most)s in a quarter of an hour",
        arrived=number(report.arrived),
        expected=number(report.expected),
        time=time_local(busiest.starts_at),
        most=number(round(busiest.expected)),
    )
