"""People: find any attendee, look at everything about one, and do what the desk is asked to do."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from expo.accounts.queries import name_actors
from expo.accounts.rules import Permission, require
from expo.badges.queries import find_badge_of
from expo.badges.services import reissue_badge, revoke_badge
from expo.checkin.queries.checkpoints import door_facts
from expo.checkin.queries.scans import list_scans_of
from expo.errors import Conflict, Invalid
from expo.flows.badging import badge_pdf
from expo.flows.desk import confirm_by_hand
from expo.flows.letters import resend_letter
from expo.flows.registering import approve, cancel_registration, refuse
from expo.infra.audit import Act, record_export
from expo.infra.clock import utcnow
from expo.mail.queries import LetterFilter, find_letters
from expo.pure.codes import normalize_code, show_code
from expo.registration.queries import (
    AttendeeFilter,
    AttendeeRow,
    attendee_history,
    count_attendees,
    get_attendee,
    get_order,
    list_same_person,
    list_ticket_types,
    search_attendees,
)
from expo.registration.rules import HOLDING_STATES, AttendeeState
from expo.registration.services import change_attendee, record_payment
from expo.reports.people import COLUMNS, export_people
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.countries import countries_in
from expo.web.kit.language import BY_CODE, current_locale, localized
from expo.web.kit.reason_texts import force_words
from expo.web.organizer.downloads import give_table
from expo.web.organizer.errors_in_forms import show_at_field
from expo.web.organizer.forms import AttendeeForm
from expo.web.organizer.questions import AnswerForm, Question, show_question
from expo.web.organizer.sections import asks_for_part, section_blueprint
from expo.web.organizer.words import (
    ACTS,
    ATTENDEE_STATES,
    DIRECTIONS,
    FIELDS,
    LETTER_STATES,
    MESSAGES,
    ORDER_STATES,
    reason_word,
)

blueprint = section_blueprint("organizer_people", __name__, "/people", Permission.ATTENDEES_READ)

PAGE = 50
LETTERS_SHOWN = 20

blueprint.add_app_template_filter(show_code, "code")
blueprint.add_app_template_filter(reason_word)
blueprint.add_app_template_global(force_words)
blueprint.add_app_template_filter(lambda code: BY_CODE[code].name if code in BY_CODE else code, "language_name")


@blueprint.get("", strict_slashes=False)
def list_people() -> str:
    """List attendees who match the search; asked for by htmx, only the list."""
    edition = current_edition()
    wanted = _filter()
    page = search_attendees(edition.id, wanted, cursor=request.args.get("cursor", type=int), limit=PAGE)
    template = "organizer/people/_list.html" if asks_for_part() else "organizer/people/list.html"
    return render_template(
        template,
        wanted=wanted,
        query=_query(wanted),
        page=page,
        is_first=request.args.get("cursor", type=int) is None,
        total=count_attendees(edition.id, wanted),
        awaiting=count_attendees(edition.id, AttendeeFilter(state=AttendeeState.AWAITING_APPROVAL)),
        states=ATTENDEE_STATES,
        ticket_types=[(each.code, localized(each.name)) for each in list_ticket_types(edition.id, utcnow())],
        countries=countries_in(current_locale()),
    )


@blueprint.get("/export.<any(csv, xlsx):kind>")
def export(kind: str) -> Response:
    """Give the attendees who match the search as a file."""
    edition = current_edition()
    rows = export_people(current_actor(), edition, _filter(), utcnow())
    return give_table(kind, f"people-{edition.slug}", COLUMNS, rows)


@blueprint.get("/<code>")
def show_person(code: str) -> str:
    """Show everything about one attendee."""
    edition, actor = current_edition(), current_actor()
    attendee = get_attendee(edition.id, normalize_code(code))
    history = attendee_history(edition.id, attendee.id)
    scans = list_scans_of(door_facts(edition.id), attendee.id)
    letters, _more = find_letters(
        edition.id, LetterFilter(person_id=attendee.person_id), of_no_edition=False, limit=LETTERS_SHOWN
    )
    names = name_actors(
        [(each.actor_kind, each.actor_id) for each in history] + [(each.actor_kind, each.actor_id) for each in scans],
        edition.id,
    )
    return render_template(
        "organizer/people/person.html",
        attendee=attendee,
        order=get_order(edition.id, attendee.order_code),
        badge=find_badge_of(attendee.id),
        same=_find_same(attendee),
        desk_acts=_list_desk_acts(attendee),
        scans=scans,
        letters=letters,
        history=[(act, _act_words(act), _actor_words(act, names)) for act in history],
        names=names,
        acts={
            word: act
            for word, act in PERSON_ACTS.items()
            if act.fits(attendee) and actor.may(act.permission, edition.id)
        },
        states=ATTENDEE_STATES,
        order_states=ORDER_STATES,
        letter_states=LETTER_STATES,
        messages=MESSAGES,
        directions=DIRECTIONS,
    )


@blueprint.get("/<code>/badge.pdf")
def print_badge(code: str) -> Response:
    """Give an attendee's badge to print."""
    attendee = get_attendee(current_edition().id, normalize_code(code))
    pdf = badge_pdf(attendee.edition_id, attendee.id)
    record_export(current_actor(), "badge", utcnow(), attendee.edition_id, attendee=attendee.id)
    response = Response(pdf, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename=f"badge-{attendee.code}.pdf")
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.route("/<code>/edit", methods=["GET", "POST"])
def edit(code: str) -> str | AnyResponse | tuple[str, int]:
    """Change what is known of an attendee."""
    edition, actor = current_edition(), current_actor()
    require(actor, Permission.ATTENDEES_WRITE, edition.id)
    attendee = get_attendee(edition.id, normalize_code(code))
    form = AttendeeForm.of(attendee)
    if form.validate_on_submit():
        try:
            change_attendee(actor, edition.id, attendee.id, form.to_change(), utcnow())
        except Invalid as error:
            show_at_field(form, error, "name")
        else:
            flash(_("Saved what you changed about %(name)s.", name=form.name.data), "success")
            return redirect(url_for("organizer_people.show_person", code=code))
    page = render_template("organizer/people/edit.html", form=form, attendee=attendee)
    return page, 422 if form.errors else 200


