"""Registrations: an order with all of its attendees, or none."""

from http import HTTPStatus

from pydantic import AwareDatetime, Field

from expo.accounts.rules import Permission
from expo.api.authentication import Call
from expo.api.schemas import BookedIn, BookedOut, Schema, Text, example
from expo.api.v1.version import v1
from expo.flows.registration import register_prepared
from expo.registration.queries import OrderRow, list_add_ons_of
from expo.registration.rules import (
    MAX_ATTENDEES_PER_ORDER,
    AttendeeRequest,
    AttendeeState,
    OrderRequest,
    OrderState,
    Source,
)
from expo.registration.services import PreparedOrder, prepare_order


class AttendeeIn(Schema):
    """A person to register."""

    ticket_type: Text = Field(max_length=100, description="Code of a ticket type")
    name: Text = Field(description="In the attendee's own script")
    latin_name: Text = Field("", description="The name in Latin letters; generated if omitted")
    email: Text | None = Field(None, description="If omitted, e-mails go to the address of the order")
    country: Text = Field(description="ISO 3166-1 alpha-2")
    company: Text = ""
    job_title: Text = ""
    language: Text = "en"
    add_ons: list[BookedIn] = Field(default_factory=list, max_length=50, description="What is booked with the ticket")


class RegistrationIn(Schema):
    """An order to place."""

    model_config = example(
        email="office@example.org",
        language="en",
        attendees=[{"ticket_type": "visitor", "name": "张伟", "country": "CN", "company": "数据谷", "language": "zh"}],
    )

    email: Text = Field(description="E-mail address of the person who places the order")
    language: Text = "en"
    terms_version: Text | None = Field(None, max_length=32, description="Version of the terms that were accepted")
    attendees: list[AttendeeIn] = Field(min_length=1, max_length=MAX_ATTENDEES_PER_ORDER)


class RegisteredOut(Schema):
    """An attendee of the order."""

    id: str
    name: str
    state: AttendeeState
    ticket_type: str
    add_ons: list[BookedOut]


class RegistrationOut(Schema):
    """The order as placed."""

    order: str
    state: OrderState
    email: str
    total_cents: int
    currency: str
    is_paid: bool
    expires_at: AwareDatetime | None = Field(description="When an unconfirmed order releases its places")
    attendees: list[RegisteredOut]


def _prepare(call: Call, body: RegistrationIn) -> PreparedOrder:
    request = OrderRequest(
        email=body.email,
        language=body.language,
        attendees=tuple(
            AttendeeRequest(
                ticket_type_code=each.ticket_type,
                name=each.name,
                latin_name=each.latin_name,
                email=each.email,
                country=each.country,
                company=each.company,
                job_title=each.job_title,
                language=each.language,
                add_ons=tuple(booked.code for booked in each.add_ons for _ in range(booked.quantity)),
            )
            for each in body.attendees
        ),
        terms_version=body.terms_version,
        source=Source.API.value,
    )
    return prepare_order(call.actor, call.edition_id, request, call.now)


@v1.route(
    "POST",
    "/registrations",
    group="Registration",
    permission=Permission.ATTENDEES_WRITE,
    status=HTTPStatus.CREATED,
    refusals=(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
    prepare=_prepare,
)
def post_registration(call: Call, prepared: PreparedOrder) -> RegistrationOut:
    """Register 1 to 50 attendees: all of them or none.

    Places are confirmed or await approval immediately; badges and e-mails follow. 409 `sold_out` or `add_on_sold_out`
    says how many are left.
    """
    return _out(register_prepared(call.actor, prepared, call.now))


def _out(done: OrderRow) -> RegistrationOut:
    # Most orders have none, and this is where people queue.
    has_add_ons = any(each.add_on_units for each in done.attendees)
    add_ons = list_add_ons_of([each.id for each in done.attendees]) if has_add_ons else {}
    return RegistrationOut(
        order=done.code,
        state=done.state,
        email=done.email,
        total_cents=done.total_cents,
        currency=done.currency,
        is_paid=done.is_paid,
        expires_at=done.expires_at,
        attendees=[
            RegisteredOut(
                id=each.code,
                name=each.name,
                state=each.state,
                ticket_type=each.ticket_type_code,
                add_ons=[
                    BookedOut(code=booked.code, name=booked.name, quantity=booked.quantity)
                    for booked in add_ons.get(each.id, ())
                ],
            )
            for each in done.attendees
        ],
    )
