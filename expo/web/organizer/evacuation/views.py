"""The evacuation list: who is in which zone now, on screen, on paper and as a file."""

from collections.abc import Callable, Iterator
from datetime import datetime

from flask import Response, render_template, request
from flask_babel import gettext as _, ngettext, pgettext

from expo.accounts.rules import Permission
from expo.documents.evacuation import EvacuationLabels, EvacuationRow, EvacuationSection, draw_evacuation_list
from expo.infra.clock import utcnow
from expo.pure.codes import show_code
from expo.pure.occupancy import Bounds
from expo.reports.evacuation import (
    COLUMNS,
    EvacuationList,
    Occupant,
    ZoneList,
    export_evacuation_list,
    get_evacuation_list,
    table_of,
)
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.downloads import file_response, table_response
from expo.web.kit.formats import datetime_local, number, time_local
from expo.web.kit.language import current_language, localized
from expo.web.kit.list_pages import page_of_request
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint("organizer_evacuation", __name__, "/evacuation", Permission.ATTENDEES_READ)

# The page of all zones shows the first people of each; the page of a zone has all of them, and so have the files.
SHOWN_OF_ZONE = 5
# The mark of people who may have left, on paper.
DOUBTFUL = "?"


@blueprint.get("", strict_slashes=False)
def show_list() -> str:
    """Show who is inside: the first people of every zone, or the people of one, page by page."""
    found = get_evacuation_list(current_actor(), current_edition(), utcnow())
    code = request.args.get("zone", "")[:32]
    chosen = next((zone for zone in found.zones if zone.code == code), None)
    page = page_of_request(len(chosen.occupants), {"zone": code}) if chosen else None
    zones = [chosen] if chosen else found.zones
    return render_template(
        "organizer/evacuation/list.html",
        found=found,
        zones=[(zone, page.cut(zone.occupants) if page else zone.occupants[:SHOWN_OF_ZONE]) for zone in zones],
        summaries={zone.code: _summary(zone) for zone in zones},
        choices=[(zone.code, localized(zone.name)) for zone in found.zones],
        chosen=chosen,
        page=page,
    )


@blueprint.get("/export.<any(csv, xlsx, pdf):kind>")
def export(kind: str) -> Response:
    """Return the list of everybody, or of one zone, as a file."""
    edition = current_edition()
    zone = request.args.get("zone", "")[:32] or None
    found = export_evacuation_list(current_actor(), edition, utcnow(), kind, zone)
    name = f"evacuation-{edition.slug}"
    if kind != "pdf":
        return table_response(kind, name, COLUMNS, table_of(found, edition))
    # Sent while it is drawn: of 20,000 people the last page is ready some seconds after the first.
    return file_response(_draw_pdf(found), "application/pdf", f"{name}.pdf")


def _draw_pdf(found: EvacuationList) -> Iterator[bytes]:
    labels = EvacuationLabels(
        title=_("Evacuation list"),
        as_of=_("As of %(time)s", time=datetime_local(found.at)),
        head=(_("Name"), _("Company"), pgettext("badge", "Code"), _("Entered"), _("Last seen")),
        page=_("Page {page} of {pages}"),
        nobody=_("According to the scans received, nobody is inside."),
    )
    times: dict[datetime, str] = {}

    def time_of(moment: datetime) -> str:
        # Thousands of people share a few hundred minutes.
        minute = moment.replace(second=0, microsecond=0)
        if minute not in times:
            times[minute] = time_local(minute)
        return times[minute]

    sections = [
        EvacuationSection(
            localized(zone.name), _summary(zone, mark=DOUBTFUL), [_row(each, time_of) for each in zone.occupants]
        )
        for zone in found.zones
    ]
    return draw_evacuation_list(sections, labels, localized(current_edition().title), current_language().code)


def _row(each: Occupant, time_of: Callable[[datetime], str]) -> EvacuationRow:
    latin = f" ({each.latin_name})" if each.latin_name and each.latin_name != each.name else ""
    group = f" × {number(each.people)}" if each.people > 1 else ""
    return EvacuationRow(
        name=each.name + latin + group,
        company=each.company,
        code=show_code(each.code),
        entered=time_of(each.entered_at) if each.entered_at else "",
        seen=time_of(each.seen_at),
        note=DOUBTFUL if each.may_have_left else "",
    )


def _summary(zone: ZoneList, mark: str = "") -> str:
    """Return how many people are listed, how many of them may have left (with their mark on paper), and the bounds."""
    parts = [ngettext("%(count)s person", "%(count)s people", zone.people, count=number(zone.people))]
    if zone.doubtful:
        doubtful = ngettext(
            "%(count)s may have left", "%(count)s may have left", zone.doubtful, count=number(zone.doubtful)
        )
        parts.append(_("%(what)s (%(count)s)", what=doubtful, count=mark) if mark else doubtful)
    if not zone.bounds.is_exact:
        describe = _describe_range_with_others if zone.bounds.counted > zone.people else _describe_range
        parts.append(describe(zone.bounds))
    return " · ".join(parts)


def _describe_range_with_others(bounds: Bounds) -> str:
    """Return the bounds in words if some people are listed in a zone inside this one."""
    return _(
        "between %(lower)s and %(upper)s inside, including those listed in other zones, because devices are out of "
        "contact",
        lower=number(bounds.lower),
        upper=number(bounds.upper),
    )


def _describe_range(bounds: Bounds) -> str:
    """Return the bounds in words."""
    return _(
        "between %(lower)s and %(upper)s inside, because devices are out of contact",
        lower=number(bounds.lower),
        upper=number(bounds.upper),
    )
