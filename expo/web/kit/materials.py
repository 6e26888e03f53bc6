"""The files of a session: what an uploaded form says, checked and handed to the act."""

from collections.abc import Callable
from typing import IO

from flask import current_app, flash, request
from flask_babel import gettext as _

from expo.errors import Conflict, Invalid
from expo.formats.documents import MATERIALS, check_material
from expo.web.kit.errors import message_of, message_of_code

FIELD = "file"
# For the file chooser of the browser.
ACCEPT = ",".join(sorted(f".{ending}" for ending in MATERIALS))


def max_megabytes() -> int:
    """Return how large a file can be."""
    megabytes: int = current_app.config["SETTINGS"].max_slides_mb
    return megabytes


def store_uploaded(store: Callable[[IO[bytes], str, str], None]) -> None:
    """Check the uploaded file, pass its content, name and media type to `store`, and say what came of it."""
    uploaded = request.files.get(FIELD)
    if uploaded is None or not uploaded.filename:
        flash(_("Choose a file."), "danger")
        return
    with uploaded.stream as content:
        if content.seek(0, 2) > max_megabytes() * 1024 * 1024:
            flash(message_of_code("file_too_large", {"megabytes": max_megabytes()}), "danger")
            return
        try:
            media_type = check_material(content, uploaded.filename)
            store(content, uploaded.filename, media_type)
        except (Conflict, Invalid) as error:
            flash(message_of(error), "danger")
        else:
            flash(_("%(name)s has been uploaded.", name=uploaded.filename), "success")
