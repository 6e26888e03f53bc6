"""Slides of accepted proposals: upload and delete. What a file is, its content says."""

from flask import current_app, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.errors import Conflict, Invalid
from expo.formats.documents import check_slides
from expo.infra.clock import utcnow
from expo.infra.config import Settings
from expo.proposals.services import FilePurpose, add_file, remove_slides
from expo.web.kit.access import Audience, audience_blueprint, current_actor, current_edition
from expo.web.kit.errors import message_of, message_of_code

blueprint = audience_blueprint(
    "speaker_slides", __name__, Audience.SIGNED_IN, url_prefix="/speaker/proposals/<code>/slides"
)


@blueprint.post("")
def upload(code: str) -> Response:
    """Store slides."""
    uploaded = request.files.get("slides")
    settings: Settings = current_app.config["SETTINGS"]
    if uploaded is None or not uploaded.filename:
        flash(_("Choose a file."), "danger")
        return _back(code)
    with uploaded.stream as content:
        if content.seek(0, 2) > settings.max_slides_mb * 1024 * 1024:
            flash(message_of_code("file_too_large", {"megabytes": settings.max_slides_mb}), "danger")
            return _back(code)
        try:
            media_type = check_slides(content, uploaded.filename)
            add_file(
                current_actor(), current_edition().id, code, FilePurpose.SLIDES, content, uploaded.filename, media_type,
                utcnow(),
            )  # fmt: skip
        except (Conflict, Invalid) as error:
            flash(message_of(error), "danger")
        else:
            flash(_("%(name)s has been uploaded.", name=uploaded.filename), "success")
    return _back(code)


@blueprint.post("/<key>/delete")
def delete(code: str, key: str) -> Response:
    """Delete slides."""
    remove_slides(current_actor(), current_edition().id, code, key, utcnow())
    flash(_("The file has been deleted."), "success")
    return _back(code)


def _back(code: str) -> Response:
    return redirect(url_for("speaker_proposals.show", code=code, _anchor="slides"))
