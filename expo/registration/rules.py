"""What a registration must hold, and how orders and attendees change state. Pure."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import Actor, Permission
from expo.errors import Conflict, Invalid
from expo.pure.fields import check_country, check_language, check_name, check_text
from expo.pure.names import joined_words, search_text

HOLD_UNCONFIRMED = timedelta(hours=48)
MAX_ATTENDEES_PER_ORDER = 50


class OrderState(StrEnum):
    """Where an order stands. An unconfirmed order holds its places until its time is over."""

    UNCONFIRMED = "unconfirmed"
    CONFIRMED = "confirmed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class AttendeeState(StrEnum):
    """Where an attendee stands."""

    UNCONFIRMED = "unconfirmed"
    AWAITING_APPROVAL = "awaiting_approval"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Source(StrEnum):
    """How an order came in."""

    WEB = "web"
    API = "api"
    DESK = "desk"
    IMPORT = "import"
    DEMO = "demo"


# States whose attendees take places from the quotas.
HOLDING_STATES = (AttendeeState.UNCONFIRMED, AttendeeState.AWAITING_APPROVAL, AttendeeState.CONFIRMED)

ATTENDEE_STEPS: Mapping[AttendeeState, frozenset[AttendeeState]] = {
    AttendeeState.UNCONFIRMED: frozenset(
        {AttendeeState.AWAITING_APPROVAL, AttendeeState.CONFIRMED, AttendeeState.CANCELLED, AttendeeState.EXPIRED}
    ),
    AttendeeState.AWAITING_APPROVAL: frozenset({AttendeeState.CONFIRMED, AttendeeState.CANCELLED}),
    AttendeeState.CONFIRMED: frozenset({AttendeeState.CANCELLED}),
    AttendeeState.CANCELLED: frozenset(),
    AttendeeState.EXPIRED: frozenset(),
}


@dataclass(frozen=True)
class AttendeeRequest:
    """One person to be registered, as asked for. Without an address of their own they are reached by the order's."""

    ticket_type_code: str
    name: str
    latin_name: str = ""
    email: str | None = None
    country: str = ""
    company: str = ""
    job_title: str = ""
    language: str = "en"
    # Whatever the ticket type says, somebody has still to decide: so an imported list had it.
    awaits_approval: bool = False


@dataclass(frozen=True)
class OrderRequest:
    """A registration as asked for."""

    email: str
    language: str
    attendees: tuple[AttendeeRequest, ...]
    terms_version: str | None = None
    source: str = Source.WEB.value
    # Made by the form: the same registration sent again under the same key is the same order.
    client_key: str | None = None


@dataclass(frozen=True)
class AttendeeChange:
    """What is to be changed of an attendee; None leaves a field as it is."""

    name: str | None = None
    latin_name: str | None = None
    country: str | None = None
    company: str | None = None
    job_title: str | None = None
    language: str | None = None


def next_state(current: AttendeeState, wanted: AttendeeState) -> AttendeeState:
    """Return `wanted` where an attendee may go there from `current`. Raises Conflict `attendee_state`."""
    if wanted not in ATTENDEE_STEPS[current]:
        raise Conflict("attendee_state", state=current.value, wanted=wanted.value)
    return wanted


def state_after_confirmation(*, requires_approval: bool) -> AttendeeState:
    """Return where an attendee goes once the order's address is confirmed."""
    return AttendeeState.AWAITING_APPROVAL if requires_approval else AttendeeState.CONFIRMED


def is_paid(total_cents: int, paid_at: datetime | None) -> bool:
    """Whether nothing is owed for an order."""
    return total_cents == 0 or paid_at is not None


def require_running(state: OrderState) -> None:
    """Raise Conflict `order_expired` or `order_cancelled` for an order that is over."""
    if state is OrderState.EXPIRED:
        raise Conflict("order_expired")
    if state is OrderState.CANCELLED:
        raise Conflict("order_cancelled")


def require_own(actor: Actor, permission: Permission, edition_id: int, owners: Sequence[int]) -> None:
    """Let pass the people whom a record concerns, and holders of `permission`. Raises PermissionMissing."""
    if actor.kind == "person" and actor.id in owners:
        return
    if not actor.may(permission, edition_id):
        raise PermissionMissing(permission.value)


def check_request(request: OrderRequest) -> OrderRequest:
    """Return the request with every text as stored. Raises Invalid with a field such as `attendees-0-name`.

    E-mail addresses, ticket types and places are checked by the service.
    """
    if not request.attendees:
        raise Invalid("order_empty", field="attendees")
    if len(request.attendees) > MAX_ATTENDEES_PER_ORDER:
        raise Invalid("order_too_large", field="attendees", maximum=MAX_ATTENDEES_PER_ORDER)
    if request.source not in {source.value for source in Source}:
        raise Invalid("source_unknown", field="source")
    return replace(
        request,
        language=check_language(request.language, "language"),
        attendees=tuple(_check_attendee(each, f"attendees-{n}-") for n, each in enumerate(request.attendees)),
    )


def digest_of(request: OrderRequest) -> str:
    """Return a digest of everything that a request asks for; two requests with the same one ask for the same."""
    content = asdict(replace(request, client_key=None))
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _check_attendee(request: AttendeeRequest, prefix: str) -> AttendeeRequest:
    return AttendeeRequest(
        ticket_type_code=request.ticket_type_code,
        name=check_name(request.name, f"{prefix}name"),
        latin_name=check_text(request.latin_name, f"{prefix}latin_name"),
        email=(request.email or "").strip() or None,
        country=check_country(request.country, f"{prefix}country"),
        company=check_text(request.company, f"{prefix}company"),
        job_title=check_text(request.job_title, f"{prefix}job_title"),
        language=check_language(request.language, f"{prefix}language"),
        awaits_approval=request.awaits_approval,
    )


def check_change(change: AttendeeChange) -> dict[str, str]:
    """Return the fields to be changed with their texts as stored. Raises Invalid with the field."""
    checks = {
        "name": check_name,
        "latin_name": check_text,
        "country": check_country,
        "company": check_text,
        "job_title": check_text,
        "language": check_language,
    }
    values = {field: getattr(change, field) for field in checks}
    return {field: checks[field](value, field) for field, value in values.items() if value is not None}


def attendee_search_text(name: str, latin_name: str, company: str, email: str, code: str, order_code: str) -> str:
    """Return what a search looks at for an attendee; the second half of the code stands alone too, as it is printed."""
    found = search_text(name, latin_name, company, email, code, code[4:], order_code)
    return found + joined_words(name, latin_name, company)
