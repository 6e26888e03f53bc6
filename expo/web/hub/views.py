"""What a hub knows: whether its centre is there, what waits to be sent, and the devices of the hall.

There are no accounts at a hub, so these pages answer only on the computer itself.
"""

from ipaddress import ip_address

from flask import current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.accounts.rules import SYSTEM
from expo.checkin.queries.devices import get_device, list_devices
from expo.checkin.queries.hubs import HubRow, count_problems, count_unsent, find_hub
from expo.checkin.services.devices import create_enrolment_codes
from expo.documents.text_qr import text_qr_svg
from expo.errors import Missing
from expo.infra.clock import utcnow
from expo.web.kit.access import Audience, audience_blueprint, current_edition
from expo.web.kit.device_labels import state_words
from expo.web.kit.hub_mode import HUB_MODE

blueprint = audience_blueprint("hub", __name__, Audience.EVERYONE, url_prefix="/hub")


@blueprint.before_request
def require_local_request() -> None:
    """Answer only a hub's own computer."""
    if not current_app.config.get(HUB_MODE) or not ip_address(request.remote_addr or "0.0.0.0").is_loopback:  # noqa: S104
        raise Missing("page_missing")


@blueprint.get("", strict_slashes=False)
def show_status() -> str:
    """Show the status; the page reloads it every few seconds."""
    hub, now, words = _hub(), utcnow(), state_words()
    devices = [each for each in list_devices(current_edition().id) if each.revoked_at is None]
    template = "hub/_status.html" if request.headers.get("HX-Request") else "hub/status.html"
    return render_template(
        template,
        hub=hub,
        unsent=count_unsent(),
        problems=count_problems(),
        devices=[(each, words[each.state_at(now)]) for each in devices],
    )


@blueprint.post("/devices/<int:device_id>/code")
def show_code(device_id: int) -> str | Response:
    """Show a code with which a device gets access to this hub; its access to the centre stays as it is."""
    hub, edition = _hub(), current_edition()
    device = get_device(edition.id, device_id)
    code = create_enrolment_codes(SYSTEM, edition.id, [device_id], utcnow())[device_id]
    link = f"{hub.address}/door/enrol#{code}"
    return render_template(
        "hub/code.html", device=device, link=link, picture=text_qr_svg(link, _("Code for %(name)s", name=device.name))
    )


@blueprint.get("/devices/<int:device_id>/code")
def leave_code(device_id: int) -> Response:  # noqa: ARG001
    """Return to the status: a code is shown once."""
    return redirect(url_for("hub.show_status"))


def _hub() -> HubRow:
    hub = find_hub()
    if hub is None:
        raise Missing("page_missing")
    return hub
