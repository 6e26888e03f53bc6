"""The files of a session: what an uploaded form says, checked and handed to the act."""

from collections.abc import Callable
from typing import IO, NamedTuple

from flask import current_app, flash, request
from flask_babel import gettext as _

from expo.errors import Conflict, Invalid
from expo.formats.documents import MATERIALS, check_material
from expo.web.kit.errors import message_of, message_of_code
from expo.web.kit.uploads import is_larger

FIELD = "file"
# For the file chooser of the browser.
ACCEPT = ",".join(sorted(f".{ending}" for ending in MATERIALS))


def max_megabytes() -> int:
    """Return how large a file can be."""
    megabytes: int = current_app.config["SETTINGS"].max_slides_mb
    return megabytes


class Refused(NamedTuple):
    """Why a new file was refused, and the title typed beside it."""

    reason: str
    title: str


def store_uploaded(store: Callable[[IO[bytes], str, str], None]) -> str:
    """Check the uploaded file, and pass its content, name and media type to `store`.

    Says that it has been uploaded, or returns why it was refused.
    """
    uploaded = request.files.get(FIELD)
    if uploaded is None or not uploaded.filename:
        return _("Choose a file.")
    if is_larger(uploaded, max_megabytes()):
        return message_of_code("file_too_large", {"megabytes": max_megabytes()})
    with uploaded.stream as content:
        try:
            media_type = check_material(content, uploaded.filename)
            store(content, uploaded.filename, media_type)
        except (Conflict, Invalid) as error:
            return message_of(error)
    flash(_("%(name)s has been uploaded.", name=uploaded.filename), "success")
    return ""
