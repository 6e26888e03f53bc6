"""An attendee's meetings: the list, a request, and the page of each meeting with its thread."""

from collections.abc import Sequence
from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.errors import Conflict, ExpoError, Missing
from expo.exhibitors.queries import ExhibitorRow, find_booth_halls, get_exhibitor
from expo.flows.meetings import invite_attendees, request_attendee, request_company
from expo.infra.clock import utcnow
from expo.meetings.queries import (
    MeetingRow,
    Party,
    get_meeting,
    list_blocking,
    list_findable,
    list_meetings,
    list_messages,
    search_for_meeting,
    search_with,
)
from expo.meetings.rules import MAX_GUESTS, OPEN_STATES, ParticipantState
from expo.meetings.services import has_blocked_other_side, list_blocked_guests, require_askable
from expo.profiles.rules import AS_ATTENDEE
from expo.registration.queries import AttendeeRow, list_attendees_of_person
from expo.registration.rules import AttendeeState
from expo.web.attendee.own import refuse_without_registration
from expo.web.kit.access import Audience, audience_blueprint, current_actor, current_edition, current_person_id
from expo.web.kit.errors import PageWithError, message_of, with_error
from expo.web.kit.meeting_actions import carry_out, count_request, make_key, read_request
from expo.web.kit.meeting_labels import (
    explain_obstacle,
    group_meetings,
    list_free_days,
    list_guests_to_name,
    list_proposed_days,
)
from expo.web.kit.own_schedule import find_own_attendee

blueprint = audience_blueprint("attendee_meetings", __name__, Audience.ATTENDEES, url_prefix="/me/meetings")


@blueprint.get("")
def show_meetings() -> str:
    """List my meetings: to answer, scheduled, waiting for an answer, and past ones."""
    party = current_party()
    groups = group_meetings(party, list_meetings(party), utcnow())
    return render_template("attendee/meetings/list.html", groups=groups, party=party)


@blueprint.route("/new", methods=["GET", "POST"])
def request_meeting() -> Response | PageWithError:
    """Request a meeting with the exhibitor `exhibitor`, or with the attendees `attendee`, at a free time of all."""
    edition, own = current_edition(), own_attendee()
    slug = request.values.get("exhibitor", "")
    company = get_exhibitor(edition.id, slug) if slug else None
    people = [] if company else _find_people(own)
    if not slug and not request.values.getlist("attendee"):
        flash(_("Choose at least one person."), "warning")
        return redirect(url_for("attendee_people.list_people"))
    if company is None and not people:
        raise Missing("attendee_missing")
    exhibitor_id = company.id if company else None
    error: ExpoError | None = None
    if request.method == "POST":
        try:
            count_request()
            code = _send(own, exhibitor_id, people)
        except ExpoError as problem:
            if problem.kind == "missing":
                raise
            error = problem
        else:
            return redirect(url_for("attendee_meetings.show_meeting", code=code))
    refusal = _find_refusal(own, exhibitor_id, people)
    if refusal is not None:
        return with_error(_show_refusal(own, company, people, refusal), error)
    found = search_with(
        edition,
        [own.id, *(each.id for each in people)],
        exhibitor_id,
        utcnow(),
        is_virtual="virtual" in request.form,
    )
    page = render_template(
        "attendee/meetings/request.html",
        company=company,
        people=people,
        asked=request.values.getlist("attendee"),
        days=list_free_days(found),
        obstacle=explain_obstacle(found, 0, has_booth=company is not None),
        companions=_companions(own),
        error=message_of(error) if error else "",
        key=request.form.get("key") or make_key(),
    )
    return with_error(page, error)


@blueprint.get("/<code>")
def show_meeting(code: str) -> str:
    """Show a meeting with what can be done now, and its thread."""
    party = current_party()
    row = get_meeting(party, code)
    found = search_for_meeting(current_edition(), row, party, utcnow())
    return render_template(
        "attendee/meetings/meeting.html",
        row=row,
        party=party,
        side=row.side_of(party),
        has_left=row.own_state(party) is ParticipantState.DECLINED,
        can_answer=row.can_answer(party),
        choices=list_proposed_days(row, found),
        days=list_free_days(found),
        obstacle=explain_obstacle(found, _own_group(party, row), has_booth=row.exhibitor_id is not None),
        messages=list_messages(row.id),
        is_blocked=has_blocked_other_side(party, row),
        guests=list_guests_to_name(row, row.side_of(party)),
        blocked=list_blocked_guests(party, row),
        own_rating=_own_rating(party, row),
        has_begun=row.starts_at is not None and row.starts_at <= utcnow(),
        key=make_key(),
    )


