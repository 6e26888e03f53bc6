"""The report on exhibitors: meetings, unmet demand, empty booths, visits by hall, and how evenly visits are spread."""

from flask import Response, render_template, url_for
from flask_babel import gettext as _, ngettext, pgettext

from expo.accounts.rules import Permission
from expo.documents.report import Bars, Cell, Figures, Report, Table
from expo.exhibitors.queries import list_topics
from expo.infra.clock import utcnow
from expo.meetings.rules import MeetingState
from expo.reports.company_counts import CompanyCounts
from expo.reports.expo_report import ExpoReport, TopicDemand, get_expo_report
from expo.web.kit.access import current_actor, current_edition, current_viewer
from expo.web.kit.formats import datetime_local, number
from expo.web.kit.language import current_language, localized
from expo.web.kit.meeting_states import MEETING_STATES
from expo.web.kit.reports import average_figure, count_cell, count_figure, report_response, share_figure
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint(
    "organizer_exhibitor_reports",
    __name__,
    "/exhibitors/reports",
    Permission.EXHIBITORS_READ,
    Permission.REPORTS_READ,
)

MAX_TOPICS_SHOWN = 25


@blueprint.get("", strict_slashes=False)
def show() -> str:
    """Show the report."""
    return render_template("organizer/exhibitors/report.html", report=_build(_read()))


@blueprint.get("/export.<any(pdf, xlsx):kind>")
def export(kind: str) -> Response:
    """Return the report as a file."""
    return report_response(kind, _build(_read()), f"exhibitor-report-{current_edition().slug}")


def _read() -> ExpoReport:
    return get_expo_report(current_actor(), current_edition(), utcnow())


def _build(found: ExpoReport) -> Report:
    unmet, scarce = found.unmet, [each for each in found.demand if each.offers]
    return Report(
        title=_("Report on exhibitors"),
        subtitle=localized(current_edition().title),
        as_of=_("As of %(time)s", time=datetime_local(found.at)),
        page=_("Page {page} of {pages}"),
        parts=[
            _meetings(found),
            _states(found),
            Bars(
                "hours",
                _("Meetings by hour of the day"),
                [f"{hour:02}:00" for hour, _count in found.meetings_by_hour],
                [(_("Meetings"), [count for _hour, count in found.meetings_by_hour])],
                _("meetings"),
                empty=_("No meetings have been agreed yet."),
            ),
            _demand(
                "unmet",
                _("In demand, but not offered by anyone"),
                unmet,
                _("Every topic that somebody seeks is offered by a company."),
            ),
            _demand("scarce", _("Highest demand per company that offers it"), scarce, _("No data yet.")),
            _hall_bars(found),
            _halls(found),
            _empty_booths(found),
            _fairness(found),
            _companies("most-visited", _("Most visited companies"), found.most_visited),
            _companies("least-visited", _("Least visited companies"), found.least_visited),
        ],
    )


def _meetings_url() -> str:
    """Return the organizers' page of meetings, for those who may open it."""
    return url_for("organizer_meetings.show_day") if current_viewer().can(Permission.EXHIBITORS_MANAGE) else ""


def _meetings(found: ExpoReport) -> Figures:
    return Figures(
        "meetings",
        _("Meetings"),
        [
            count_figure(_("Requests"), found.requests, url=_meetings_url()),
            count_figure(_("Matches made"), found.matches, _("agreed by both sides and not cancelled")),
            share_figure(_("Requests accepted"), found.acceptance, _("of those that were answered or expired")),
            count_figure(_("Nobody came"), found.states.get(MeetingState.NO_SHOW, 0)),
            average_figure(
                _("Average rating"),
                found.rating,
                ngettext(
                    "of %(count)s rating, 5 is best",
                    "of %(count)s ratings, 5 is best",
                    found.ratings,
                    count=number(found.ratings),
                ),
            ),
        ],
    )


def _states(found: ExpoReport) -> Table:
    rows = [
        [Cell(str(word)), count_cell(found.states[state])]
        for state, word in MEETING_STATES.items()
        if found.states.get(state)
    ]
    return Table(
        "states",
        _("Meeting requests by status"),
        [_("Status"), _("Meetings")],
        [*rows, [Cell(_("All")), count_cell(found.requests)]] if rows else [],
        empty=_("No meetings have been requested yet."),
    )


