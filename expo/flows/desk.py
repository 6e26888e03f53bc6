"""Operations at the help desk, including the related badges and e-mails."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from expo.accounts.rules import SYSTEM, Actor, Permission, fold_email, require
from expo.badges.queries import find_badge_of
from expo.badges.rules import is_valid
from expo.badges.services import reissue_badge
from expo.checkin.queries.scans import ScanAnswer
from expo.checkin.rules import Direction, ForceReason
from expo.checkin.services.scans import scan
from expo.checkin.services.verdicts import ScanRequest
from expo.errors import Conflict, ExpoError
from expo.flows.emails import (
    ask_to_confirm,
    notify_attendee,
    notify_awaiting_approval,
    notify_email_corrected,
    resend_email,
)
from expo.flows.registration import approve, cancel_registration, issue_and_notify, register, reject
from expo.infra.audit import record_act
from expo.infra.db import atomic, retried
from expo.registration.queries import (
    AttendeeRow,
    OrderRow,
    get_attendee,
    get_attendee_by_id,
    get_order_by_id,
    list_possible_duplicates,
)
from expo.registration.rules import AttendeeChange, AttendeeState, OrderRequest, OrderState
from expo.registration.services import (
    change_attendee,
    change_attendee_ticket,
    confirm_order_by_hand,
    correct_email,
    exchange_place,
)


class MaybeRegistered(Conflict):
    """Somebody with this address, or this name and company, is already registered. For staff only."""

    def __init__(self, found: Sequence[AttendeeRow]) -> None:
        super().__init__("maybe_registered", count=len(found))
        self.found = tuple(found)


@dataclass(frozen=True)
class Decisions:
    """The result of a bulk decision: names of those decided, and of those who could not be."""

    decided: tuple[str, ...]
    left: tuple[str, ...]


def register_walk_in(
    actor: Actor, edition_id: int, order_request: OrderRequest, now: datetime, *, anyway: bool = False
) -> OrderRow:
    """Register somebody at the counter, confirmed immediately, with badge and e-mail.

    Raises MaybeRegistered unless `anyway`, and the errors of `register`.
    """
    require(actor, Permission.ATTENDEES_WRITE, edition_id)
    if not anyway:
        found = {
            row.id: row
            for each in order_request.attendees
            for row in list_possible_duplicates(edition_id, each.email or order_request.email, each.name, each.company)
        }
        if found:
            raise MaybeRegistered(list(found.values()))
    return register(actor, edition_id, order_request, now)


@retried
def confirm_by_hand(actor: Actor, edition_id: int, order_id: int, now: datetime) -> OrderRow:
    """Confirm an order whose e-mail cannot be opened; issue and e-mail its badges.

    Raises OrderMissing, Conflict `order_confirmed`, `order_expired` or `order_cancelled`.
    """
    with atomic():
        order = confirm_order_by_hand(actor, edition_id, order_id, now)
        issue_and_notify(order, now)
        return order


@retried
def change_address(
    actor: Actor, edition_id: int, attendee_id: int, email: str, now: datetime, *, whole_order: bool = False
) -> AttendeeRow:
    """Correct an attendee's address, and send the e-mails that the old address should have received.

    Raises AttendeeMissing, Invalid `email_invalid`, Conflict `attendee_state` or `email_unchanged`.
    """
    with atomic():
        attendee = correct_email(actor, edition_id, attendee_id, email, now, whole_order=whole_order)
        order = get_order_by_id(attendee.order_id)
        affected = [each for each in order.attendees if each.email == attendee.email]
        if order.state is OrderState.UNCONFIRMED and order.email == attendee.email:
            ask_to_confirm(order, now)
        confirmed = [each for each in affected if each.state is AttendeeState.CONFIRMED]
        awaiting = [each for each in affected if each.state is AttendeeState.AWAITING_APPROVAL]
        if confirmed:
            notify_email_corrected(order, confirmed, now)
        if awaiting:
            notify_awaiting_approval(order, awaiting, now)
        return attendee


@retried
def change_ticket(actor: Actor, edition_id: int, attendee_id: int, ticket_type_code: str, now: datetime) -> AttendeeRow:
    """Change an attendee's ticket type, all or nothing: price, badge and place are updated and an e-mail is sent.

    Takes a place of the new type; quotas that both types share do not change. Raises AttendeeMissing,
    TicketTypeMissing, SoldOut, Conflict `attendee_state` or `ticket_unchanged`.
    """
    with atomic():
        exchange = change_attendee_ticket(actor, edition_id, attendee_id, ticket_type_code, now)
        attendee = exchange.attendee
        badge = find_badge_of(attendee.id)
        has_badge = badge is not None and is_valid(badge.revoked_at)
        if has_badge:
            # The badge's code contains the ticket type.
            reissue_badge(SYSTEM, edition_id, attendee_id, now)
        if attendee.state is not AttendeeState.UNCONFIRMED:
            notify_attendee("registration/ticket_changed", attendee, now, with_badge=has_badge)
        exchange_place(exchange)
        return attendee


@retried
def correct_attendee(
    actor: Actor,
    edition_id: int,
    attendee_id: int,
    change: AttendeeChange,
    now: datetime,
    *,
    email: str | None = None,
    ticket_type_code: str | None = None,
) -> AttendeeRow:
    """Change details, address and ticket of an attendee, all or nothing; unchanged values are skipped.

    Raises the errors of `change_attendee`, `change_address` and `change_ticket`.
    """
    with atomic():
        attendee = change_attendee(actor, edition_id, attendee_id, change, now)
        if email is not None and fold_email(email) != attendee.email:
            attendee = change_address(actor, edition_id, attendee_id, email, now)
        if ticket_type_code is not None and ticket_type_code != attendee.ticket_type_code:
            attendee = change_ticket(actor, edition_id, attendee_id, ticket_type_code, now)
        return attendee


@retried
def check_in_by_hand(
    actor: Actor,
    edition_id: int,
    attendee_id: int,
    checkpoint_code: str,
    scan_id: str,
    now: datetime,
    *,
    forced: bool = False,
    force_reason: ForceReason | None = None,
    force_note: str = "",
) -> ScanAnswer:
    """Check in somebody without their badge, by the same rules as a scan; a refusal is returned, not raised.

    Raises AttendeeMissing, Conflict `badge_not_issuable` for somebody without a badge, PermissionMissing.
    """
    require(actor, Permission.SCAN, edition_id)
    with atomic():
        attendee = get_attendee_by_id(edition_id, attendee_id)
        badge = find_badge_of(attendee_id)
        if badge is None:
            raise Conflict("badge_not_issuable", attendee=attendee.code, state=attendee.state.value)
        request = ScanRequest(
            scan_id,
            badge.token,
            checkpoint_code,
            Direction.ENTRY,
            now,
            forced,
            force_reason=force_reason if forced else None,
            force_note=force_note if forced else "",
        )
        answer = scan(actor, edition_id, request, now)
        record_act(
            actor,
            "checkin.by_hand",
            now,
            edition_id=edition_id,
            subject="attendee",
            subject_id=attendee_id,
            checkpoint=checkpoint_code,
            verdict=answer.verdict.value,
        )
        return answer


def decide_many(actor: Actor, edition_id: int, codes: Sequence[str], now: datetime, *, is_approved: bool) -> Decisions:
    """Approve or reject attendees who await approval, each in its own transaction, with badge and e-mail.

    Attendees who were decided on in the meantime, or do not exist, are skipped and listed.
    """
    decide = approve if is_approved else reject
    return _apply_to_each(actor, edition_id, codes, lambda each: decide(actor, edition_id, each.id, now))


def cancel_many(actor: Actor, edition_id: int, codes: Sequence[str], now: datetime) -> Decisions:
    """Cancel several registrations, each in its own transaction, with an e-mail; failures are listed."""
    return _apply_to_each(actor, edition_id, codes, lambda each: cancel_registration(actor, edition_id, each.id, now))


def resend_many(actor: Actor, edition_id: int, codes: Sequence[str], now: datetime) -> Decisions:
    """Resend each attendee the e-mail for their status; those without one are listed."""
    return _apply_to_each(actor, edition_id, codes, lambda each: resend_email(actor, edition_id, each.id, now))


def _apply_to_each(
    actor: Actor, edition_id: int, codes: Sequence[str], act: Callable[[AttendeeRow], object]
) -> Decisions:
    require(actor, Permission.ATTENDEES_WRITE, edition_id)
    decided: list[str] = []
    left: list[str] = []
    for code in dict.fromkeys(codes):
        name = code
        try:
            attendee = get_attendee(edition_id, code)
            name = attendee.name
            act(attendee)
        except ExpoError:
            left.append(name)
        else:
            decided.append(name)
    return Decisions(tuple(decided), tuple(left))
