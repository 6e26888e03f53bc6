"""Add-ons of tickets: list, read one, create, change, delete."""

from http import HTTPStatus
from typing import Any

from pydantic import AwareDatetime, Field

from expo.accounts.rules import Permission
from expo.api.authentication import Call
from expo.api.schemas import Deleted, Moment, Schema, Text, Texts, TextsIn, example
from expo.api.v1.version import v1
from expo.errors import Missing
from expo.flows.add_ons import offer_add_on, remove_add_on, reoffer_add_on
from expo.tickets.queries import AddOnRow, get_add_on, list_add_ons, list_quotas
from expo.tickets.rules import SaleState

GROUP = "Registration"
MAX_PRICE_CENTS = 100_000_000
MAX_PLACES = 10_000_000


class AddOnChangeIn(Schema):
    """The fields to change; omitted ones stay unchanged."""

    model_config = example(name={"en": "Gala dinner", "zh": "晚宴"}, price_cents=38_000, places=400)

    name: TextsIn = Field(default_factory=dict)
    description: TextsIn = Field(default_factory=dict)
    price_cents: int = Field(0, ge=0, le=MAX_PRICE_CENTS, description="For each unit, with tax")
    sale_starts_at: Moment | None = Field(None, description="null to start immediately")
    sale_ends_at: Moment | None = Field(None, description="null for no end")
    max_per_attendee: int = Field(1, ge=1, le=20)
    is_public: bool = Field(True, description="Shown on the public registration page")
    ticket_types: list[Text] = Field(
        default_factory=list, max_length=255, description="Codes of the ticket types it is offered with; [] for all"
    )
    places: int | None = Field(None, ge=0, le=MAX_PLACES, description="How many there are in total; null for no limit")
    quotas: list[Text] = Field(
        default_factory=list, max_length=50, description="Names of the quotas from which each unit takes a place too"
    )


class AddOnIn(AddOnChangeIn):
    """A new add-on."""

    model_config = example(code="gala-dinner", name={"en": "Gala dinner", "zh": "晚宴"}, price_cents=38_000, places=400)

    code: Text = Field(description="Letters, digits and hyphens; it cannot be changed later")
    name: TextsIn


class AddOnOut(Schema):
    """An add-on and its current availability."""

    code: str
    version: str = Field(description="Also the ETag; send it as If-Match with a change")
    name: Texts
    description: Texts
    price_cents: int
    currency: str
    sale_starts_at: AwareDatetime | None
    sale_ends_at: AwareDatetime | None
    sale_state: SaleState
    max_per_attendee: int
    is_public: bool
    ticket_types: list[str] = Field(description="Codes of the ticket types it is offered with; [] for all")
    places: int | None = Field(description="How many there are in total; null if it has no limit of its own")
    quotas: list[str]
    places_left: int | None = Field(description="null if there is no limit")


class AddOnsOut(Schema):
    """All add-ons in their order."""

    items: list[AddOnOut]


@v1.route("GET", "/add-ons", group=GROUP)
def get_add_ons(call: Call) -> AddOnsOut:
    """List the add-ons."""
    return AddOnsOut(items=[_out(each) for each in list_add_ons(call.edition_id, call.now)])


@v1.route("GET", "/add-ons/<code>", group=GROUP)
def get_one_add_on(call: Call, code: str) -> AddOnOut:
    """Get an add-on."""
    return _out(get_add_on(call.edition_id, code, call.now))


@v1.route(
    "POST",
    "/add-ons",
    group=GROUP,
    permission=Permission.TICKETS_MANAGE,
    status=HTTPStatus.CREATED,
    refusals=(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
)
def post_add_on(call: Call, body: AddOnIn) -> AddOnOut:
    """Create an add-on after the others. 409 `add_on_exists` if the code is taken."""
    code = body.code.strip()
    quota_ids = _quota_ids(call, body.quotas)
    offer_add_on(call.actor, call.edition_id, code, _values(body), body.places, quota_ids, call.now)
    return _out(get_add_on(call.edition_id, code, call.now))


@v1.route(
    "PATCH", "/add-ons/<code>", group=GROUP, permission=Permission.TICKETS_MANAGE, refusals=(HTTPStatus.CONFLICT,)
)
def patch_add_on(call: Call, code: str, body: AddOnChangeIn, version: str | None) -> AddOnOut:
    """Update an add-on. Existing bookings keep their price. 409 `quota_below_taken` if more places are taken."""
    before = get_add_on(call.edition_id, code, call.now)
    given = body.model_fields_set
    values = {name: value for name, value in _values(body).items() if _FIELD_OF.get(name, name) in given}
    quota_ids = [each.id for each in before.shared_quotas]
    if "quotas" in given:
        quota_ids = _quota_ids(call, body.quotas)
    places = body.places if "places" in given else before.size
    reoffer_add_on(call.actor, call.edition_id, code, values, places, quota_ids, call.now, version)
    return _out(get_add_on(call.edition_id, code, call.now))


@v1.route(
    "DELETE", "/add-ons/<code>", group=GROUP, permission=Permission.TICKETS_MANAGE, refusals=(HTTPStatus.CONFLICT,)
)
def remove_one_add_on(call: Call, code: str, version: str | None) -> Deleted:
    """Delete an add-on. 409 `add_on_in_use` if it was ever booked, or a checkpoint's rule refers to it."""
    remove_add_on(call.actor, call.edition_id, code, call.now, version)
    return Deleted(id=code)


# The names of values where they differ from those of the fields.
_FIELD_OF = {"ticket_type_codes": "ticket_types"}


def _values(body: AddOnChangeIn) -> dict[str, Any]:
    return {
        "name": body.name,
        "description": body.description,
        "price_cents": body.price_cents,
        "sale_starts_at": body.sale_starts_at,
        "sale_ends_at": body.sale_ends_at,
        "max_per_attendee": body.max_per_attendee,
        "is_public": body.is_public,
        "ticket_type_codes": tuple(body.ticket_types),
    }


def _quota_ids(call: Call, names: list[str]) -> list[int]:
    ids = {each.name: each.id for each in list_quotas(call.edition_id)}
    if not set(names) <= set(ids):
        raise Missing("quota_missing")
    return [ids[name] for name in names]


def _out(row: AddOnRow) -> AddOnOut:
    return AddOnOut(
        code=row.code,
        version=row.version,
        name=row.name,
        description=row.description,
        price_cents=row.price_cents,
        currency=row.currency,
        sale_starts_at=row.sale_starts_at,
        sale_ends_at=row.sale_ends_at,
        sale_state=row.sale_state,
        max_per_attendee=row.max_per_attendee,
        is_public=row.is_public,
        ticket_types=list(row.ticket_type_codes),
        places=row.size,
        quotas=[each.name for each in row.shared_quotas],
        places_left=row.places_left,
    )
