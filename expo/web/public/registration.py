"""Registration: choose a ticket, enter attendees, review and submit; then confirm via the mailed link.

Nothing is stored on the server between steps: each screen carries the input of the previous ones, so that going back
loses nothing, and the form works without JavaScript and without personal data in cookies. The page's script keeps a
draft in the tab, and requests the step named in a reloaded URL (`go=show`).
"""

import uuid
from http import HTTPStatus

from flask import Response as Answer, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from expo.accounts.rules import Level, SignInWay
from expo.editions.rules import RegistrationState
from expo.errors import Conflict, ExpoError, Invalid
from expo.flows.registration import confirm_registration, register
from expo.infra.clock import utcnow
from expo.infra.limits import count_against
from expo.infra.signing import read_text
from expo.pure.fields import MAX_NAME_LENGTH
from expo.pure.names import latin_form
from expo.registration.queries import get_order_by_id
from expo.registration.rules import OrderState
from expo.tickets.errors import TicketTypeMissing
from expo.tickets.queries import TicketTypeRow, list_quotas, list_ticket_types
from expo.web.forms.mailed_links import OpenLinkForm
from expo.web.kit.access import Audience, audience_blueprint, current_actor, current_edition
from expo.web.kit.errors import message_of, status_of
from expo.web.kit.language import current_language, current_locale
from expo.web.kit.sessions import begin_session, current_session
from expo.web.public.forms import MAX_PEOPLE, STEPS, RegistrationForm
from expo.web.public.likely_countries import list_likely_countries
from expo.web.public.ticket_choice import explain_refusal, find_excess_ticket, find_wrong_ticket, is_on_sale

# Places are held for 48 hours; for some days more the link explains what became of the registration.
CONFIRM_LINK_SECONDS = 7 * 24 * 3600

blueprint = audience_blueprint("public_registration", __name__, Audience.EVERYONE)


@blueprint.route("/register", methods=["GET", "POST"])
def start() -> str | Response | tuple[str, int]:
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
    if request.method == "GET":
        return _show(form, "ticket", offers)
    return _take_step(form, offers)


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
        return render_template("public/registration/confirm.html", form=form, order=order)
    registration = confirm_registration(order_id, utcnow())
    if not is_own:
        is_other = found is not None and found.level >= Level.LINK
        if is_other or not registration.is_new:
            return render_template("public/registration/confirmed.html", order=get_order_by_id(order_id))
        begin_session(registration.person_id, Level.LINK, SignInWay.CONFIRM_LINK)
    session["confirmed_now"] = order_id if registration.is_new else None
    return redirect(url_for("attendee.me"))


def _take_step(form: RegistrationForm, offers: list[TicketTypeRow]) -> str | Response | tuple[str, int]:
    step = request.form.get("step", "ticket")
    step = step if step in STEPS else "ticket"
    go = request.form.get("go", "next")
    at = STEPS.index(step)
    if go == "back":
        return _show(form, STEPS[max(at - 1, 0)], offers)
    if go.startswith(("add", "remove")):
        return _show(form, "details", offers)
    # To show a step, only the steps before it must be valid.
    upto = at - 1 if go == "show" else at
    refused = _find_refused_ticket(form, offers, upto)
    if refused is not None:
        name, error = refused
        return _show(form, form.show_error(name, explain_refusal(error)), offers), status_of(error)
    first_wrong = _first_wrong_step(form, upto)
    if first_wrong is not None:
        return _show(form, first_wrong, offers), 422
    if go != "show" and step == "check":
        return _place(form, offers)
    return _show(form, STEPS[upto + 1], offers)


def _find_refused_ticket(
    form: RegistrationForm, offers: list[TicketTypeRow], upto: int
) -> tuple[str, ExpoError] | None:
    """Return the first field with an unavailable ticket, and why; quantities are checked once everybody is known."""
    if upto < 0:
        return None
    refused = find_wrong_ticket(form, offers)
    if refused is None and upto >= STEPS.index("details"):
        return find_excess_ticket(form, offers, list_quotas(current_edition().id))
    return refused


def _place(form: RegistrationForm, offers: list[TicketTypeRow]) -> str | Response | tuple[str, int]:
    count_against("300/hour", "register-address", request.remote_addr or "")
    count_against("20/hour", "register", (form.attendees[0].form.email.data or "").casefold())
    try:
        registration = register(
            current_actor(), current_edition().id, form.to_request(current_language().code), utcnow()
        )
    except TicketTypeMissing as error:
        # The ticket was withdrawn after the page was shown.
        step = form.show_error(form.find_ticket_field(str(error.params["ticket_type"])), message_of(error))
        return _show(form, step, offers), HTTPStatus.UNPROCESSABLE_ENTITY
    except (Conflict, Invalid) as error:
        field = error.params.get("field") or form.find_ticket_field(str(error.params.get("ticket_type")))
        step = form.show_error(str(field), explain_refusal(error))
        return _show(form, step, offers), status_of(error)
    session["registered_order"] = registration.id
    return redirect(url_for("public_registration.sent"))


def _first_wrong_step(form: RegistrationForm, upto: int) -> str | None:
    """Validate the steps up to `upto`, and return the first that has errors, keeping only its errors."""
    form.validate()
    wrong = (step for step in STEPS[: upto + 1] if any(field.errors for field in form.fields_of(step)))
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


def _show(form: RegistrationForm, step: str, offers: list[TicketTypeRow]) -> str:
    by_code = {offer.code: offer for offer in offers}
    chosen = [by_code.get(code or "") for code in form.list_ticket_codes()]
    return render_template(
        f"public/registration/{step}.html",
        form=form,
        step=step,
        offers=offers,
        chosen=chosen,
        total_cents=sum(offer.price_cents for offer in chosen if offer),
        likely_countries=list_likely_countries(current_edition(), request.accept_languages.values()),
        max_people=MAX_PEOPLE,
    )