@blueprint.route(
    "/<code>/<any(approve, refuse, cancel, confirm, paid, resend, reissue, revoke):act>", methods=["GET", "POST"]
)
def decide(code: str, act: str) -> AnyResponse | tuple[str, int]:
    """Ask, and then do what was decided about an attendee."""
    edition, actor = current_edition(), current_actor()
    chosen = PERSON_ACTS[act]
    require(actor, chosen.permission, edition.id)
    attendee = get_attendee(edition.id, normalize_code(code))
    question = chosen.ask(attendee)
    if not AnswerForm().validate_on_submit():
        return show_question(question)
    try:
        chosen.run(attendee)
    except (Conflict, Invalid) as error:
        return show_question(question, error)
    flash(chosen.done(attendee), "success")
    return redirect(question.back_url)


@dataclass(frozen=True)
class PersonAct:
    """Something that staff decide about an attendee: when it fits, what is asked, what is done, what is said then."""

    label: Callable[[], str]
    permission: Permission
    fits: Callable[[AttendeeRow], bool]
    ask: Callable[[AttendeeRow], Question]
    run: Callable[[AttendeeRow], object]
    done: Callable[[AttendeeRow], str]
    is_grave: bool = False


def _question(attendee: AttendeeRow, title: str, text: str, button: str, *, is_grave: bool = False) -> Question:
    return Question(title, text, button, url_for("organizer_people.show_person", code=attendee.code), is_grave)


def _is_in(*states: AttendeeState) -> Callable[[AttendeeRow], bool]:
    return lambda attendee: attendee.state in states


