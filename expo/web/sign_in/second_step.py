"""The second step of sign-in: a passkey, a one-time code or a recovery code."""

from flask import Response as Answer, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from expo.accounts.queries import SessionFacts, get_second_factors
from expo.accounts.rules import Level, SignInWay
from expo.accounts.services.passkeys import begin_passkey_check, check_passkey
from expo.errors import Refused, TooMany
from expo.infra.clock import utcnow
from expo.web.forms.verification_code import CodeForm
from expo.web.kit.access import Audience, audience_blueprint, landing_page, safe_path
from expo.web.kit.errors import message_of, status_of
from expo.web.kit.second_factors import read_credential, respond_json, try_code
from expo.web.kit.sessions import current_session, finish_signing_in

blueprint = audience_blueprint("sign_in_second_step", __name__, Audience.EVERYONE, url_prefix="/sign-in/second-step")


@blueprint.route("", methods=["GET", "POST"], strict_slashes=False)
def ask() -> str | Response | tuple[str, int]:
    """Ask for the second factor after the first one was verified."""
    found = _half_session()
    if found is None:
        return redirect(url_for("sign_in.sign_in"))
    form = CodeForm()
    if not form.validate_on_submit():
        return _show(form, found, 422 if form.errors else 200)
    try:
        way = try_code(found.person.id, form.code.data or "")
    except (Refused, TooMany) as error:
        form.code.errors = [message_of(error)]
        return _show(form, found, 422 if isinstance(error, Refused) else status_of(error))
    finish_signing_in(found, way)
    return redirect(_goal())


@blueprint.post("/passkey/options")
def passkey_options() -> tuple[Answer, int]:
    """Return the options with which the browser asks for a passkey."""
    return respond_json(lambda: begin_passkey_check(_required().person.id, _required().id, utcnow()))


@blueprint.post("/passkey")
def use_passkey() -> tuple[Answer, int]:
    """Sign in with the passkey's response."""

    def sign_in() -> dict[str, str]:
        found = _required()
        check_passkey(found.person.id, found.id, read_credential(), utcnow())
        finish_signing_in(found, SignInWay.PASSKEY)
        return {"location": _goal()}

    return respond_json(sign_in)


def _half_session() -> SessionFacts | None:
    found = current_session()
    return found if found is not None and found.level is Level.HALF else None


def _required() -> SessionFacts:
    found = _half_session()
    if found is None:
        raise Refused("sign_in_too_slow")
    return found


def _goal() -> str:
    return safe_path(session.pop("next", None)) or landing_page()


def _show(form: CodeForm, found: SessionFacts, status: int) -> tuple[str, int]:
    factors = get_second_factors(found.person.id)
    return render_template("sign_in/second_step.html", form=form, person=found.person, factors=factors), status
