"""Meetings, for organizers: request, list, accept, decline and cancel them for both sides."""

from http import HTTPStatus

from pydantic import AwareDatetime, Field

from expo.accounts.rules import Permission
from expo.api.authentication import Call
from expo.api.pagination import read_cursor, write_cursor
from expo.api.schemas import Page, PageQuery, Schema, Text, example
from expo.api.v1.version import v1
from expo.errors import Invalid
from expo.exhibitors.queries import get_exhibitor
from expo.flows.meetings import (
    accept_meeting,
    cancel_meeting,
    decline_meeting,
    move_meeting,
    request_attendee,
    request_company,
)
from expo.meetings.queries import (
    MeetingRow,
    Party,
    find_table,
    get_meeting,
    paginate_meetings,
    party_of_attendee,
    party_of_organizers,
)
from expo.meetings.rules import MAX_PROPOSALS, MeetingRequest, MeetingState, ParticipantState, Side
from expo.meetings.services import Choice
from expo.registration.queries import get_attendee

GROUP = "Meetings"
REFUSALS = (HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)


class MeetingQuery(PageQuery):
    """Filters for meetings; omitted ones do not apply."""

    state: MeetingState | None = Field(None, description="Only meetings in this state")


class MeetingIn(Schema):
    """A meeting to request for an attendee."""

    model_config = example(
        exhibitor="data-valley",
        attendee="K7M2QX9A",
        message="We would like to talk about data exchange.",
        times=["2027-05-26T09:00:00+08:00"],
    )

    exhibitor: Text = Field("", max_length=120, description="Id of an exhibitor")
    with_attendee: Text = Field(
        "", max_length=12, description="Id of another attendee, who agreed to be found; instead of `exhibitor`"
    )
    attendee: Text = Field(max_length=12, description="Id of the attendee who asks")
    message: Text = Field("", max_length=2000)
    times: list[AwareDatetime] = Field(
        default_factory=list, max_length=MAX_PROPOSALS, description="Proposed starts of slots; empty for any free time"
    )
    is_virtual: bool = Field(default=False, description="Whether they meet online")
    link: Text = Field("", max_length=500, description="Link of an online meeting, starting with https://")


class AcceptanceIn(Schema):
    """When and where a meeting takes place."""

    model_config = example(starts_at="2027-05-26T09:00:00+08:00")

    starts_at: AwareDatetime = Field(description="Start of a slot")
    table: Text | None = Field(None, max_length=32, description="Name of a table; assigned if omitted")
    link: Text = Field("", max_length=500, description="Link of an online meeting, starting with https://")


class ReasonIn(Schema):
    """Why a meeting is declined or cancelled."""

    model_config = example(reason="The hall is closed on that day.")

    reason: Text = Field("", max_length=2000, description="Shown to both sides")


class MeetingParticipantOut(Schema):
    """Somebody who takes part."""

    side: Side
    state: ParticipantState
    attendee: str | None = Field(description="Id of an attendee; null for members of an exhibitor's team")
    name: str
    is_checked_in: bool


class MeetingOut(Schema):
    """A meeting."""

    id: str
    state: MeetingState
    exhibitor: str | None = Field(description="Id of the exhibitor; null for meetings of attendees")
    awaited: Side | None = Field(description="The side that has to answer")
    message: str
    reason: str
    proposals: list[AwareDatetime]
    starts_at: AwareDatetime | None
    ends_at: AwareDatetime | None
    place: str = Field(description="`table`, `booth`, `virtual`, or empty while there is no time")
    place_code: str = Field(description="Name of the table or code of the booth")
    created_at: AwareDatetime
    participants: list[MeetingParticipantOut]


@v1.route("GET", "/meetings", group=GROUP, permission=Permission.EXHIBITORS_MANAGE)
def get_meetings(call: Call, query: MeetingQuery) -> Page[MeetingOut]:
    """List meetings."""
    rows, after = paginate_meetings(call.edition_id, query.state, read_cursor(query.cursor), query.limit)
    return Page[MeetingOut](items=[_out(row) for row in rows], next=write_cursor(after))


