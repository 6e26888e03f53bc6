"""Setting and changing a password."""

from flask import flash, redirect, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.accounts.services import set_password
from expo.accounts.services.attempts import check_password_attempts, count_wrong_password
from expo.errors import Invalid, Refused, TooMany
from expo.infra.clock import utcnow
from expo.web.account.forms import PasswordForm
from expo.web.account.sessions import own_session
from expo.web.kit.access import Audience, audience_blueprint, current_actor, landing_page
from expo.web.kit.errors import message_of, status_of
from expo.web.kit.sessions import network_of_request

blueprint = audience_blueprint("account_password", __name__, Audience.CONFIRMED, url_prefix="/account/password")


@blueprint.route("", methods=["GET", "POST"], strict_slashes=False)
def change() -> str | Response | tuple[str, int]:
    """Change the password, given the current one or a recently used mailed link."""
    actor, person = current_actor(), own_session().person
    form = PasswordForm()
    if actor.has_proved_address:
        del form.old_password
    elif not person.has_password:
        return render_template("account/prove_address.html", person=person)
    if not form.validate_on_submit():
        return _show(form, 422 if form.errors else 200)
    old = form.old_password.data if form.old_password else None
    try:
        if form.old_password:
            check_password_attempts(person.email, network_of_request())
        set_password(actor, person.id, form.password.data or "", utcnow(), old_password=old)
    except Invalid as error:
        form.password.errors = [message_of(error)]
        return _show(form, 422)
    except (Refused, TooMany) as error:
        if isinstance(error, Refused):
            count_wrong_password(person.email, network_of_request())
        form.old_password.errors = [message_of(error)]
        return _show(form, 422 if isinstance(error, Refused) else status_of(error))
    flash(
        _(
            "Password saved. You have been signed out on your other devices, and links in earlier e-mails no "
            "longer work."
        ),
        "success",
    )
    return redirect(landing_page())


def _show(form: PasswordForm, status: int) -> tuple[str, int]:
    return render_template("account/password.html", form=form), status