@blueprint.post("/<code>")
def change_meeting(code: str) -> Response | PageWithError:
    """Accept, decline, propose other times, cancel, write, check in, rate, block or report."""
    error = carry_out(current_party(), code)
    if error:
        return with_error(show_meeting(code), error)
    return redirect(url_for("attendee_meetings.show_meeting", code=code))


def _find_refusal(own: AttendeeRow, exhibitor_id: int | None, people: Sequence[AttendeeRow]) -> Conflict | None:
    """Return why no request to a company or to people can be sent now, whatever it says; None if it can."""
    try:
        require_askable(_party_of(own), exhibitor_id, [each.id for each in people], utcnow())
    except Conflict as error:
        return error
    return None


def _show_refusal(
    own: AttendeeRow, company: ExhibitorRow | None, people: Sequence[AttendeeRow], refusal: Conflict
) -> str:
    """Say instead of the form why no request can be sent, and what else can be done."""
    asked_ids = {each.id for each in people}
    former = [
        row
        for row in list_meetings(_party_of(own))
        if (row.exhibitor_id == company.id if company else not row.company_name)
        and (company or any(each.attendee_id in asked_ids for each in row.participants))
    ]
    former.sort(key=lambda row: (row.state in OPEN_STATES, row.id), reverse=True)
    return render_template(
        "attendee/meetings/refusal.html",
        company=company,
        people=people,
        refusal=message_of(refusal),
        was_declined=refusal.code == "meeting_declined_before",
        former=former[0] if former else None,
        places=find_booth_halls(own.edition_id, company.id) if company else [],
    )


def own_attendee() -> AttendeeRow:
    """Return the attendee whose meetings these are. Raises Missing."""
    attendee = find_own_attendee()
    if attendee is None:
        refuse_without_registration()
    return attendee


def current_party() -> Party:
    """Return the attendee as a party of meetings. Raises Missing."""
    return _party_of(own_attendee())


def _party_of(own: AttendeeRow) -> Party:
    """Return the party of an attendee who was found as the viewer's own."""
    return Party(current_actor(), own.edition_id, own.name, attendee_id=own.id)


def _find_people(own: AttendeeRow) -> list[AttendeeRow]:
    """Return the people whom the address or the form names, if they want to be found."""
    names = request.values.getlist("attendee")[:MAX_GUESTS]
    hidden = {own.id, *list_blocking([own.id], [])}
    return [each for each in list_findable(own.edition_id, names, AS_ATTENDEE) if each.id not in hidden]


def _send(own: AttendeeRow, exhibitor_id: int | None, people: list[AttendeeRow]) -> str:
    party, wanted = _party_of(own), read_request()
    if exhibitor_id is not None:
        codes = request.form.getlist("companions")
        chosen = tuple(each.id for each in (_companions(own) if codes else ()) if each.code in codes)
        return request_company(party, exhibitor_id, replace(wanted, companions=chosen), utcnow())
    if len(people) == 1:
        return request_attendee(party, people[0].id, wanted, utcnow())
    return invite_attendees(party, replace(wanted, companions=tuple(each.id for each in people)), utcnow())


def _companions(own: AttendeeRow) -> list[AttendeeRow]:
    """Return the others of the same order, who can come along."""
    others = list_attendees_of_person(current_person_id(), own.edition_id)
    return [
        each
        for each in others
        if each.id != own.id and each.order_id == own.order_id and each.state is AttendeeState.CONFIRMED
    ]


def _own_group(party: Party, row: MeetingRow) -> int:
    """Return which of the diaries that are searched is the reader's."""
    ids = row.ids_to_search(party)
    return ids.index(party.attendee_id) if party.attendee_id in ids else -1


def _own_rating(party: Party, row: MeetingRow) -> int | None:
    return next((each.rating for each in row.participants if each.attendee_id == party.attendee_id), None)
