"""Setting up a second factor: passkeys, an authenticator app, recovery codes."""

from flask import Response as Answer, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.accounts.queries import get_second_factors
from expo.accounts.services.passkeys import add_passkey, begin_adding_passkey, remove_passkey
from expo.accounts.services.second_factors import (
    begin_authenticator,
    create_recovery_codes,
    enable_authenticator,
    get_pending_authenticator,
    remove_authenticator,
)
from expo.documents.text_qr import text_qr_svg
from expo.errors import Refused
from expo.infra.addresses import relying_party
from expo.infra.clock import utcnow
from expo.web.account.devices import name_device
from expo.web.account.forms import AuthenticatorForm
from expo.web.account.sessions import own_session
from expo.web.kit.access import Audience, audience_blueprint, current_actor
from expo.web.kit.errors import message_of
from expo.web.kit.second_factors import read_credential, respond_json

blueprint = audience_blueprint("account_second_factors", __name__, Audience.CONFIRMED, url_prefix="/account")


@blueprint.post("/authenticator/begin")
def start_authenticator() -> Response:
    """Create a secret for an authenticator app and redirect to the page that shows it."""
    begin_authenticator(current_actor(), utcnow())
    return redirect(url_for("account_second_factors.set_up_authenticator"))


@blueprint.route("/authenticator", methods=["GET", "POST"])
def set_up_authenticator() -> str | Response | tuple[str, int]:
    """Show the secret, and enable the app once its first code is entered."""
    actor, person = current_actor(), own_session().person
    begun = get_pending_authenticator(actor, person.email, relying_party()[0])
    if begun is None:
        return redirect(url_for("account.show"))
    form = AuthenticatorForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            enable_authenticator(actor, (form.code.data or "").strip(), utcnow())
        except Refused as error:
            form.code.errors = [message_of(error)]
        else:
            return _after_adding()
    code = text_qr_svg(begun.uri, _("QR code for the authenticator app"))
    return render_template("account/authenticator.html", form=form, begun=begun, code=code), status


@blueprint.post("/authenticator/remove")
def stop_authenticator() -> Response:
    """Disable the authenticator app."""
    remove_authenticator(current_actor(), utcnow())
    flash(_("Authenticator app removed."), "success")
    return redirect(url_for("account.show"))


@blueprint.post("/recovery-codes")
def renew_recovery_codes() -> str:
    """Create new recovery codes and show them once."""
    return render_template("account/recovery_codes.html", codes=create_recovery_codes(current_actor(), utcnow()))


@blueprint.post("/passkeys/options")
def passkey_options() -> tuple[Answer, int]:
    """Return the options with which the browser creates a passkey."""
    person = own_session().person
    return respond_json(
        lambda: begin_adding_passkey(current_actor(), person.email, person.name, relying_party()[0], utcnow())
    )


@blueprint.post("/passkeys")
def store_passkey() -> tuple[Answer, int]:
    """Store the passkey that the browser created, named after the device."""

    def store() -> dict[str, str]:
        add_passkey(current_actor(), name_device(request.user_agent.string), read_credential(), utcnow())
        flash(_("Passkey added."), "success")
        return {"location": url_for("account.show")}

    return respond_json(store)


@blueprint.post("/passkeys/<int:passkey_id>/remove")
def drop_passkey(passkey_id: int) -> Response:
    """Remove a passkey."""
    remove_passkey(current_actor(), passkey_id, utcnow())
    flash(_("Passkey removed."), "success")
    return redirect(url_for("account.show"))


def _after_adding() -> Response | str:
    """Show recovery codes to people who have none yet."""
    flash(_("Authenticator app set up."), "success")
    if get_second_factors(own_session().person.id).recovery_codes_left:
        return redirect(url_for("account.show"))
    return renew_recovery_codes()
