"""Files uploaded with a form.

The request with a file may be several times as large as the file: so one that is too large is refused at its field, and
what else was typed is kept. Only what is larger still is refused unread, with an error page. Werkzeug stores files of
more than half a megabyte on the disk while it reads the request.
"""

from typing import Any

from flask import Flask, abort, current_app, g, request
from flask_wtf.file import FileField as PlainFileField
from werkzeug.datastructures import FileStorage
from wtforms.validators import StopValidation

from expo.infra.config import Settings
from expo.infra.photos import MAX_BYTES
from expo.web.kit.errors import message_of_code

MEGABYTE = 1024 * 1024
# Files of slides and handouts: `max_slides_mb`.
_SLIDES = 0
_PHOTO = MAX_BYTES // MEGABYTE
# A document of a company, or a file that answers a question.
DOCUMENT_MB = 15
_TABLE = 16
# The most megabytes of one file, by the endpoint that receives its form.
LIMITS = {
    "speaker_slides.upload": _SLIDES,
    "speaker_materials.upload": _SLIDES,
    "speaker_materials.replace": _SLIDES,
    "organizer_session_materials.upload": _SLIDES,
    "organizer_session_materials.replace": _SLIDES,
    "speaker_profile.upload_photo": _PHOTO,
    "organizer_speakers.add_speaker": _PHOTO,
    "organizer_speakers.edit_speaker": _PHOTO,
    "exhibitor_page.upload": _PHOTO,
    "exhibitor_products.upload": _PHOTO,
    "organizer_floor_plan_settings.edit_background": _PHOTO,
    "exhibitor_documents.upload": DOCUMENT_MB,
    "organizer_topics.import_file": _TABLE,
    "organizer_program.import_file": _TABLE,
    "organizer_imports.upload": _TABLE,
    "organizer_exhibitors.import_file": _TABLE,
    # Questions may ask for several files.
    "exhibitor_applications.apply": DOCUMENT_MB,
    "speaker_proposals.begin": DOCUMENT_MB,
    "speaker_proposals.edit": DOCUMENT_MB,
}
# A request may be this many times as large as a file, and is read up to this many megabytes in any case.
_ROOM, _LEAST = 4, 64


class FileField(PlainFileField):  # type: ignore[misc]
    """A file of a form, which may be as large as `LIMITS` says."""

    def pre_validate(self, form: Any) -> None:
        """Refuse a file that is too large."""
        megabytes = file_megabytes(request.endpoint)
        if self.data and is_larger(self.data, megabytes):
            raise StopValidation(message_of_code("file_too_large", {"megabytes": megabytes}))
        super().pre_validate(form)


def is_larger(uploaded: FileStorage, megabytes: int) -> bool:
    """Return whether an uploaded file has more than so many megabytes, without reading it."""
    size = uploaded.stream.seek(0, 2)
    uploaded.stream.seek(0)
    return size > megabytes * MEGABYTE


def read_form_file(uploaded: FileStorage) -> bytes:
    """Return the uploaded bytes and close a large file's temporary file."""
    with uploaded.stream as stream:
        return stream.read()


def file_megabytes(endpoint: str | None) -> int:
    """Return how many megabytes a file may have that this endpoint receives."""
    settings: Settings = current_app.config["SETTINGS"]
    return LIMITS.get(endpoint or "", _TABLE) or settings.max_slides_mb


def file_limit(endpoint: str | None = None, megabytes: int | None = None) -> dict[str, str]:
    """Return the attributes of a file field by which the browser refuses a file that is too large before it is sent.

    `endpoint` receives the form, by default the page's own; `megabytes` is the limit of the field itself.
    """
    whole = file_megabytes(endpoint or request.endpoint)
    most = min(megabytes or whole, whole)
    sentence = message_of_code("file_too_large", {"megabytes": most})
    return {"data-max-bytes": str(most * MEGABYTE), "data-too-large": str(sentence)}


def init_upload_limits(app: Flask) -> None:
    """Raise the size limit of requests with a file, and refuse what is larger still by its declared length.

    Must be called before the check of form tokens, which reads the form.
    """
    app.add_template_global(file_limit)

    @app.before_request
    def set_limit() -> None:
        if request.endpoint not in LIMITS:
            return
        g.file_megabytes = megabytes = file_megabytes(request.endpoint)
        request.max_content_length = max(_ROOM * megabytes, _LEAST) * MEGABYTE
        if (request.content_length or 0) > request.max_content_length:
            abort(413)
