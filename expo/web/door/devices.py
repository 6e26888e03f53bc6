"""The browser of a signed-in steward as a device."""

from flask import Response, jsonify

from expo.checkin.services.devices import enrol_own_browser
from expo.infra.clock import utcnow
from expo.web.kit.access import Audience, audience_blueprint, current_actor, current_edition

blueprint = audience_blueprint("door_devices", __name__, Audience.STEWARDS, url_prefix="/door")


@blueprint.post("/device")
def enrol_browser() -> Response:
    """Make this browser a device and return its token, which the page stores. Repeating it replaces the token."""
    enrolled = enrol_own_browser(current_actor(), current_edition().id, utcnow())
    device = enrolled.device
    answer = jsonify(
        token=enrolled.token,
        device={
            "id": device.id,
            "name": device.name,
            "profile": device.profile.value,
            "checkpoints": list(device.checkpoints),
        },
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
