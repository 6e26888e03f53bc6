"""Attendees: search, read, correct."""

from collections import Counter
from collections.abc import Sequence
from http import HTTPStatus

from pydantic import AwareDatetime, Field

from expo.accounts.rules import Permission
from expo.api.authentication import Call
from expo.api.pagination import read_cursor, write_cursor
from expo.api.schemas import BookedIn, BookedOut, Moment, Page, PageQuery, Schema, Text, Texts, example
from expo.api.v1.version import v1
from expo.flows.add_ons import correct_with_add_ons
from expo.infra.audit import record_export
from expo.registration.queries import (
    AttendeeFilter,
    AttendeeRow,
    HeldAddOn,
    get_attendee,
    list_add_ons_of,
    search_attendees,
)
from expo.registration.rules import AttendeeChange, AttendeeState
from expo.reports.people import shown_filter


class AttendeeQuery(PageQuery):
    """Filters for attendees; omitted ones do not apply."""

    q: Text = Field(
        "",
        max_length=200,
        description="Words from the name, company, e-mail address or code; case, accents and script are ignored",
    )
    ticket_type: Text | None = Field(None, max_length=100, description="Code of a ticket type")
    add_on: Text | None = Field(None, max_length=32, description="Code of an add-on that they have booked")
    state: AttendeeState | None = None
    updated_since: Moment | None = Field(None, description="RFC 3339 with a time zone")


class TicketTypeName(Schema):
    """The ticket type of an attendee."""

    code: str
    name: Texts


class AttendeeOut(Schema):
    """An attendee."""

    id: str = Field(description="Also printed on the badge")
    order: str
    state: AttendeeState
    name: str
    latin_name: str
    email: str
    country: str = Field(description="ISO 3166-1 alpha-2")
    company: str
    job_title: str
    language: str
    ticket_type: TicketTypeName
    add_ons: list[BookedOut]
    is_paid: bool
    created_at: AwareDatetime
    updated_at: AwareDatetime


class AttendeeChangeIn(Schema):
    """The fields to change; omitted ones stay unchanged."""

    model_config = example(name="李雷", latin_name="Li Lei", company="数据谷有限公司")

    name: Text | None = None
    latin_name: Text | None = None
    country: Text | None = None
    company: Text | None = None
    job_title: Text | None = None
    language: Text | None = None
    email: Text | None = Field(None, description="The attendee's new address; the badge is sent to it")
    ticket_type: Text | None = Field(
        None, max_length=100, description="Code of another ticket type; place, price and badge are updated"
    )
    add_ons: list[BookedIn] | None = Field(
        None, max_length=50, description="All add-ons from now on; price and places are updated, and an e-mail is sent"
    )


@v1.route("GET", "/attendees", group="Registration", permission=Permission.ATTENDEES_READ)
def get_attendees(call: Call, query: AttendeeQuery) -> Page[AttendeeOut]:
    """List attendees, newest first, or best matches first if `q` is given.

    "zhang" matches 张伟, "obrien" matches O'Brien; if there are few matches, misspelled names match too.
    To follow changes, repeat the request with `updated_since`.
    """
    wanted = AttendeeFilter(
        q=query.q,
        ticket_type=query.ticket_type,
        add_on=query.add_on,
        state=query.state,
        updated_since=query.updated_since,
    )
    # Recorded for every page, because a stored or guessed cursor could otherwise read everyone unrecorded.
    record_export(
        call.actor, "attendees", call.now, call.edition_id, **shown_filter(wanted), reads_on=query.cursor is not None
    )
    page = search_attendees(
        call.edition_id,
        wanted,
        cursor=read_cursor(query.cursor),
        limit=query.limit,
    )
    add_ons = list_add_ons_of([row.id for row in page.rows])
    return Page[AttendeeOut](
        items=[_out(row, add_ons.get(row.id, ())) for row in page.rows], next=write_cursor(page.next_cursor)
    )


@v1.route("GET", "/attendees/<id>", group="Registration", permission=Permission.ATTENDEES_READ)
def get_one_attendee(call: Call, id: str) -> AttendeeOut:  # noqa: A002 - the name in the address
    """Get an attendee."""
    attendee = get_attendee(call.edition_id, id)
    record_export(call.actor, "attendee", call.now, call.edition_id, attendee=attendee.id)
    return _read(attendee)


@v1.route(
    "PATCH",
    "/attendees/<id>",
    group="Registration",
    permission=Permission.ATTENDEES_WRITE,
    refusals=(HTTPStatus.CONFLICT,),
)
def patch_attendee(call: Call, id: str, body: AttendeeChangeIn) -> AttendeeOut:  # noqa: A002 - the name in the address
    """Update an attendee.

    A printed badge stays valid, because its code contains no name. If the ticket type changes, the badge is reissued.
    409 `sold_out` or `add_on_sold_out` if the other ticket type or an add-on has no places left. All changes are made,
    or none.
    """
    attendee = get_attendee(call.edition_id, id)
    change = AttendeeChange(**body.model_dump(exclude={"email", "ticket_type", "add_ons"}))
    booked = None
    if body.add_ons is not None:
        booked = Counter(each.code for each in body.add_ons for _ in range(each.quantity))
    return _read(
        correct_with_add_ons(
            call.actor,
            call.edition_id,
            attendee.id,
            change,
            call.now,
            email=body.email,
            ticket_type_code=body.ticket_type,
            add_ons=booked,
        )
    )


def _read(row: AttendeeRow) -> AttendeeOut:
    return _out(row, list_add_ons_of([row.id]).get(row.id, ()))


def _out(row: AttendeeRow, add_ons: Sequence[HeldAddOn]) -> AttendeeOut:
    return AttendeeOut(
        id=row.code,
        order=row.order_code,
        state=row.state,
        name=row.name,
        latin_name=row.latin_name,
        email=row.email,
        country=row.country,
        company=row.company,
        job_title=row.job_title,
        language=row.language,
        ticket_type=TicketTypeName(code=row.ticket_type_code, name=row.ticket_type_name),
        add_ons=[BookedOut(code=each.code, name=each.name, quantity=each.quantity) for each in add_ons],
        is_paid=row.is_paid,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
