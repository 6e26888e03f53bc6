"""The door: a single page for the steward's phone, and the routes that it calls."""

from typing import Any
from urllib.parse import urlsplit

from flask import Response, jsonify, render_template, request, send_from_directory
from flask_babel import gettext, pgettext
from flask_wtf.csrf import generate_csrf

from expo.checkin.queries.checkpoints import CheckpointRow, list_checkpoints
from expo.checkin.rules import MAX_FORCE_NOTE, Direction, ForceReason
from expo.checkin.services.scans import scan
from expo.infra.clock import utcnow
from expo.web.door.answers import describe_scan, read_request
from expo.web.door.codes import describe_code
from expo.web.kit.access import Audience, audience_blueprint, current_actor, current_edition
from expo.web.kit.language import current_language, localized, path_in_language
from expo.web.kit.pages import STATIC, asset
from expo.web.kit.scan_labels import FORCE_REASONS

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
        data=_page_data(chosen, direction),
        force_reasons=FORCE_REASONS,
        other_reason=ForceReason.OTHER,
        max_note=MAX_FORCE_NOTE,
    )


@blueprint.get("/worker.js")
def send_worker() -> Response:
    """Serve the decoder's worker script. A worker has its own CSP, and this one must be allowed to compile code."""
    return send_from_directory(STATIC / "js" / "door", "worker.js", mimetype="text/javascript", max_age=0)


@blueprint.post("/scans")
def post_scan() -> Response:
    """Process one scan by the signed-in steward and return what to show."""
    request.max_content_length = MAX_BODY
    edition, actor, now = current_edition(), current_actor(), utcnow()
    wanted = read_request(request.get_json(silent=True), now)
    return jsonify(describe_scan(scan(actor, edition.id, wanted, now), wanted.direction, actor, edition.id))


@blueprint.get("/code")
def look_up_code() -> Response:
    """Return what to show for a short code typed from a badge."""
    return jsonify(describe_code(request.args.get("code", ""), current_actor(), current_edition()))


@blueprint.get("/token")
def renew_token() -> Response:
    """Return a fresh CSRF token, for a page that stayed open all day."""
    return jsonify(csrf_token=generate_csrf())


def _page_data(checkpoint: CheckpointRow, direction: Direction) -> dict[str, Any]:
    """Return what the page's script needs: URLs, settings and all texts it may show."""
    edition = current_edition()
    # Responses stay in this page's language, even if another one is chosen in another tab.
    here = urlsplit(path_in_language(current_language().code)).path
    return {
        "checkpoint": checkpoint.code,
        "checkpoint_name": localized(checkpoint.name),
        "direction": direction.value,
        "language": current_language().locale.replace("_", "-"),
        "time_zone": edition.time_zone,
        "starts_on": edition.starts_on.isoformat(),
        "ends_on": edition.ends_on.isoformat(),
        "scans_url": f"{here}scans",
        "code_url": f"{here}code",
        "token_url": f"{here}token",
        "worker_url": "/door/worker.js",
        "decoder_url": asset("vendor/zxing-wasm-3.1.4/reader.js"),
        "wasm_url": asset("vendor/zxing-wasm-3.1.4/zxing_reader.wasm"),
        "texts": {
            "online": gettext("Online"),
            "offline": gettext("Offline"),
            "busy": gettext("Server busy"),
            "busy_advice": gettext("The server is busy, so nobody can be checked in yet. Retrying in {time}…"),
            "waiting": pgettext("badges at the door", "%(count)s waiting", count="{count}"),
            "not_checked": gettext("Not checked"),
            "not_checked_advice": gettext("You are offline, so nobody can be checked in yet. Retrying…"),
            "checking": gettext("Checking…"),
            "signed_out": gettext("Signed out"),
            "signed_out_advice": gettext(
                "You are signed out or do not have permission to scan here. Reload this page."
            ),
            "failed": gettext("Not checked"),
            "failed_advice": gettext("The server could not check this badge. Scan it again, or call the team leader."),
            "queued": gettext("Queued. This badge is checked next."),
            "camera_refused": gettext(
                "The browser is blocking the camera. Allow camera access in your browser settings, or use a handheld "
                "scanner."
            ),
            "camera_missing": gettext("No camera found. Use a handheld scanner, or enter the code."),
            "camera_starting": gettext("Starting the camera…"),
            "ready": gettext("Ready to scan"),
        },
    }
