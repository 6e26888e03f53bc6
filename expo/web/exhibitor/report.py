"""The company's report: views, favourites, leads and meetings, compared with the median of all companies."""

from flask import Response, url_for
from flask_babel import gettext as _, ngettext

from expo.documents.report import Bars, Cell, Figure, Figures, Part, Report, Table
from expo.exhibitors.queries import list_topics
from expo.exhibitors.rules import TeamAction
from expo.infra.clock import utcnow
from expo.reports.exhibitor_report import ComparedFigure, ExhibitorReport, HourLine, get_exhibitor_report
from expo.web.exhibitor.company_pages import render_company_page
from expo.web.exhibitor.sections import current_membership, exhibitor_blueprint
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.formats import date_local, datetime_local, number
from expo.web.kit.language import current_language
from expo.web.kit.meeting_states import MEETING_STATES
from expo.web.kit.reports import count_cell, count_figure, report_response, share_figure

blueprint = exhibitor_blueprint("exhibitor_report", __name__, "/report", TeamAction.READ_REPORTS)

# The days before today whose views are shown.
MAX_DAYS_SHOWN = 60


@blueprint.get("", strict_slashes=False)
def show() -> str:
    """Show the report."""
    return render_company_page("exhibitor/report.html", report=_build(_read()))


@blueprint.get("/export.<any(pdf, xlsx):kind>")
def export(kind: str) -> Response:
    """Return the report as a file."""
    return report_response(kind, _build(_read()), f"report-{current_membership().slug}")


def _read() -> ExhibitorReport:
    return get_exhibitor_report(current_actor(), current_edition(), current_membership().slug, utcnow())


def _build(found: ExhibitorReport) -> Report:
    return Report(
        title=_("Exhibitor report"),
        subtitle=found.company.name,
        as_of=_("As of %(time)s", time=datetime_local(found.at)),
        page=_("Page {page} of {pages}"),
        parts=[
            _totals(found),
            _days(found),
            *_hours(found),
            _states(found),
            _topics(found),
        ],
    )


def _totals(found: ExhibitorReport) -> Figures:
    counts, totals = found.counts, found.totals
    withdrawn = ngettext(
        "%(count)s more is no longer shared",
        "%(count)s more are no longer shared",
        counts.withdrawn,
        count=number(counts.withdrawn),
    )
    leads = _median_remark(totals["leads"])
    return Figures(
        "totals",
        _("In total"),
        [
            _compared(_("Profile views"), totals["views"]),
            _compared(_("Favourites"), totals["favourites"]),
            count_figure(
                _("Leads"),
                counts.leads,
                " · ".join(filter(None, [leads, withdrawn if counts.withdrawn else ""])),
                url_for("exhibitor_leads.list_all"),
            ),
            _compared(_("Meetings"), totals["meetings"], url_for("exhibitor_meetings.show_meetings")),
            count_figure(_("Visits scanned"), counts.visits),
            share_figure(_("Requests accepted"), found.acceptance, _("of those that were answered or expired")),
        ],
        remark=_(
            "Compared with the median of %(count)s companies: half of them have more, half have fewer. Meetings are "
            "those scheduled and those that took place.",
            count=number(found.companies),
        )
        if found.has_median
        else _("There are too few companies at the expo to compare with."),
    )


def _compared(label: str, value: ComparedFigure, url: str = "") -> Figure:
    return count_figure(label, value.own, _median_remark(value), url)


def _median_remark(value: ComparedFigure) -> str:
    return "" if value.median is None else _("Median %(count)s", count=number(value.median))


def _days(found: ExhibitorReport) -> Bars:
    days = found.days[-MAX_DAYS_SHOWN:]
    return Bars(
        "days",
        _("Profile views by day"),
        [date_local(day, "MMMd") for day, _count in days],
        [(_("Your company"), [count for _day, count in days])] if days else [],
        _("views"),
        remark=_("Each device counts once an hour; your own team does not count."),
        empty=_("Nobody has viewed your page yet."),
    )


def _hours(found: ExhibitorReport) -> list[Part]:
    empty = _("No data yet.")
    return [
        _hour_bars("view-hours", _("Profile views by hour of the day"), _("views"), empty, found.hours, "views"),
        _hour_bars("lead-hours", _("Leads by hour of the day"), _("leads"), empty, found.hours, "leads"),
        _hour_bars("meeting-hours", _("Meetings by hour of the day"), _("meetings"), empty, found.hours, "meetings"),
    ]


def _hour_bars(id_: str, title: str, unit: str, empty: str, hours: list[HourLine], measure: str) -> Bars:
    """Return a chart from the first to the last hour with anything in it."""
    figures: list[tuple[int, ComparedFigure]] = [(line.hour, getattr(line, measure)) for line in hours]
    used = [hour for hour, value in figures if value.own or value.median]
    shown = figures[min(used) : max(used) + 1] if used else []
    series: list[tuple[str, list[float]]] = [(_("Your company"), [value.own for _hour, value in shown])]
    if shown and shown[0][1].median is not None:
        series.append((_("Median"), [value.median or 0 for _hour, value in shown]))
    return Bars(id_, title, [f"{hour:02}:00" for hour, _value in shown], series if shown else [], unit, empty=empty)


def _states(found: ExhibitorReport) -> Table:
    order = [state for state in MEETING_STATES if found.states.get(state)]
    total = sum(found.states.values())
    rows = [[Cell(str(MEETING_STATES[state])), count_cell(found.states[state])] for state in order]
    return Table(
        "states",
        _("Meeting requests by status"),
        [_("Status"), _("Meetings")],
        [*rows, [Cell(_("All")), count_cell(total)]] if rows else [],
        empty=_("No meetings have been requested yet."),
    )


def _topics(found: ExhibitorReport) -> Table:
    topics, language = list_topics(current_edition().id), current_language().tag
    return Table(
        "topics",
        _("What your visitors seek"),
        [_("Topic that you offer"), _("Leads"), _("Median"), _("Meetings"), _("Median")],
        [
            [
                Cell(topics.name(line.topic, language)),
                count_cell(line.leads),
                count_cell(line.median_leads),
                count_cell(line.meetings),
                count_cell(line.median_meetings),
            ]
            for line in found.topics
        ],
        remark=_(
            "Leads and meetings with people who seek a topic that you offer, compared with the companies that offer "
            "it. Only people who let exhibitors see their profile are counted."
        ),
        empty=_("Choose the topics that you offer on your company page to see who seeks them."),
    )