def _demand(id_: str, title: str, topics: list[TopicDemand], empty: str) -> Table:
    known, language = list_topics(current_edition().id), current_language().tag
    return Table(
        id_,
        title,
        [_("Topic"), _("Sought by attendees"), _("Sought by companies"), _("Offered by companies")],
        [
            [
                Cell(known.name(each.topic, language)),
                count_cell(each.attendees),
                count_cell(each.companies),
                count_cell(each.offers),
            ]
            for each in topics[:MAX_TOPICS_SHOWN]
        ],
        remark=ngettext(
            "%(count)s topic in total, by demand.",
            "%(count)s topics in total, by demand.",
            len(topics),
            count=number(len(topics)),
        )
        if topics
        else "",
        empty=empty,
    )


def _hall_name(name: dict[str, str] | None) -> str:
    return localized(name) if name else _("No hall")


def _hall_bars(found: ExpoReport) -> Bars:
    halls = [each for each in found.halls if each.visits or each.entries]
    return Bars(
        "hall-visits",
        _("Visits by hall"),
        [_hall_name(each.name) for each in halls],
        [
            (_("Entries at checkpoints"), [each.entries for each in halls]),
            (_("Visits scanned at booths"), [each.visits for each in halls]),
        ],
        _("visits"),
        empty=_("No visits have been scanned yet."),
    )


def _halls(found: ExpoReport) -> Table:
    may_open = current_viewer().can(Permission.EXHIBITORS_READ)
    plans = url_for("organizer_floor_plan.list_halls") if may_open else ""
    return Table(
        "halls",
        _("Booths and visits by hall"),
        [_("Hall"), _("Booths"), _("Empty"), _("Held"), _("Entries"), _("People"), _("Visits")],
        [
            [
                Cell(_hall_name(each.name)),
                count_cell(each.booths),
                Cell(number(len(each.empty)), len(each.empty), plans),
                count_cell(each.held),
                count_cell(each.entries),
                count_cell(each.people),
                count_cell(each.visits),
            ]
            for each in found.halls
        ],
        remark=_(
            "Empty booths have no company. They include booths that are held. Entries are scans at the hall’s "
            "checkpoints, visits are badges scanned at its booths."
        ),
        empty=_("There are no halls with booths or checkpoints yet."),
    )


def _empty_booths(found: ExpoReport) -> Table:
    return Table(
        "empty-booths",
        _("Empty booths"),
        [_("Hall and booths"), _("Empty")],
        [
            [
                Cell(_("%(hall)s: %(booths)s", hall=_hall_name(each.name), booths=", ".join(each.empty))),
                count_cell(len(each.empty)),
            ]
            for each in found.halls
            if each.empty
        ],
        empty=_("Every booth has a company."),
    )


def _fairness(found: ExpoReport) -> Figures:
    companies = number(len(found.companies))
    return Figures(
        "fairness",
        _("How evenly visits are spread"),
        [
            share_figure(_("Views of the most viewed tenth"), found.views.share_of_largest),
            count_figure(_("Gini coefficient of views"), round(found.views.gini, 2)),
            share_figure(_("Visits to the most visited tenth"), found.visits.share_of_largest),
            count_figure(_("Gini coefficient of visits"), round(found.visits.gini, 2)),
            count_figure(_("Without a view"), found.views.without, _("of %(count)s companies", count=companies)),
            count_figure(_("Without a visit"), found.visits.without, _("of %(count)s companies", count=companies)),
        ],
        remark=_("A Gini coefficient of 0 means that all companies get the same, 1 that one company gets everything."),
    )


def _company_url(slug: str) -> str:
    """Return the page of a company, for those who may open it."""
    if not current_viewer().can(Permission.EXHIBITORS_READ):
        return ""
    return url_for("organizer_exhibitors.show_company", slug=slug)


def _companies(id_: str, title: str, companies: list[CompanyCounts]) -> Table:
    return Table(
        id_,
        title,
        [pgettext("exhibitor", "Company"), _("Visits"), _("Views"), _("Favourites"), _("Leads"), _("Meetings")],
        [
            [
                Cell(each.name, url=_company_url(each.slug)),
                count_cell(each.visits),
                count_cell(each.views),
                count_cell(each.favourites),
                count_cell(each.leads),
                count_cell(each.meetings),
            ]
            for each in companies
        ],
        empty=_("There are no exhibitors yet."),
    )
