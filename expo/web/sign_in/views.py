"""The sign-in and sign-out pages."""

from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.accounts.rules import Level, SignInWay, fold_email
from expo.accounts.services import sign_in_with_password
from expo.accounts.services.attempts import check_password_attempts, count_link_request, count_wrong_password
from expo.errors import Refused, TooMany
from expo.flows.sign_in import send_sign_in_link
from expo.infra.clock import utcnow
from expo.mail.services import has_mail_server
from expo.web.kit.access import Audience, audience_blueprint, current_viewer, landing_page, safe_path
from expo.web.kit.errors import message_of, status_of
from expo.web.kit.language import current_language
from expo.web.kit.sessions import begin_session, end_current_session, network_of_request
from expo.web.sign_in.forms import SignInForm

blueprint = audience_blueprint("sign_in", __name__, Audience.EVERYONE)


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> str | Response | tuple[str, int]:
    """Sign in with a password, or mail a link."""
    form = SignInForm(next=request.args.get("next", ""))
    if not form.validate_on_submit():
        return _show(form, 422 if form.errors else 200)
    email, network = fold_email(form.email.data or ""), network_of_request()
    session["next"] = safe_path(form.next.data)
    if form.password.data:
        return _try_password(form, email, form.password.data, network)
    try:
        count_link_request(email, network)
    except TooMany as error:
        form.email.errors = [message_of(error)]
        return _show(form, status_of(error))
    send_sign_in_link(email, current_language().code, utcnow())
    return redirect(url_for("sign_in.link_sent"))


@blueprint.get("/sign-in/sent")
def link_sent() -> str:
    """Confirm that a link was sent, without revealing whether the account exists."""
    return render_template("sign_in/link_sent.html", stores_emails=not has_mail_server())


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """End the session."""
    end_current_session()
    flash(_("You have signed out."), "success")
    return redirect(url_for("public.home"))


def _try_password(form: SignInForm, email: str, password: str, network: str) -> Response | tuple[str, int]:
    try:
        check_password_attempts(email, network)
        person = sign_in_with_password(email, password)
    except TooMany as error:
        form.password.errors = [message_of(error)]
        return _show(form, status_of(error))
    except Refused as error:
        count_wrong_password(email, network)
        form.password.errors = [message_of(error)]
        return _show(form, 422)
    if person.has_second_factor:
        begin_session(person.id, Level.HALF, SignInWay.PASSWORD)
        return redirect(url_for("sign_in_second_step.ask"))
    begin_session(person.id, Level.SIGNED_IN, SignInWay.PASSWORD)
    return redirect(safe_path(session.pop("next", None)) or landing_page())


def _show(form: SignInForm, status: int) -> tuple[str, int]:
    return render_template("sign_in/sign_in.html", form=form, signed_in=current_viewer()), status
