"""Pages to sign in, to sign out, and to choose a password."""

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.accounts.rules import fold_email
from expo.accounts.services import set_password, sign_in_with_link, sign_in_with_password
from expo.errors import Invalid, Refused
from expo.flows.signing_in import SIGN_IN_LINK_SECONDS, send_sign_in_link
from expo.infra.clock import utcnow
from expo.infra.limits import count_against
from expo.infra.signing import read_text
from expo.web.kit.access import (
    Audience,
    audience_blueprint,
    current_actor,
    current_person_id,
    current_viewer,
    safe_path,
    sign_in_person,
    sign_out_person,
)
from expo.web.kit.errors import sentence_of
from expo.web.kit.language import current_language
from expo.web.sign_in.forms import PasswordForm, SignInForm, UseLinkForm

blueprint = audience_blueprint("sign_in", __name__, Audience.EVERYONE)
account_blueprint = audience_blueprint("account", __name__, Audience.SIGNED_IN, url_prefix="/account")


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> str | Response | tuple[str, int]:
    """Ask who is there; sign in with a password, or mail a link."""
    form = SignInForm(next=request.args.get("next", ""))
    if not form.validate_on_submit():
        return render_template("sign_in/sign_in.html", form=form), 422 if form.errors else 200
    email = fold_email(form.email.data or "")
    count_against("20/hour", "sign-in", email)
    count_against("60/hour", "sign-in-address", request.remote_addr or "")
    if form.password.data:
        try:
            person = sign_in_with_password(email, form.password.data, utcnow())
        except Refused as error:
            form.password.errors = [sentence_of(error)]
            return render_template("sign_in/sign_in.html", form=form), 422
        sign_in_person(person, by_link=False)
        return redirect(safe_path(form.next.data) or _home_of_viewer())
    session["next"] = safe_path(form.next.data)
    send_sign_in_link(email, current_language().code, utcnow())
    return redirect(url_for("sign_in.link_sent"))


@blueprint.get("/sign-in/sent")
def link_sent() -> str:
    """Say that a link is on its way, without saying whether there is such an account."""
    keeps_letters = not current_app.config["SETTINGS"].mail_url
    return render_template("sign_in/link_sent.html", keeps_letters=keeps_letters)


@blueprint.route("/sign-in/<text>", methods=["GET", "POST"])
def use_link(text: str) -> str | Response:
    """Sign in with a mailed link, when its button is pressed."""
    person_id, sign_in_count = read_text("sign-in", text, SIGN_IN_LINK_SECONDS)
    form = UseLinkForm()
    if not form.validate_on_submit():
        return render_template("sign_in/use_link.html", form=form)
    wanted = session.get("next")
    person = sign_in_with_link(person_id, sign_in_count, utcnow())
    sign_in_person(person, by_link=False)
    return redirect(safe_path(wanted) or _home_of_viewer())


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """End the session."""
    sign_out_person()
    flash(_("You are signed out."), "success")
    return redirect(url_for("public.home"))


@account_blueprint.route("/password", methods=["GET", "POST"])
def choose_password() -> str | Response | tuple[str, int]:
    """Choose a password, so that signing in needs no letter."""
    form = PasswordForm()
    if not form.validate_on_submit():
        return render_template("sign_in/password.html", form=form), 422 if form.errors else 200
    try:
        set_password(current_actor(), current_person_id(), form.password.data or "", utcnow())
    except Invalid as error:
        form.password.errors = [sentence_of(error)]
        return render_template("sign_in/password.html", form=form), 422
    flash(_("Your password is saved."), "success")
    return redirect(_home_of_viewer())


def _home_of_viewer() -> str:
    viewer = current_viewer()
    if viewer.is_staff:
        return url_for("organizer.today")
    return url_for("door.show") if viewer.is_steward else url_for("attendee.me")