PERSON_ACTS: dict[str, PersonAct] = {
    "approve": PersonAct(
        label=lambda: _("Approve"),
        permission=Permission.ATTENDEES_WRITE,
        fits=_is_in(AttendeeState.AWAITING_APPROVAL),
        ask=lambda each: _question(
            each,
            _("Approve %(name)s?", name=each.name),
            _("The badge is issued and mailed to %(email)s at once.", email=each.email),
            _("Approve"),
        ),
        run=lambda each: approve(current_actor(), each.edition_id, each.id, utcnow()),
        done=lambda each: _(
            "%(name)s is approved. The badge is on its way to %(email)s.", name=each.name, email=each.email
        ),
    ),
    "refuse": PersonAct(
        label=lambda: _("Turn down"),
        permission=Permission.ATTENDEES_WRITE,
        fits=_is_in(AttendeeState.AWAITING_APPROVAL),
        ask=lambda each: _question(
            each,
            _("Turn down %(name)s?", name=each.name),
            _("The place is given back, and a letter to %(email)s says so.", email=each.email),
            _("Turn down"),
            is_grave=True,
        ),
        run=lambda each: refuse(current_actor(), each.edition_id, each.id, utcnow()),
        done=lambda each: _("%(name)s is turned down. The place is free again.", name=each.name),
        is_grave=True,
    ),
    "confirm": PersonAct(
        label=lambda: _("Confirm by hand"),
        permission=Permission.ATTENDEES_WRITE,
        fits=_is_in(AttendeeState.UNCONFIRMED),
        ask=lambda each: _question(
            each,
            _("Confirm order %(order)s by hand?", order=each.order_code),
            _(
                "Do this for somebody who cannot open the e-mail. "
                "All attendees of the order are confirmed, and their badges are sent by e-mail."
            ),
            _("Confirm"),
        ),
        run=lambda each: confirm_by_hand(current_actor(), each.edition_id, each.order_id, utcnow()),
        done=lambda each: _("Order %(order)s is confirmed.", order=each.order_code),
    ),
    "paid": PersonAct(
        label=lambda: _("Record the payment"),
        permission=Permission.ORDERS_MANAGE,
        fits=lambda each: not each.is_paid and each.order_state.value == "confirmed",
        ask=lambda each: _question(
            each,
            _("Has order %(order)s been paid?", order=each.order_code),
            _("The whole order counts as paid from now on, and its badges open the doors."),
            _("It is paid"),
        ),
        run=lambda each: record_payment(current_actor(), each.edition_id, each.order_id, utcnow()),
        done=lambda each: _("Order %(order)s is paid.", order=each.order_code),
    ),
    "resend": PersonAct(
        label=lambda: _("Resend e-mail"),
        permission=Permission.ATTENDEES_WRITE,
        fits=_is_in(AttendeeState.UNCONFIRMED, AttendeeState.AWAITING_APPROVAL, AttendeeState.CONFIRMED),
        ask=lambda each: _question(
            each, _("Resend the e-mail to %(name)s?", name=each.name), _resent_words(each), _("Resend")
        ),
        run=lambda each: resend_letter(current_actor(), each.edition_id, each.id, utcnow()),
        done=lambda each: _("The e-mail to %(name)s is on its way.", name=each.name),
    ),
    "reissue": PersonAct(
        label=lambda: _("Issue the badge anew"),
        permission=Permission.BADGES_ISSUE,
        fits=_is_in(AttendeeState.CONFIRMED),
        ask=lambda each: _question(
            each,
            _("Issue the badge of %(name)s anew?", name=each.name),
            _("Every badge printed before stops working at the doors. Print the new one."),
            _("Issue it anew"),
        ),
        run=lambda each: reissue_badge(current_actor(), each.edition_id, each.id, utcnow()),
        done=lambda each: _("%(name)s has a new badge. Print it now.", name=each.name),
    ),
    "revoke": PersonAct(
        label=lambda: _("Revoke the badge"),
        permission=Permission.BADGES_REVOKE,
        fits=_is_in(AttendeeState.CONFIRMED),
        ask=lambda each: _question(
            each,
            _("Revoke the badge of %(name)s?", name=each.name),
            _("It opens no door from this moment on. You can issue it anew later."),
            _("Revoke it"),
            is_grave=True,
        ),
        run=lambda each: revoke_badge(current_actor(), each.edition_id, each.id, utcnow()),
        done=lambda each: _("The badge of %(name)s opens no door any more.", name=each.name),
        is_grave=True,
    ),
    "cancel": PersonAct(
        label=lambda: _("Cancel the registration"),
        permission=Permission.ATTENDEES_WRITE,
        fits=_is_in(AttendeeState.UNCONFIRMED, AttendeeState.AWAITING_APPROVAL, AttendeeState.CONFIRMED),
        ask=lambda each: _question(
            each,
            _("Cancel the registration of %(name)s?", name=each.name),
            _("The badge stops working, the place is given back, and a letter says so. This cannot be undone."),
            _("Cancel the registration"),
            is_grave=True,
        ),
        run=lambda each: cancel_registration(current_actor(), each.edition_id, each.id, utcnow()),
        done=lambda each: _("The registration of %(name)s is cancelled.", name=each.name),
        is_grave=True,
    ),
}


