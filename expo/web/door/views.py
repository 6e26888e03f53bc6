"""The door for a signed-in steward: the checkpoints, the scanner, and the routes that it calls in a session."""

from typing import Any

from flask import Response, jsonify, render_template, request
from flask_wtf.csrf import generate_csrf

from expo.checkin.queries.checkpoints import list_checkpoints
from expo.checkin.rules import MAX_FORCE_NOTE, Direction, ForceReason
from expo.checkin.services.scans import scan_together
from expo.infra.clock import utcnow
from expo.web.door.answers import describe_scan, read_request
from expo.web.door.codes import describe_code
from expo.web.door.page_data import describe_page, describe_session
from expo.web.kit.access import Audience, audience_blueprint, current_actor, current_edition
from expo.web.kit.scan_labels import FORCE_REASONS
from expo.web.kit.sessions import current_session

MAX_BODY = 64 * 1024

blueprint = audience_blueprint("door", __name__, Audience.STEWARDS, url_prefix="/door")


@blueprint.get("/")
def show() -> str:
    """Show the checkpoints to choose from, or the scanner of the chosen one."""
    checkpoints = list_checkpoints(current_edition().id)
    chosen = next((each for each in checkpoints if each.code == request.args.get("checkpoint")), None)
    direction = Direction.EXIT if request.args.get("direction") == Direction.EXIT.value else Direction.ENTRY
    if chosen is None:
        return render_template("door/choose.html", checkpoints=checkpoints, direction=direction.value)
    return render_template(
        "door/scan.html",
        checkpoint=chosen,
        direction=direction.value,
        data=describe_page(current_edition(), chosen, direction, _session()),
        force_reasons=FORCE_REASONS,
        other_reason=ForceReason.OTHER,
        max_note=MAX_FORCE_NOTE,
    )


@blueprint.post("/scans")
def post_scan() -> Response:
    """Process one scan by the signed-in steward and return what to show."""
    request.max_content_length = MAX_BODY
    edition, actor, now = current_edition(), current_actor(), utcnow()
    wanted = read_request(request.get_json(silent=True), now)
    answer = scan_together(actor, edition.id, wanted, now)
    return jsonify(describe_scan(answer, wanted, actor, edition))


@blueprint.get("/code")
def look_up_code() -> Response:
    """Return what to show for a short code typed from a badge."""
    return jsonify(describe_code(request.args.get("code", ""), current_actor(), current_edition()))


@blueprint.get("/token")
def renew_token() -> Response:
    """Return a fresh CSRF token, for a page that stayed open all day."""
    return jsonify(csrf_token=generate_csrf())


@blueprint.get("/session")
def show_session() -> Response:
    """Return what the scanner may do in this session, for its page that was stored without one."""
    return jsonify(_session())


def _session() -> dict[str, Any]:
    found = current_session()
    return describe_session(
        current_actor(), current_edition(), generate_csrf(), found.expires_at if found is not None else None
    )
