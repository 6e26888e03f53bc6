"""Actions on one attendee: when each is available, how it is confirmed, and what it does."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from expo.accounts.rules import Permission
from expo.badges.services import reissue_badge, revoke_badge
from expo.flows.desk import confirm_by_hand
from expo.flows.emails import resend_email
from expo.flows.registration import approve, cancel_registration, reject
from expo.infra.clock import utcnow
from expo.registration.queries import AttendeeRow, get_order
from expo.registration.rules import AttendeeState
from expo.registration.services import record_payment
from expo.web.kit.access import current_actor
from expo.web.kit.questions import Question


@dataclass(frozen=True)
class AttendeeAction:
    """An action on an attendee: its availability, confirmation question, effect and success message."""

    label: Callable[[], str]
    permission: Permission
    fits: Callable[[AttendeeRow], bool]
    ask: Callable[[AttendeeRow], Question]
    run: Callable[[AttendeeRow], object]
    done: Callable[[AttendeeRow], str]
    is_destructive: bool = False


def _question(attendee: AttendeeRow, title: str, text: str, button: str, *, is_destructive: bool = False) -> Question:
    trail = [
        (_("Attendees"), url_for("organizer_attendees.list_attendees")),
        (attendee.name, url_for("organizer_attendees.show_attendee", code=attendee.code)),
    ]
    return Question(title, text, button, trail, is_destructive)


def _is_in(*states: AttendeeState) -> Callable[[AttendeeRow], bool]:
    return lambda attendee: attendee.state in states


ATTENDEE_ACTIONS: dict[str, AttendeeAction] = {
    "approve": AttendeeAction(
        label=lambda: _("Approve"),
        permission=Permission.ATTENDEES_WRITE,
        fits=_is_in(AttendeeState.AWAITING_APPROVAL),
        ask=lambda each: _question(
            each,
            _("Approve %(name)s?", name=each.name),
            _("The badge is issued and sent to %(email)s immediately.", email=each.email),
            _("Approve"),
        ),
        run=lambda each: approve(current_actor(), each.edition_id, each.id, utcnow()),
        done=lambda each: _(
            "%(name)s approved. The badge has been sent to %(email)s.", name=each.name, email=each.email
        ),
    ),
    "reject": AttendeeAction(
        label=lambda: _("Reject"),
        permission=Permission.ATTENDEES_WRITE,
        fits=_is_in(AttendeeState.AWAITING_APPROVAL),
        ask=lambda each: _question(
            each,
            _("Reject %(name)s?", name=each.name),
            _("The place becomes available again, and %(email)s is notified by e-mail.", email=each.email),
            _("Reject"),
            is_destructive=True,
        ),
        run=lambda each: reject(current_actor(), each.edition_id, each.id, utcnow()),
        done=lambda each: _("%(name)s rejected. The place is available again.", name=each.name),
        is_destructive=True,
    ),
    "confirm": AttendeeAction(
        label=lambda: _("Confirm manually"),
        permission=Permission.ATTENDEES_WRITE,
        fits=_is_in(AttendeeState.UNCONFIRMED),
        ask=lambda each: _question(
            each,
            _("Confirm order %(order)s manually?", order=each.order_code),
            _(
                "Use this for people who cannot open the e-mail. All attendees in the order are confirmed, and their "
                "badges are sent by e-mail."
            ),
            _("Confirm"),
        ),
        run=lambda each: confirm_by_hand(current_actor(), each.edition_id, each.order_id, utcnow()),
        done=lambda each: _("Order %(order)s confirmed.", order=each.order_code),
    ),
    "paid": AttendeeAction(
        label=lambda: _("Mark as paid"),
        permission=Permission.ORDERS_MANAGE,
        fits=lambda each: not each.is_paid and each.order_state.value == "confirmed",
        ask=lambda each: _question(
            each,
            _("Mark order %(order)s as paid?", order=each.order_code),
            _("The whole order is marked as paid, and its badges are accepted at check-in."),
            _("Mark as paid"),
        ),
        run=lambda each: record_payment(current_actor(), each.edition_id, each.order_id, utcnow()),
        done=lambda each: _("Order %(order)s marked as paid.", order=each.order_code),
    ),
    "resend": AttendeeAction(
        label=lambda: _("Resend e-mail"),
        permission=Permission.ATTENDEES_WRITE,
        fits=_is_in(AttendeeState.UNCONFIRMED, AttendeeState.AWAITING_APPROVAL, AttendeeState.CONFIRMED),
        ask=lambda each: _question(
            each, _("Resend the e-mail to %(name)s?", name=each.name), _describe_resend(each), _("Resend")
        ),
        run=lambda each: resend_email(current_actor(), each.edition_id, each.id, utcnow()),
        done=lambda each: _("E-mail to %(name)s resent.", name=each.name),
    ),
    "reissue": AttendeeAction(
        label=lambda: _("Reissue badge"),
        permission=Permission.BADGES_ISSUE,
        fits=_is_in(AttendeeState.CONFIRMED),
        ask=lambda each: _question(
            each,
            _("Reissue the badge of %(name)s?", name=each.name),
            _("Badges printed earlier no longer work at check-in. Print the new one."),
            _("Reissue badge"),
        ),
        run=lambda each: reissue_badge(current_actor(), each.edition_id, each.id, utcnow()),
        done=lambda each: _("New badge issued for %(name)s. Print it now.", name=each.name),
    ),
    "revoke": AttendeeAction(
        label=lambda: _("Revoke badge"),
        permission=Permission.BADGES_REVOKE,
        fits=_is_in(AttendeeState.CONFIRMED),
        ask=lambda each: _question(
            each,
            _("Revoke the badge of %(name)s?", name=each.name),
            _("All checkpoints will refuse it from now on. You can reissue it later."),
            _("Revoke badge"),
            is_destructive=True,
        ),
        run=lambda each: revoke_badge(current_actor(), each.edition_id, each.id, utcnow()),
        done=lambda each: _("Badge of %(name)s revoked.", name=each.name),
        is_destructive=True,
    ),
    "cancel": AttendeeAction(
        label=lambda: _("Cancel registration"),
        permission=Permission.ATTENDEES_WRITE,
        fits=_is_in(AttendeeState.UNCONFIRMED, AttendeeState.AWAITING_APPROVAL, AttendeeState.CONFIRMED),
        ask=lambda each: _question(
            each,
            _("Cancel the registration of %(name)s?", name=each.name),
            _(
                "The badge stops working, the place becomes available again, and the attendee is notified by e-mail. "
                "This cannot be undone."
            ),
            _("Cancel registration"),
            is_destructive=True,
        ),
        run=lambda each: cancel_registration(current_actor(), each.edition_id, each.id, utcnow()),
        done=lambda each: _("Registration of %(name)s cancelled.", name=each.name),
        is_destructive=True,
    ),
}


def _describe_resend(attendee: AttendeeRow) -> str:
    """Say which e-mail will be sent to which address."""
    if attendee.state is AttendeeState.UNCONFIRMED:
        email = get_order(attendee.edition_id, attendee.order_code).email
        return _("The e-mail to %(email)s asks the recipient to confirm the registration.", email=email)
    if attendee.state is AttendeeState.AWAITING_APPROVAL:
        return _("The e-mail to %(email)s says that the registration is awaiting approval.", email=attendee.email)
    return _("The e-mail to %(email)s contains the badge and a link to the personal page.", email=attendee.email)
