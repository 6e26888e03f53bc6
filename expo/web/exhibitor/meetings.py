"""The meetings of a company: the inbox, the day of each representative, an invitation, and the page of each meeting."""

from dataclasses import replace

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from expo.errors import Conflict, ExpoError
from expo.exhibitors.rules import TeamAction
from expo.flows.meetings import invite_attendees
from expo.infra.clock import utcnow
from expo.meetings.exports import export_company_ics
from expo.meetings.queries import (
    MeetingRow,
    Party,
    find_places,
    get_meeting,
    list_blocking,
    list_findable,
    list_meetings,
    list_messages,
    load_team,
    party_of_company,
    search_for_meeting,
    search_with,
)
from expo.meetings.rules import MAX_GUESTS, MeetingState, Side
from expo.meetings.services import has_blocked_other_side, list_blocked_guests, require_invitable
from expo.profiles.rules import AS_EXHIBITOR
from expo.registration.queries import AttendeeRow
from expo.web.exhibitor.company_pages import render_company_page
from expo.web.exhibitor.sections import current_membership, exhibitor_blueprint
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.downloads import file_response
from expo.web.kit.errors import PageWithError, message_of, with_error
from expo.web.kit.language import current_language
from expo.web.kit.meeting_actions import carry_out, count_request, make_key, read_request
from expo.web.kit.meeting_labels import (
    choose_day,
    explain_obstacle,
    group_meetings,
    list_free_days,
    list_guests_to_name,
    list_proposed_days,
)

blueprint = exhibitor_blueprint("exhibitor_meetings", __name__, "/meetings", TeamAction.HANDLE_MEETINGS)


@blueprint.get("")
def show_meetings() -> str:
    """List the company's meetings: to answer, scheduled, waiting for an answer, and past ones."""
    party = current_party()
    groups = group_meetings(party, list_meetings(party), utcnow())
    return render_company_page("exhibitor/meetings/list.html", groups=groups, party=party)


@blueprint.get("/day")
def show_day() -> str:
    """Show the meetings of a day by representative."""
    edition, party = current_edition(), current_party()
    day = choose_day(request.args.get("day", ""), edition, utcnow())
    rows = [
        row
        for row in list_meetings(party, states=(MeetingState.SCHEDULED, MeetingState.HELD))
        if row.starts_at is not None and row.starts_at.astimezone(edition.zone).date() == day
    ]
    team = load_team(edition.id, party.exhibitor_id or 0)
    by_member = [
        (each.name, [row for row in rows if any(p.member_id == each.id for p in row.of_side(Side.HOST))])
        for each in team
    ]
    return render_company_page("exhibitor/meetings/day.html", day=day, expo_days=edition.days, by_member=by_member)


@blueprint.get("/calendar.ics")
def export_calendar() -> Response:
    """Return the company's meetings as an iCalendar file."""
    content = export_company_ics(current_edition(), current_party(), current_language().code)
    return file_response(content, "text/calendar", f"meetings-{current_membership().slug}.ics")


@blueprint.route("/new", methods=["GET", "POST"])
def invite() -> AnyResponse | PageWithError:
    """Invite the attendees `attendee` (keys of profiles, or typed badge codes) who agreed to be found."""
    guests = _guests()
    error: ExpoError | None = None
    if request.method == "POST":
        try:
            count_request()
            wanted = replace(read_request(), companions=tuple(each.id for each in guests))
            code = invite_attendees(current_party(), wanted, utcnow())
        except ExpoError as problem:
            error = problem
        else:
            return redirect(url_for("exhibitor_meetings.show_meeting", code=code))
    refusal = _find_refusal(guests)
    found = search_with(
        current_edition(),
        [each.id for each in guests],
        current_membership().exhibitor_id,
        utcnow(),
        is_virtual="virtual" in request.form,
    )
    page = render_company_page(
        "exhibitor/meetings/invite.html",
        guests=guests,
        days=list_free_days(found),
        obstacle=explain_obstacle(found, len(guests), is_company=True),
        error=message_of(error) if error else "",
        refusal=message_of(refusal) if refusal else "",
        key=request.form.get("key") or make_key(),
    )
    return with_error(page, error)


@blueprint.get("/<code>")
def show_meeting(code: str) -> str:
    """Show a meeting with what can be done now, and its thread."""
    party = current_party()
    row = get_meeting(party, code)
    found = search_for_meeting(current_edition(), row, party, utcnow())
    return render_company_page(
        "exhibitor/meetings/meeting.html",
        row=row,
        party=party,
        side=Side.HOST,
        can_answer=row.can_answer(party),
        choices=list_proposed_days(row, found),
        days=list_free_days(found),
        obstacle=explain_obstacle(found, len(set(row.attending_ids)), is_company=True),
        messages=list_messages(row.id),
        is_blocked=has_blocked_other_side(party, row),
        guests=list_guests_to_name(row, Side.HOST),
        blocked=list_blocked_guests(party, row),
        own_rating=_own_rating(party, row),
        has_begun=row.starts_at is not None and row.starts_at <= utcnow(),
        team=load_team(row.edition_id, row.exhibitor_id or 0),
        hosts=[each.member_id for each in row.of_side(Side.HOST)],
        places=find_places(row.edition_id, row.exhibitor_id),
        key=make_key(),
    )


@blueprint.post("/<code>")
def change_meeting(code: str) -> AnyResponse | PageWithError:
    """Accept, decline, propose other times, assign, cancel, write, check in, rate, block or report."""
    error = carry_out(current_party(), code)
    if error:
        return with_error(show_meeting(code), error)
    return redirect(url_for("exhibitor_meetings.show_meeting", code=code))


def _find_refusal(guests: list[AttendeeRow]) -> Conflict | None:
    """Return why no invitation to these attendees can be sent now, whatever it says; None if it can."""
    try:
        require_invitable(current_party(), [each.id for each in guests], utcnow())
    except Conflict as error:
        return error
    return None


def current_party() -> Party:
    """Return the company as a party of meetings."""
    return party_of_company(current_actor(), current_edition().id, current_membership().slug)


def _guests() -> list[AttendeeRow]:
    """Return the attendees to invite, as the address or the form names them."""
    names = request.values.getlist("attendee")[:MAX_GUESTS]
    hidden = list_blocking([], [current_membership().exhibitor_id])
    return [each for each in list_findable(current_edition().id, names, AS_EXHIBITOR) if each.id not in hidden]


def _own_rating(party: Party, row: MeetingRow) -> int | None:
    return next((e.rating for e in row.of_side(Side.HOST) if party.member_id in (None, e.member_id)), None)