def _resent_words(attendee: AttendeeRow) -> str:
    """Say which e-mail is sent, and where."""
    if attendee.state is AttendeeState.UNCONFIRMED:
        email = get_order(attendee.edition_id, attendee.order_code).email
        return _("It asks to confirm the registration, and goes to %(email)s.", email=email)
    if attendee.state is AttendeeState.AWAITING_APPROVAL:
        return _("It says that the registration awaits approval, and goes to %(email)s.", email=attendee.email)
    return _("It holds the badge and the link to the personal page, and goes to %(email)s.", email=attendee.email)


def _find_same(attendee: AttendeeRow) -> list[AttendeeRow]:
    """Return registrations that may be this person's too."""
    if attendee.state not in HOLDING_STATES:
        return []
    return list_same_person(attendee.edition_id, attendee.email, attendee.name, attendee.company, besides=attendee)


def _list_desk_acts(attendee: AttendeeRow) -> list[tuple[str, str]]:
    """Return what the help desk can do for an attendee, as (label, address)."""
    may, edition_id = current_actor().may, attendee.edition_id
    acts: list[tuple[str, str]] = []
    if not may(Permission.ATTENDEES_WRITE, edition_id):
        return acts
    if attendee.state is AttendeeState.CONFIRMED and may(Permission.SCAN, edition_id):
        acts.append((_("Check in"), url_for("organizer_desk.check_in", code=attendee.code)))
    if attendee.state in HOLDING_STATES:
        acts.append((_("Correct e-mail address"), url_for("organizer_desk.correct_address", code=attendee.code)))
        acts.append((_("Change ticket"), url_for("organizer_desk.exchange_ticket", code=attendee.code)))
    return acts


def _filter() -> AttendeeFilter:
    args = request.args
    state = args.get("state", "")
    return AttendeeFilter(
        q=args.get("q", "").strip()[:100],
        ticket_type=args.get("ticket_type") or None,
        state=AttendeeState(state) if state in {each.value for each in AttendeeState} else None,
        country=args.get("country") or None,
        is_paid=False if args.get("unpaid") else None,
    )


def _query(wanted: AttendeeFilter) -> dict[str, str]:
    """Return the filter as it stands in the address."""
    values = {
        "q": wanted.q,
        "ticket_type": wanted.ticket_type,
        "state": wanted.state.value if wanted.state else None,
        "country": wanted.country,
        "unpaid": "1" if wanted.is_paid is False else None,
    }
    return {name: value for name, value in values.items() if value}


def _act_words(act: Act) -> str:
    words = str(ACTS.get(act.action, act.action))
    changed = act.details.get("changed")
    if isinstance(changed, list):
        return f"{words}: {', '.join(str(FIELDS.get(name, name)) for name in changed)}"
    return words


def _actor_words(act: Act, names: dict[tuple[str, int], str]) -> str:
    if act.actor_kind == "system":
        return _("Automatically")
    if act.actor_id is None:
        return _("A visitor")
    return names.get((act.actor_kind, act.actor_id), _("Somebody who is gone"))
