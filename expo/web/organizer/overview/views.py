"""The overview: how the expo is doing, and what needs attention."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from flask import flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response

from expo.accounts.errors import PermissionMissing
from expo.accounts.queries import list_editions_with_roles
from expo.accounts.rules import Permission
from expo.checkin.queries.checkpoints import list_checkpoints
from expo.editions.queries import EditionFacts, list_editions
from expo.infra.clock import utcnow
from expo.program.queries import count_former_speakers
from expo.registration.queries import count_attendees
from expo.reports.add_ons import list_add_on_fills
from expo.reports.dashboard import (
    CountryCount,
    DayCount,
    HeadlineFigures,
    OpenDecisions,
    QuotaFill,
    TicketTypeCount,
    get_figures,
    get_headline_figures,
    get_open_decisions,
)
from expo.reports.setup import get_setup
from expo.web.kit.access import (
    Audience,
    audience_blueprint,
    choose_edition,
    current_actor,
    current_edition,
    current_viewer,
)
from expo.web.kit.country_points import country_points
from expo.web.kit.formats import country_name, date_local, number, percent
from expo.web.kit.language import localized
from expo.web.organizer.attendees.filters import filter_from, list_url_of
from expo.web.organizer.labels import reason_label
from expo.web.organizer.navigation import list_navigation
from expo.web.organizer.overview.arrivals import draw_arrivals
from expo.web.organizer.sections import is_partial_request

blueprint = audience_blueprint("organizer_overview", __name__, Audience.STAFF, url_prefix="/organizer")

REFRESH_SECONDS = 20


@dataclass(frozen=True)
class Decision:
    """Something that needs attention; `url` is empty if the viewer may not open it."""

    count: int
    text: str
    url: str


@blueprint.get("/")
@blueprint.get("", strict_slashes=False)
def show_overview() -> str | Response:
    """Show the edition's figures and pending decisions; redirect people without permission to their own section.

    The page polls itself every few seconds; its content is sent again only if it has changed.
    """
    actor = current_actor()
    if g.edition is None and actor.may(Permission.EDITION_MANAGE, None):
        return redirect(url_for("organizer_setup.checklist"))
    edition, now = current_edition(), utcnow()
    if not actor.may(Permission.REPORTS_READ, edition.id):
        places = list_navigation()
        if not places:
            raise PermissionMissing(Permission.REPORTS_READ.value)
        return redirect(places[0].url)
    content = _render(edition, now)
    if not is_partial_request():
        return content
    answer = make_response(content)
    answer.add_etag()
    answer.vary.add("HX-Request")
    return answer.make_conditional(request)


def _render(edition: EditionFacts, now: datetime) -> str:
    actor, asked_day = current_actor(), _asked_day()
    figures, charts = get_headline_figures(actor, edition, now), get_figures(actor, edition, asked_day)
    names = {row.code: localized(row.name) for row in list_checkpoints(edition.id)}
    refusals = [(reason_label(reason), count) for reason, count in charts.refusals]
    return render_template(
        "organizer/overview/overview.html",
        is_part=is_partial_request(),
        refresh_seconds=REFRESH_SECONDS,
        refresh_url=url_for("organizer_overview.show_overview", day=asked_day.isoformat() if asked_day else None),
        setup=get_setup(edition, now) if actor.may(Permission.EDITION_MANAGE, edition.id) else None,
        figures=figures,
        decisions=_decisions(edition, get_open_decisions(actor, edition, now), now),
        registrations_title=_registrations_title(figures, charts.registrations),
        registration_days=[each.day.isoformat() for each in charts.registrations],
        registration_day_names=[date_local(each.day, "medium") for each in charts.registrations],
        registrations=[
            (_("Cumulative"), [each.total for each in charts.registrations]),
            (_("Per day"), [each.count for each in charts.registrations]),
        ],
        countries_title=_countries_title(charts.countries),
        countries=[(row.country, country_name(row.country), row.count) for row in charts.countries],
        country_urls={
            row.country: url_for("organizer_attendees.list_attendees", country=row.country, state="confirmed")
            for row in charts.countries
        },
        points=country_points(),
        arrivals=draw_arrivals(
            edition,
            charts.arrivals,
            charts.arrivals_day,
            charts.arrival_days,
            names,
            now,
            is_chosen=asked_day is not None,
        ),
        ticket_types=charts.ticket_types,
        tickets_title=_tickets_title(charts.ticket_types),
        quotas=charts.quotas,
        add_ons=list_add_on_fills(actor, edition.id, now),
        quotas_title=_quotas_title(charts.quotas),
        sessions=charts.sessions,
        sessions_title=_("Most popular: %(title)s", title=localized(charts.sessions[0].title))
        if charts.sessions
        else "",
        rooms=charts.rooms,
        refusals=refusals,
        refusals_title=_refusals_title(refusals),
    )


def _asked_day() -> date | None:
    """Return the day in the query string, or None if it is missing or invalid."""
    try:
        return date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return None


@blueprint.post("/edition")
def switch_edition() -> Response:
    """Switch to another edition."""
    choose_edition(request.form.get("edition", type=int) or 0)
    flash(_("You have switched to another expo."), "info")
    return redirect(url_for("organizer_overview.show_overview"))


@blueprint.app_context_processor
def _frame() -> dict[str, object]:
    """Return the navigation and edition switcher for organizer pages, and nothing for other pages."""
    if not (request.blueprint or "").startswith("organizer"):
        return {}
    viewer = current_viewer()
    if not viewer.is_staff:
        return {}
    return {"nav": list_navigation(), "editions": _own_editions()}


def _own_editions() -> list[EditionFacts]:
    """Return the editions that the viewer works for; administrators see all."""
    actor = current_actor()
    if actor.edition_id is None:
        return list_editions()
    own = list_editions_with_roles(actor.id or 0)
    return [each for each in list_editions() if each.id in own]


def _decisions(edition: EditionFacts, open_decisions: OpenDecisions, now: datetime) -> list[Decision]:
    failed, stopped = open_decisions.failed_emails, open_decisions.stopped_imports
    every = (
        _attendee_decision(edition, now, {"state": "awaiting_approval"}, _awaiting_text),
        _attendee_decision(edition, now, {"state": "confirmed", "show": "unpaid"}, _unpaid_text),
        _attendee_decision(edition, now, {"show": "expiring"}, _expiring_text),
        Decision(
            failed,
            ngettext("e-mail could not be delivered", "e-mails could not be delivered", failed),
            url_for("organizer_emails.list_emails", state="failed")
            if current_actor().may(Permission.EMAILS_READ, edition.id)
            else "",
        ),
        Decision(
            stopped,
            ngettext("import was stopped", "imports were stopped", stopped),
            url_for("organizer_imports.list_imports"),
        ),
        _former_speakers(edition),
    )
    return [each for each in every if each.count]


def _former_speakers(edition: EditionFacts) -> Decision:
    count = count_former_speakers(edition.id)
    may_open = current_actor().may(Permission.PROGRAM_MANAGE, edition.id)
    return Decision(
        count,
        ngettext(
            "speaker’s ticket belongs to someone who is no longer speaking",
            "speakers’ tickets belong to people who are no longer speaking",
            count,
        ),
        url_for("organizer_speaker_tickets.list_all", status="not_speaking") if may_open else "",
    )


def _attendee_decision(
    edition: EditionFacts, now: datetime, query: dict[str, str], text_of: Callable[[int], str]
) -> Decision:
    """Return the decision about the attendees that a list query matches, with the list's URL."""
    count = count_attendees(edition.id, filter_from(query, edition.id, now))
    may_open = current_actor().may(Permission.ATTENDEES_READ, edition.id)
    return Decision(count, text_of(count), list_url_of(query) if may_open else "")


