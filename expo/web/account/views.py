"""The account page: how the account is protected, and where it is signed in."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.accounts.queries import get_second_factors, list_sessions
from expo.accounts.rules import Level
from expo.accounts.services.sessions import end_own_session, sign_out_everywhere
from expo.infra.addresses import can_have_passkeys
from expo.infra.clock import utcnow
from expo.web.account.devices import name_device
from expo.web.kit.access import Audience, audience_blueprint, current_actor, current_person_id
from expo.web.kit.sessions import current_session, end_current_session

blueprint = audience_blueprint("account", __name__, Audience.SIGNED_IN, url_prefix="/account")


@blueprint.get("", strict_slashes=False)
def show() -> str:
    """Show the password, second factors and sessions."""
    found = current_session()
    sessions = list_sessions(current_person_id(), utcnow())
    return render_template(
        "account/account.html",
        person=found.person if found else None,
        factors=get_second_factors(current_person_id()),
        can_have_passkeys=can_have_passkeys(),
        sessions=[(each, name_device(each.user_agent)) for each in sessions],
        own_session=found.id if found else None,
        is_confirmed=current_actor().level >= Level.CONFIRMED,
        withheld=current_actor().withheld_roles,
    )


@blueprint.post("/sessions/<int:session_id>/end")
def end_session(session_id: int) -> Response:
    """Sign out one device."""
    actor = current_actor()
    if session_id == actor.session_id:
        end_current_session()
        flash(_("You have signed out."), "success")
        return redirect(url_for("public.home"))
    end_own_session(actor, session_id, utcnow())
    flash(_("Device signed out."), "success")
    return redirect(url_for("account.show"))


@blueprint.post("/sign-out-everywhere")
def end_all_sessions() -> Response:
    """Sign out every device and revoke every mailed link."""
    sign_out_everywhere(current_actor(), utcnow())
    end_current_session()
    flash(_("You have been signed out on all devices. Links in earlier e-mails no longer work."), "success")
    return redirect(url_for("public.home"))
