"""The first page of the organizer: how are we doing, and what needs a decision now."""

from datetime import datetime, timedelta

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.checkin.queries import list_checkpoints
from expo.editions.queries import EditionFacts, list_editions
from expo.infra.clock import utcnow
from expo.reports.dashboard import (
    HourCount,
    count_arrivals_by_hour,
    count_countries,
    count_refusals,
    count_registrations_by_day,
    count_ticket_types,
    find_scan_day,
    get_head_figures,
    list_quota_fills,
)
from expo.web.kit.access import Audience, audience_blueprint, choose_edition, current_actor, current_edition
from expo.web.kit.formats import country_name
from expo.web.kit.language import localized
from expo.web.kit.reason_texts import reason_word

blueprint = audience_blueprint("organizer", __name__, Audience.STAFF, url_prefix="/organizer")


@blueprint.get("/")
def today() -> str:
    """Show the figures of the edition and what waits for a decision."""
    actor, edition, now = current_actor(), current_edition(), utcnow()
    day = find_scan_day(edition) or edition.starts_on
    arrivals = count_arrivals_by_hour(actor, edition, day)
    countries = count_countries(actor, edition)
    names = {row.code: localized(row.name) for row in list_checkpoints(edition.id)}
    return render_template(
        "organizer/today.html",
        figures=get_head_figures(actor, edition, now),
        registrations=count_registrations_by_day(actor, edition),
        countries=[(row.country, country_name(row.country), row.count) for row in countries],
        arrivals_day=day,
        arrivals=_by_checkpoint(arrivals, names, edition, day),
        ticket_types=count_ticket_types(actor, edition),
        quotas=list_quota_fills(actor, edition),
        refusals=[(reason_word(reason), count) for reason, count in count_refusals(actor, edition)],
    )


@blueprint.post("/edition")
def change_edition() -> Response:
    """Work on another edition from now on."""
    choose_edition(int(request.form.get("edition", "0")))
    flash(_("You are now working on another edition."), "info")
    return redirect(url_for("organizer.today"))


@blueprint.app_context_processor
def _editions() -> dict[str, object]:
    """Give the edition switcher its list, on the organizer's pages only."""
    if not (request.blueprint or "").startswith("organizer"):
        return {}
    return {"editions": list_editions()}


def _by_checkpoint(
    counts: list[HourCount], names: dict[str, str], edition: EditionFacts, day: object
) -> dict[str, object]:
    """Return hours (labels) and one series of counts per checkpoint, hours without arrivals included."""
    del day
    if not counts:
        return {"hours": [], "series": []}
    hours: list[datetime] = []
    hour, last = counts[0].hour, counts[-1].hour
    while hour <= last:
        hours.append(hour)
        hour += timedelta(hours=1)
    table = {(row.checkpoint_code, row.hour): row.count for row in counts}
    codes = sorted({row.checkpoint_code for row in counts})
    return {
        "hours": [each.astimezone(edition.zone).strftime("%H:%M") for each in hours],
        "series": [(names.get(code, code), [table.get((code, each), 0) for each in hours]) for code in codes],
    }