def _awaiting_text(count: int) -> str:
    return ngettext("attendee is awaiting approval", "attendees are awaiting approval", count)


def _unpaid_text(count: int) -> str:
    return ngettext("confirmed attendee has not paid", "confirmed attendees have not paid", count)


def _expiring_text(count: int) -> str:
    return ngettext(
        "attendee must confirm within 12 hours, or the registration expires",
        "attendees must confirm within 12 hours, or their registrations expire",
        count,
    )


def _registrations_title(figures: HeadlineFigures, days: list[DayCount]) -> str:
    if not days:
        return _("Registrations")
    best = max(days, key=lambda each: each.count)
    return _(
        "%(total)s registered, %(week)s of them in the last 7 days. Busiest day: %(day)s with %(most)s",
        total=number(days[-1].total),
        week=number(figures.confirmed_last_week),
        day=date_local(best.day, "MMMd"),
        most=number(best.count),
    )


def _countries_title(countries: list[CountryCount]) -> str:
    if not countries:
        return _("Attendees by country or region")
    total = sum(each.count for each in countries)
    return ngettext(
        "%(share)s come from %(country)s, the only country or region so far",
        "%(share)s come from %(country)s; %(num)s countries and regions in total",
        len(countries),
        share=percent(countries[0].count / total),
        country=country_name(countries[0].country),
    )


def _tickets_title(rows: list[TicketTypeCount]) -> str:
    total = sum(each.count for each in rows)
    if not total:
        return _("Confirmed attendees by ticket")
    most = max(rows, key=lambda each: each.count)
    return _("%(share)s have the ticket %(name)s", share=percent(most.count / total), name=localized(most.name))


def _quotas_title(rows: list[QuotaFill]) -> str:
    limited = [each for each in rows if each.size]
    if not limited:
        return _("Quotas")
    fullest = limited[0]
    return _("Fullest: %(name)s, %(share)s", name=fullest.name, share=percent(fullest.taken / (fullest.size or 1)))


def _refusals_title(rows: list[tuple[str, int]]) -> str:
    if not rows:
        return _("Refusals at check-in")
    total = sum(count for _word, count in rows)
    return _(
        "Most common reason: %(reason)s, %(most)s of %(total)s refusals",
        reason=rows[0][0],
        most=number(rows[0][1]),
        total=number(total),
    )
