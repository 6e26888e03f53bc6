"""What a registration must hold, and how orders and attendees change state. Pure."""

import hashlib
import json
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import Actor, Permission
from expo.errors import Conflict, Invalid
from expo.pure.countries import country_codes
from expo.pure.private_signs import replace_private_signs
from expo.registration.errors import TicketTypeMissing

HOLD_UNCONFIRMED = timedelta(hours=48)
MAX_NAME_LENGTH = 200
MAX_TEXT_LENGTH = 200
MAX_ATTENDEES_PER_ORDER = 50
LANGUAGES = frozenset({"en", "zh", "ar"})


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


class SaleState(StrEnum):
    """Whether a ticket type can be had now."""

    NOT_YET = "not_yet"
    ON_SALE = "on_sale"
    ENDED = "ended"
    SOLD_OUT = "sold_out"


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
class AttendeeWish:
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
class OrderWish:
    """A registration as asked for."""

    email: str
    language: str
    attendees: tuple[AttendeeWish, ...]
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


@dataclass(frozen=True)
class Offer:
    """What the rules of ordering need to know of a ticket type."""

    code: str
    is_public: bool
    sale_starts_at: datetime | None
    sale_ends_at: datetime | None
    max_per_order: int


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


def sale_state(
    sale_starts_at: datetime | None, sale_ends_at: datetime | None, places_left: int | None, now: datetime
) -> SaleState:
    """Return whether a ticket type can be had at `now`; the window counts before the places."""
    if sale_starts_at is not None and now < sale_starts_at:
        return SaleState.NOT_YET
    if sale_ends_at is not None and now >= sale_ends_at:
        return SaleState.ENDED
    return SaleState.SOLD_OUT if places_left == 0 else SaleState.ON_SALE


def require_own(actor: Actor, permission: Permission, edition_id: int, owners: Sequence[int]) -> None:
    """Let pass the people whom a record concerns, and holders of `permission`. Raises PermissionMissing."""
    if actor.kind == "person" and actor.id in owners:
        return
    if not actor.may(permission, edition_id):
        raise PermissionMissing(permission.value)


def clean_text(text: str) -> str:
    """Return a text as it is stored: NFC, one space between words, no control signs and no switches of direction.

    Joiners stay, as Persian and Indian names are written with them; so do private and newest characters, which are
    letters of somebody's name: whether a badge can show them is asked elsewhere.
    """
    composed = unicodedata.normalize("NFC", replace_private_signs(text))
    kept = "".join(
        " " if sign.isspace() else sign
        for sign in composed
        if sign.isspace() or sign in "\u200c\u200d\u180e" or not _is_no_letter(sign)
    )
    return " ".join(kept.split()).strip("\u200c\u200d ")


def _is_no_letter(sign: str) -> bool:
    is_non_character = "\ufdd0" <= sign <= "\ufdef" or ord(sign) & 0xFFFE == 0xFFFE  # noqa: PLR2004 - two of each plane
    return is_non_character or unicodedata.category(sign) in {"Cc", "Cf", "Cs"}


def check_name(text: str, field: str) -> str:
    """Return a person's name as stored. Raises Invalid `name_empty` or `name_too_long` with the field."""
    name = clean_text(text)
    if not any(unicodedata.category(sign)[0] in "LN" for sign in name):
        raise Invalid("name_empty", field=field)
    if len(name) > MAX_NAME_LENGTH:
        raise Invalid("name_too_long", field=field, maximum=MAX_NAME_LENGTH)
    return name


def check_text(text: str, field: str) -> str:
    """Return a short text as stored; it may be empty. Raises Invalid `text_too_long` with the field."""
    cleaned = clean_text(text)
    if len(cleaned) > MAX_TEXT_LENGTH:
        raise Invalid("text_too_long", field=field, maximum=MAX_TEXT_LENGTH)
    return cleaned


def check_country(code: str, field: str) -> str:
    """Return a country's two letters in upper case. Raises Invalid `country_unknown` with the field."""
    country = code.strip().upper()
    if country not in country_codes():
        raise Invalid("country_unknown", field=field, country=code[:20])
    return country


def check_language(code: str, field: str) -> str:
    """Return the code of a language that letters are written in. Raises Invalid `language_unknown` with the field."""
    if code not in LANGUAGES:
        raise Invalid("language_unknown", field=field, language=code[:20])
    return code


def check_wish(wish: OrderWish) -> OrderWish:
    """Return the wish with every text as stored. Raises Invalid with a field such as `attendees-0-name`.

    E-mail addresses, ticket types and places are checked by the service.
    """
    if not wish.attendees:
        raise Invalid("order_empty", field="attendees")
    if len(wish.attendees) > MAX_ATTENDEES_PER_ORDER:
        raise Invalid("order_too_large", field="attendees", maximum=MAX_ATTENDEES_PER_ORDER)
    if wish.source not in {source.value for source in Source}:
        raise Invalid("source_unknown", field="source")
    return replace(
        wish,
        language=check_language(wish.language, "language"),
        attendees=tuple(_check_attendee(each, f"attendees-{n}-") for n, each in enumerate(wish.attendees)),
    )


def digest_of(wish: OrderWish) -> str:
    """Return a digest of everything that a wish asks for; two wishes with the same one ask for the same."""
    content = asdict(replace(wish, client_key=None))
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _check_attendee(wish: AttendeeWish, prefix: str) -> AttendeeWish:
    return AttendeeWish(
        ticket_type_code=wish.ticket_type_code,
        name=check_name(wish.name, f"{prefix}name"),
        latin_name=check_text(wish.latin_name, f"{prefix}latin_name"),
        email=(wish.email or "").strip() or None,
        country=check_country(wish.country, f"{prefix}country"),
        company=check_text(wish.company, f"{prefix}company"),
        job_title=check_text(wish.job_title, f"{prefix}job_title"),
        language=check_language(wish.language, f"{prefix}language"),
        awaits_approval=wish.awaits_approval,
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


def check_offers(wish: OrderWish, offers: Mapping[str, Offer], now: datetime, *, for_public: bool) -> None:
    """Accept ticket types that are offered now, in numbers that one order may hold.

    The public sees public types within their window; staff and programs may give out any type at any time.
    Raises TicketTypeMissing, Conflict `not_on_sale` or `sale_ended`, Invalid `too_many_of_type`.
    """
    counts = Counter(each.ticket_type_code for each in wish.attendees)
    for code, count in counts.items():
        offer = offers.get(code)
        if offer is None or (for_public and not offer.is_public):
            raise TicketTypeMissing(code)
        if not for_public:
            continue
        state = sale_state(offer.sale_starts_at, offer.sale_ends_at, None, now)
        if state is SaleState.NOT_YET:
            raise Conflict("not_on_sale", ticket_type=code)
        if state is SaleState.ENDED:
            raise Conflict("sale_ended", ticket_type=code)
        if count > offer.max_per_order:
            raise Invalid("too_many_of_type", field="attendees", ticket_type=code, maximum=offer.max_per_order)
