"""Registration: choose a ticket, enter attendees, review and submit; then confirm via the mailed link.

Nothing is stored on the server between steps: each screen carries the input of the previous ones, so that going back
loses nothing, and the form works without JavaScript and without personal data in cookies. The page's script keeps a
draft in the tab, and requests the step named in a reloaded URL (`go=show`).
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from flask import Response as Answer, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from expo.accounts.rules import Level, SignInWay
from expo.editions.rules import RegistrationState
from expo.errors import Conflict, ExpoError, Invalid, TooMany
from expo.flows.registration import confirm_registration, register
from expo.infra.clock import utcnow
from expo.infra.limits import count_against
from expo.infra.signing import read_text
from expo.pure.fields import MAX_NAME_LENGTH
from expo.pure.names import latin_form
from expo.registration.queries import get_order_by_id, list_add_ons_of
from expo.registration.rules import OrderState, require_running
from expo.tickets.errors import AddOnMissing, TicketTypeMissing
from expo.tickets.queries import AddOnRow, TicketTypeRow, list_add_ons, list_quotas, list_ticket_types
from expo.web.forms.mailed_links import OpenLinkForm
from expo.web.kit.access import Audience, audience_blueprint, current_actor, current_edition
from expo.web.kit.errors import PageWithError, message_of, status_of, with_error
from expo.web.kit.language import current_language, current_locale
from expo.web.kit.sessions import begin_session, current_session
from expo.web.public.add_on_choice import (
    drop_unavailable,
    explain_add_on_refusal,
    find_wrong_add_on,
    list_chosen,
    list_offered,
    steps_with,
)
from expo.web.public.forms import MAX_PEOPLE, STEPS, RegistrationForm
from expo.web.public.likely_countries import list_likely_countries
from expo.web.public.ticket_choice import explain_refusal, find_excess_ticket, find_wrong_ticket, is_on_sale

# Places are held for 48 hours; for some days more the link explains what became of the registration.
CONFIRM_LINK_SECONDS = 7 * 24 * 3600


@dataclass(frozen=True)
class Offered:
    """What can be chosen: ticket types and add-ons."""

    tickets: list[TicketTypeRow]
    add_ons: list[AddOnRow]


# A page or a redirect, or a page with its status and headers.
_Answer = str | Response | tuple[str, int] | PageWithError
blueprint = audience_blueprint("public_registration", __name__, Audience.EVERYONE)


@blueprint.route("/register", methods=["GET", "POST"])
def start() -> _Answer:
    """Show the steps of a registration, and place the order after the last one."""
    edition = current_edition()
    if edition.registration.state_at(utcnow()) is not RegistrationState.OPEN:
        return render_template("public/registration/closed.html"), 409 if request.method == "POST" else 200
    offers = list_ticket_types(edition.id, utcnow(), public_only=True)
    on_sale = [offer for offer in offers if is_on_sale(offer)]
    form = RegistrationForm()
    if request.method == "GET":
        wanted = request.args.get("ticket")
        codes = [offer.code for offer in on_sale]
        form.ticket_type.data = wanted if wanted in codes else (codes[0] if codes else None)
        form.client_key.data = str(uuid.uuid4())
    _change_people(form)
    form.offer(on_sale, current_locale())
    offered = Offered(offers, list_add_ons(edition.id, utcnow(), public_only=True))
    if request.method == "GET":
        return _show(form, "ticket", offered)
    return _take_step(form, offered)


@blueprint.post("/register/latin-name")
def suggest_latin_name() -> Answer:
    """Suggest a transliteration of a name; empty if none is needed or possible."""
    count_against("120/minute", "latin-name", request.remote_addr or "")
    name = request.form.get("name", "")[:MAX_NAME_LENGTH]
    return Answer(latin_form(name, current_language().code), mimetype="text/plain")


@blueprint.get("/register/sent")
def sent() -> str | Response:
    """Show where the e-mail was sent, what to do if it does not arrive, and how to pay."""
    order_id = session.get("registered_order")
    if order_id is None:
        return redirect(url_for("public_registration.start"))
    order = get_order_by_id(int(order_id))
    approved = {each.code for each in list_ticket_types(order.edition_id, utcnow()) if each.requires_approval}
    return render_template(
        "public/registration/sent.html",
        order=order,
        waiting=sum(each.ticket_type_code in approved for each in order.attendees),
    )


@blueprint.route("/confirm/<text>", methods=["GET", "POST"])
def confirm(text: str) -> str | Response:
    """Confirm a registration with its mailed link when the button is pressed.

    The link signs its person in once, in a browser where nobody else is signed in; after that it only reports that the
    registration is confirmed.
    """
    order_id, *person_ids = read_text("confirm-order", text, CONFIRM_LINK_SECONDS)
    order, found = get_order_by_id(order_id), current_session()
    if person_ids and person_ids != [order.person_id]:
        # The address has been corrected since: a link sent to the wrong one must not work.
        raise Invalid("link_broken")
    is_own = found is not None and found.person.id == order.person_id and found.level >= Level.LINK
    form = OpenLinkForm()
    if not form.validate_on_submit():
        if order.state is OrderState.CONFIRMED:
            if is_own:
                return redirect(url_for("attendee.me"))
            return render_template("public/registration/confirmed.html", order=order)
        require_running(order.state)
        add_ons = list_add_ons_of([each.id for each in order.attendees])
        return render_template("public/registration/confirm.html", form=form, order=order, add_ons=add_ons)
    registration = confirm_registration(order_id, utcnow())
    if not is_own:
        is_other = found is not None and found.level >= Level.LINK
        if is_other or not registration.is_new:
            return render_template("public/registration/confirmed.html", order=get_order_by_id(order_id))
        begin_session(registration.person_id, Level.LINK, SignInWay.CONFIRM_LINK)
    session["confirmed_now"] = order_id if registration.is_new else None
    return redirect(url_for("attendee.me"))


def _take_step(form: RegistrationForm, offered: Offered) -> _Answer:
    drop_unavailable(form, offered.add_ons)
    steps = steps_with(form, offered.add_ons)
    step = request.form.get("step", "ticket")
    if step not in steps:
        # Nobody can choose an add-on any longer, because other tickets were chosen.
        step = "details" if step in STEPS else "ticket"
    go = request.form.get("go", "next")
    at = steps.index(step)
    if go == "back":
        return _show(form, steps[max(at - 1, 0)], offered)
    if go.startswith(("add", "remove")):
        return _show(form, "details", offered)
    # To show a step, only the steps before it must be valid.
    upto = at - 1 if go == "show" else at
    refused = _find_refused(form, offered, steps[: upto + 1])
    if refused is not None:
        name, error = refused
        return _show(form, form.show_error(name, _explain(error, offered)), offered), status_of(error)
    first_wrong = _first_wrong_step(form, steps[: upto + 1])
    if first_wrong is not None:
        return _show(form, first_wrong, offered), 422
    if go != "show" and step == "check":
        return _place(form, offered)
    return _show(form, steps[upto + 1], offered)


def _find_refused(form: RegistrationForm, offered: Offered, steps: Sequence[str]) -> tuple[str, ExpoError] | None:
    """Return the first field with an unavailable ticket or add-on in these steps, and why.

    Quantities are checked once everybody is known.
    """
    if not steps:
        return None
    refused = find_wrong_ticket(form, offered.tickets)
    if refused is not None or "details" not in steps:
        return refused
    quotas = list_quotas(current_edition().id)
    refused = find_excess_ticket(form, offered.tickets, quotas)
    # What was chosen in the step of add-ons is checked in it and in those after it.
    if refused is None and ("add_ons" in steps or "check" in steps):
        return find_wrong_add_on(form, offered.add_ons, quotas)
    return refused


def _explain(error: ExpoError, offered: Offered) -> str:
    if error.code.startswith("add_on") or error.code == "too_many_of_add_on":
        return explain_add_on_refusal(error, offered.add_ons)
    return explain_refusal(error)


def _place(form: RegistrationForm, offered: Offered) -> _Answer:
    try:
        count_against("300/hour", "register-address", request.remote_addr or "")
        count_against("20/hour", "register", (form.attendees[0].form.email.data or "").casefold())
    except TooMany as error:
        return with_error(_show(form, form.show_error("email", message_of(error)), offered), error)
    try:
        registration = register(
            current_actor(), current_edition().id, form.to_request(current_language().code), utcnow()
        )
    except (TicketTypeMissing, AddOnMissing) as error:
        # It was taken off the page after the page was shown.
        step = form.show_error(_field_of(form, error), message_of(error))
        return _show(form, step, offered), HTTPStatus.UNPROCESSABLE_ENTITY
    except (Conflict, Invalid) as error:
        step = form.show_error(_field_of(form, error), _explain(error, offered))
        return _show(form, step, offered), status_of(error)
    session["registered_order"] = registration.id
    return redirect(url_for("public_registration.sent"))


def _field_of(form: RegistrationForm, error: ExpoError) -> str:
    """Return the name of the field that an error is about."""
    if error.params.get("field"):
        return str(error.params["field"])
    if "add_on" in error.params:
        return form.find_add_on_field(str(error.params["add_on"]))
    return form.find_ticket_field(str(error.params.get("ticket_type")))


def _first_wrong_step(form: RegistrationForm, steps: Sequence[str]) -> str | None:
    """Validate these steps, and return the first that has errors, keeping only its errors."""
    form.validate()
    wrong = (step for step in steps if any(field.errors for field in form.fields_of(step)))
    first_wrong = next(wrong, None)
    form.clear_errors(but=first_wrong)
    return first_wrong


def _change_people(form: RegistrationForm) -> None:
    """Add or remove a person, depending on the pressed button."""
    go = request.form.get("go", "")
    if go == "add" and len(form.attendees) < MAX_PEOPLE:
        form.add_person()
    elif go in {f"remove-{position}" for position in range(1, len(form.attendees))}:
        form.remove_person(int(go.removeprefix("remove-")))


def _show(form: RegistrationForm, step: str, offered: Offered) -> str:
    by_code = {offer.code: offer for offer in offered.tickets}
    chosen = [by_code.get(code or "") for code in form.list_ticket_codes()]
    add_ons = list_chosen(form, offered.add_ons)
    return render_template(
        f"public/registration/{step}.html",
        form=form,
        step=step,
        steps=steps_with(form, offered.add_ons),
        offers=offered.tickets,
        chosen=chosen,
        add_ons_for=lambda code: list_offered(offered.add_ons, code),
        chosen_add_ons=add_ons,
        total_cents=sum(offer.price_cents for offer in chosen if offer)
        + sum(each.price_cents * quantity for units in add_ons for each, quantity in units),
        likely_countries=list_likely_countries(current_edition(), request.accept_languages.values()),
        max_people=MAX_PEOPLE,
    )
