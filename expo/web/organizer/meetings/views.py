"""Meetings: the tables of a day and the load of each hour, requests, complaints, and one meeting to move or cancel."""

from collections import defaultdict
from datetime import datetime

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from expo.accounts.rules import Permission
from expo.infra.audit import record_export
from expo.infra.clock import utcnow
from expo.meetings.exports import COLUMNS, meeting_rows
from expo.meetings.queries import (
    MeetingRow,
    Party,
    count_by_hour,
    count_by_state,
    count_elsewhere,
    count_reports,
    find_places,
    get_meeting,
    get_settings,
    list_meetings_of_day,
    list_messages,
    list_reports,
    list_slots,
    list_tables,
    list_unanswered,
    load_team,
    party_of_organizers,
    search_for_meeting,
)
from expo.meetings.rules import UNANSWERED_STATES, MeetingState, Side
from expo.meetings.services import resolve_report
from expo.pure.free_slots import Slot
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.downloads import CONTENT_TYPES, table_response
from expo.web.kit.errors import PageWithError, with_error
from expo.web.kit.list_pages import page_of_request
from expo.web.kit.meeting_actions import carry_out
from expo.web.kit.meeting_labels import choose_day, explain_obstacle, list_free_days
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint("organizer_meetings", __name__, "/meetings", Permission.EXHIBITORS_MANAGE)


@blueprint.get("", strict_slashes=False)
def show_day() -> str:
    """Show the tables of a day by slot, the load of each hour, and how many meetings are in each state."""
    edition = current_edition()
    day = choose_day(request.args.get("day", ""), edition, utcnow())
    meetings = list_meetings_of_day(edition.id, day, edition.zone, at_tables=True)
    slots = [slot for slot in list_slots(edition, get_settings(edition.id)) if slot.day == day]
    by_hour = count_by_hour(edition.id, day, edition.zone)
    hours = range(min(by_hour), max(by_hour) + 1) if by_hour else range(0)
    elsewhere_count = count_elsewhere(edition.id, day, edition.zone)
    page = page_of_request(elsewhere_count, {"day": day.isoformat()}, anchor="elsewhere")
    return render_template(
        "organizer/meetings/day.html",
        day=day,
        expo_days=edition.days,
        counts=count_by_state(edition.id),
        hours=[f"{hour:02d}:00" for hour in hours],
        load=[by_hour.get(hour, 0) for hour in hours],
        slots=slots,
        tables=list_tables(edition.id),
        grid=_grid(meetings, slots),
        elsewhere=list_meetings_of_day(
            edition.id, day, edition.zone, at_tables=False, limit=page.size, offset=page.offset
        ),
        page=page,
    )


@blueprint.get("/requests")
def list_requests() -> str:
    """List the requests that nobody has answered, the oldest first."""
    edition = current_edition()
    counts = count_by_state(edition.id)
    page = page_of_request(sum(counts.get(each, 0) for each in UNANSWERED_STATES))
    rows = list_unanswered(edition.id, page.size, page.offset)
    return render_template("organizer/meetings/requests.html", rows=rows, page=page, guest=Side.GUEST, host=Side.HOST)


@blueprint.get("/reports")
def show_reports() -> str:
    """List what attendees and exhibitors complained about."""
    edition = current_edition()
    page = page_of_request(count_reports(edition.id))
    rows = list_reports(edition.id, page.size, page.offset)
    return render_template("organizer/meetings/reports.html", rows=rows, page=page)


@blueprint.post("/reports")
def close_report() -> AnyResponse:
    """Mark a complaint as dealt with."""
    resolve_report(_party(), request.form.get("report", type=int) or 0, utcnow())
    flash(_("Marked as resolved."), "success")
    return redirect(url_for("organizer_meetings.show_reports", page=request.args.get("page", type=int)))


@blueprint.get("/export.<any(csv, xlsx):kind>")
def export_meetings(kind: str) -> Response:
    """Return all meetings as a table, without addresses."""
    if kind not in CONTENT_TYPES:
        abort(404)
    edition = current_edition()
    record_export(current_actor(), "meetings", utcnow(), edition.id)
    return table_response(kind, f"meetings-{edition.slug}", COLUMNS, meeting_rows(edition))


@blueprint.get("/<code>")
def show_meeting(code: str) -> str:
    """Show a meeting with its thread; organizers move, accept, decline or cancel it for both sides."""
    edition, party = current_edition(), _party()
    row = get_meeting(party, code)
    found = search_for_meeting(edition, row, party, utcnow())
    return render_template(
        "organizer/meetings/meeting.html",
        row=row,
        party=party,
        days=list_free_days(found),
        obstacle=explain_obstacle(found, None),
        messages=list_messages(row.id),
        team=load_team(edition.id, row.exhibitor_id) if row.exhibitor_id else [],
        places=find_places(edition.id, row.exhibitor_id),
        is_open=row.state in (MeetingState.REQUESTED, MeetingState.COUNTERED, MeetingState.SCHEDULED),
    )


@blueprint.post("/<code>")
def change_meeting(code: str) -> AnyResponse | PageWithError:
    """Move, accept, decline or cancel a meeting; both sides are notified."""
    error = carry_out(_party(), code)
    if error:
        return with_error(show_meeting(code), error)
    return redirect(url_for("organizer_meetings.show_meeting", code=code))


def _party() -> Party:
    return party_of_organizers(current_actor(), current_edition().id)


def _grid(meetings: list[MeetingRow], slots: list[Slot]) -> dict[int, dict[datetime, list[MeetingRow]]]:
    """Return the meetings at each table by the slot in which they begin."""
    grid: dict[int, dict[datetime, list[MeetingRow]]] = defaultdict(lambda: defaultdict(list))
    for row in meetings:
        if row.table_id is None or row.starts_at is None:
            continue
        begun = [slot.starts_at for slot in slots if slot.starts_at <= row.starts_at]
        if slots:
            grid[row.table_id][begun[-1] if begun else slots[0].starts_at].append(row)
    return grid
