"""The kiosk's pages: the lock, the start, and the answer."""

from http import HTTPStatus

from flask import make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.badges.queries import get_desk_settings
from expo.badges.services import is_kiosk_pin
from expo.errors import TooMany
from expo.flows.kiosk import KioskAnswer, print_badge_by_code, print_badge_by_name
from expo.infra.clock import utcnow
from expo.infra.limits import count_against
from expo.web.kiosk.forms import CodeForm, PersonForm, PinForm
from expo.web.kiosk.languages import (
    choose_kiosk_language,
    is_language_chosen,
    list_kiosk_languages,
    reset_kiosk_language,
    use_chosen_language,
)
from expo.web.kiosk.lock import confine, is_unlocked, kiosk_actor, kiosk_language, kiosk_station, lock, unlock
from expo.web.kit.access import Audience, audience_blueprint, current_edition
from expo.web.kit.questions import AnswerForm
from expo.web.kit.sessions import network_of_request

# Open to everyone, because nobody is signed in at a kiosk: the PIN is the lock.
blueprint = audience_blueprint("kiosk", __name__, Audience.EVERYONE, url_prefix="/kiosk")
blueprint.before_app_request(confine)

PIN_ATTEMPTS = "10/15 minutes"
# More than people can type at one device.
ATTEMPTS = "12/minute"
ATTEMPTS_PER_ADDRESS = "5/hour"
_ANSWER = "kiosk_answer"
# The pages for staff are in the kiosk's own language.
_FOR_STAFF = frozenset({"kiosk.open_lock", "kiosk.leave"})


@blueprint.before_request
def _use_language() -> None:
    """Use the language of the person at the kiosk."""
    if is_unlocked() and request.endpoint not in _FOR_STAFF:
        use_chosen_language(kiosk_language())


@blueprint.context_processor
def _add_languages() -> dict[str, object]:
    """Return the languages to choose from, and whether the kiosk has to return to its own."""
    return {
        "kiosk_languages": list_kiosk_languages() if is_unlocked() else [],
        "is_language_chosen": is_language_chosen(),
    }


@blueprint.get("", strict_slashes=False)
def show() -> str:
    """Show the start, the answer to what was just entered, or the lock."""
    if not is_unlocked():
        return _show_lock(PinForm(), "kiosk/unlock.html")
    answer = session.pop(_ANSWER, None)
    if answer in set(KioskAnswer):
        return render_template("kiosk/answer.html", answer=answer, station=kiosk_station(), form=AnswerForm())
    return _show_start(CodeForm(), PersonForm())


@blueprint.get("/language/<code>")
def choose_language(code: str) -> Response:
    """Show the kiosk in another language, until it clears itself."""
    if is_unlocked():
        choose_kiosk_language(code)
    return redirect(url_for("kiosk.show"))


@blueprint.get("/restart")
def restart() -> Response:
    """Begin again for the next person, in the kiosk's own language."""
    reset_kiosk_language()
    session.pop(_ANSWER, None)
    return redirect(url_for("kiosk.show"))


@blueprint.post("/unlock")
def open_lock() -> str | Response | tuple[str, int]:
    """Turn this browser into a kiosk."""
    edition = current_edition()
    form = PinForm()
    form.offer(get_desk_settings(edition.id).stations)
    if form.validate_on_submit() and _has_pin(form, edition.id):
        unlock(edition.id, form.station.data or "")
        return redirect(url_for("kiosk.show"))
    return _show_lock(form, "kiosk/unlock.html"), 422


@blueprint.route("/leave", methods=["GET", "POST"])
def leave() -> str | Response | tuple[str, int]:
    """Ask for the PIN, then turn the kiosk into an ordinary browser again."""
    form = PinForm()
    if form.is_submitted() and form.validate() and _has_pin(form, current_edition().id):
        lock()
        return redirect(url_for("kiosk.show"))
    return _show_lock(form, "kiosk/leave.html"), 422 if form.errors else 200


@blueprint.post("/code")
def print_by_code() -> str | Response | tuple[str, int]:
    """Print the badge of the code scanned."""
    if not is_unlocked():
        return redirect(url_for("kiosk.show"))
    form = CodeForm()
    if not form.validate_on_submit():
        return redirect(url_for("kiosk.show"))
    edition = current_edition()
    try:
        count_against(ATTEMPTS, "kiosk", network_of_request())
    except TooMany as error:
        return _show_limit(error)
    return _tell(
        print_badge_by_code(
            kiosk_actor(edition.id), edition.id, (form.code.data or "").strip(), utcnow(), station=kiosk_station()
        )
    )


@blueprint.post("/person")
def print_by_name() -> str | Response | tuple[str, int]:
    """Print the badge of the person with this name and address."""
    if not is_unlocked():
        return redirect(url_for("kiosk.show"))
    form = PersonForm()
    if not form.validate_on_submit():
        return _show_start(CodeForm(formdata=None), form), 422
    edition, email = current_edition(), (form.email.data or "").strip()
    try:
        count_against(ATTEMPTS, "kiosk", network_of_request())
        count_against(ATTEMPTS_PER_ADDRESS, "kiosk-address", str(edition.id), email.lower())
    except TooMany as error:
        return _show_limit(error)
    answer = print_badge_by_name(
        kiosk_actor(edition.id), edition.id, form.name.data or "", email, utcnow(), station=kiosk_station()
    )
    return _tell(answer)


def _tell(answer: KioskAnswer) -> Response:
    """Show the answer on a page of its own, which is gone after reloading."""
    session[_ANSWER] = answer.value
    return redirect(url_for("kiosk.show"))


def _show_limit(error: TooMany) -> Response:
    """Ask to wait; the page clears itself like every other."""
    response = make_response(
        render_template("kiosk/answer.html", answer="wait", station=""), HTTPStatus.TOO_MANY_REQUESTS
    )
    response.headers["Retry-After"] = str(error.params["retry_after"])
    return response


def _has_pin(form: PinForm, edition_id: int) -> bool:
    """Check the PIN, and say at its field if it is wrong."""
    count_against(PIN_ATTEMPTS, "kiosk-pin", network_of_request())
    is_right = is_kiosk_pin(edition_id, form.pin.data or "")
    if not is_right:
        form.pin.errors = [_("This PIN is wrong. Ask an organizer.")]
    return is_right


def _show_lock(form: PinForm, template: str) -> str:
    settings = get_desk_settings(current_edition().id)
    form.offer(settings.stations)
    return render_template(template, form=form, has_pin=settings.pin_changed_at is not None, stations=settings.stations)


def _show_start(code: CodeForm, person: PersonForm) -> str:
    return render_template("kiosk/start.html", code=code, person=person)