@v1.route(
    "POST",
    "/meetings",
    group=GROUP,
    permission=Permission.EXHIBITORS_MANAGE,
    status=HTTPStatus.CREATED,
    refusals=REFUSALS,
)
def post_meeting(call: Call, body: MeetingIn) -> MeetingOut:
    """Request a meeting of an attendee with an exhibitor or another attendee.

    Those asked get an e-mail and answer. Attendees who do not want to be found by others are not found (404). 409 names
    why the request is not possible, such as `meeting_already_requested`. The limits on requests of one person do not
    apply.
    """
    if bool(body.exhibitor) == bool(body.with_attendee):
        raise Invalid("meeting_one_to_ask", field="exhibitor")
    attendee = get_attendee(call.edition_id, body.attendee)
    party = party_of_attendee(call.actor, call.edition_id, attendee.id)
    request = MeetingRequest(body.message, tuple(body.times), is_virtual=body.is_virtual, link=body.link)
    if body.with_attendee:
        asked = get_attendee(call.edition_id, body.with_attendee)
        return _get(call, request_attendee(party, asked.id, request, call.now))
    exhibitor = get_exhibitor(call.edition_id, body.exhibitor)
    return _get(call, request_company(party, exhibitor.id, request, call.now))


@v1.route("GET", "/meetings/<id>", group=GROUP, permission=Permission.EXHIBITORS_MANAGE)
def get_one_meeting(call: Call, id: str) -> MeetingOut:  # noqa: A002 - the name in the address
    """Get a meeting."""
    return _get(call, id)


@v1.route("POST", "/meetings/<id>/accept", group=GROUP, permission=Permission.EXHIBITORS_MANAGE, refusals=REFUSALS)
def accept_one_meeting(
    call: Call,
    id: str,  # noqa: A002 - the name in the address
    body: AcceptanceIn,
) -> MeetingOut:
    """Schedule a requested meeting.

    A place and a representative are assigned. 409 `meeting_taken` names who or what is not free. Both sides are
    notified.
    """
    accept_meeting(_party(call), id, _read_choice(call, body), call.now)
    return _get(call, id)


@v1.route("POST", "/meetings/<id>/move", group=GROUP, permission=Permission.EXHIBITORS_MANAGE, refusals=REFUSALS)
def move_one_meeting(
    call: Call,
    id: str,  # noqa: A002 - the name in the address
    body: AcceptanceIn,
) -> MeetingOut:
    """Move a scheduled meeting to another time or table. 409 names who or what is not free. Both sides are notified."""
    move_meeting(_party(call), id, _read_choice(call, body), call.now)
    return _get(call, id)


@v1.route("POST", "/meetings/<id>/decline", group=GROUP, permission=Permission.EXHIBITORS_MANAGE, refusals=REFUSALS)
def decline_one_meeting(
    call: Call,
    id: str,  # noqa: A002 - the name in the address
    body: ReasonIn,
) -> MeetingOut:
    """Decline a requested meeting. Both sides are notified."""
    decline_meeting(_party(call), id, body.reason, call.now)
    return _get(call, id)


@v1.route("POST", "/meetings/<id>/cancel", group=GROUP, permission=Permission.EXHIBITORS_MANAGE, refusals=REFUSALS)
def cancel_one_meeting(
    call: Call,
    id: str,  # noqa: A002 - the name in the address
    body: ReasonIn,
) -> MeetingOut:
    """Cancel a meeting or a request. The time of everybody is released, and both sides are notified."""
    cancel_meeting(_party(call), id, body.reason, call.now)
    return _get(call, id)


def _read_choice(call: Call, body: AcceptanceIn) -> Choice:
    table_id = find_table(call.edition_id, body.table) if body.table else None
    return Choice(body.starts_at, table_id=table_id, link=body.link)


def _party(call: Call) -> Party:
    return party_of_organizers(call.actor, call.edition_id)


def _get(call: Call, code: str) -> MeetingOut:
    return _out(get_meeting(_party(call), code))


def _out(row: MeetingRow) -> MeetingOut:
    return MeetingOut(
        id=row.code,
        state=row.state,
        exhibitor=row.exhibitor_slug,
        awaited=Side(row.awaited) if row.awaited else None,
        message=row.message,
        reason=row.reason,
        proposals=list(row.proposals),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        place=row.place,
        place_code=row.place_code,
        created_at=row.created_at,
        participants=[
            MeetingParticipantOut(
                side=each.side,
                state=each.state,
                attendee=each.badge_code or None,
                name=each.name,
                is_checked_in=each.checked_in_at is not None,
            )
            for each in row.participants
        ],
    )
