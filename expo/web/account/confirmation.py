"""The page that re-authenticates people before a sensitive action."""

from flask import Response as Answer, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from expo.accounts.queries import PersonFacts, get_second_factors
from expo.accounts.rules import SignInWay
from expo.accounts.services.attempts import check_password_attempts, count_link_request, count_wrong_password
from expo.accounts.services.passkeys import begin_passkey_check, check_passkey
from expo.accounts.services.passwords import is_password_of
from expo.accounts.services.sessions import confirm_session
from expo.errors import ExpoError, Refused, TooMany
from expo.flows.sign_in import send_sign_in_link
from expo.infra.clock import utcnow
from expo.web.account.forms import ConfirmPasswordForm
from expo.web.account.sessions import own_session
from expo.web.forms.verification_code import CodeForm
from expo.web.kit.access import Audience, audience_blueprint, safe_path
from expo.web.kit.errors import message_of, status_of
from expo.web.kit.language import current_language
from expo.web.kit.second_factors import read_credential, respond_json, try_code
from expo.web.kit.sessions import network_of_request

# Part of the account: anyone signed in may be asked to confirm.
blueprint = audience_blueprint("account_confirming", __name__, Audience.SIGNED_IN, url_prefix="/account/confirm")


@blueprint.get("", strict_slashes=False)
def confirm() -> str:
    """Ask for the second factor if there is one, otherwise for the password or a mailed link."""
    return _show(next_path=request.args.get("next"))


@blueprint.post("/password")
def use_password() -> Response | tuple[str, int]:
    """Confirm with the password; people with a second factor must use that instead."""
    form = ConfirmPasswordForm()
    found = own_session()
    if not form.validate_on_submit():
        return _show(password_form=form), 422
    try:
        _try_password(found.person, form.password.data or "")
    except (Refused, TooMany) as error:
        form.password.errors = [message_of(error)]
        return _show(password_form=form), _error_status(error)
    return _confirm_and_redirect(SignInWay.PASSWORD, form.next.data)


@blueprint.post("/code")
def use_code() -> Response | tuple[str, int]:
    """Confirm with a one-time code or a recovery code."""
    form = CodeForm()
    if not form.validate_on_submit():
        return _show(code_form=form), 422
    try:
        way = try_code(own_session().person.id, form.code.data or "")
    except (Refused, TooMany) as error:
        form.code.errors = [message_of(error)]
        return _show(code_form=form), _error_status(error)
    return _confirm_and_redirect(way, form.next.data)


@blueprint.post("/link")
def send_link() -> Response:
    """Mail a link that proves the address; it confirms people without a second factor."""
    person = own_session().person
    count_link_request(person.email, network_of_request())
    session["next"] = safe_path(request.form.get("next"))
    send_sign_in_link(person.email, current_language().code, utcnow())
    return redirect(url_for("sign_in.link_sent"))


@blueprint.post("/passkey/options")
def passkey_options() -> tuple[Answer, int]:
    """Return the options with which the browser asks for a passkey."""
    return respond_json(lambda: begin_passkey_check(own_session().person.id, own_session().id, utcnow()))


@blueprint.post("/passkey")
def use_passkey() -> tuple[Answer, int]:
    """Confirm with the passkey's response."""

    def use() -> dict[str, str]:
        found = own_session()
        check_passkey(found.person.id, found.id, read_credential(), utcnow())
        confirm_session(found.id, SignInWay.PASSKEY, utcnow(), has_second_factor=True)
        return {"location": safe_path(request.args.get("next")) or url_for("account.show")}

    return respond_json(use)


def _try_password(person: PersonFacts, password: str) -> None:
    if person.has_second_factor:
        raise Refused("second_factor_needed")
    check_password_attempts(person.email, network_of_request())
    if not is_password_of(person.id, password):
        count_wrong_password(person.email, network_of_request())
        raise Refused("password_wrong")


def _confirm_and_redirect(way: SignInWay, next_path: str | None) -> Response:
    found = own_session()
    confirm_session(found.id, way, utcnow(), has_second_factor=found.person.has_second_factor)
    return redirect(safe_path(next_path) or url_for("account.show"))


def _error_status(error: ExpoError) -> int:
    return 422 if isinstance(error, Refused) else status_of(error)


def _show(
    next_path: str | None = None, password_form: ConfirmPasswordForm | None = None, code_form: CodeForm | None = None
) -> str:
    person = own_session().person
    wanted = safe_path(next_path or request.form.get("next")) or ""
    return render_template(
        "account/confirm.html",
        person=person,
        factors=get_second_factors(person.id),
        password_form=password_form or ConfirmPasswordForm(formdata=None, next=wanted),
        code_form=code_form or CodeForm(formdata=None, next=wanted),
        wanted=wanted,
    )
