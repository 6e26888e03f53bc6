"""Files uploaded with a form."""

from flask import Flask, make_response, render_template, request
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from expo.infra.config import Settings
from expo.infra.photos import MAX_BYTES
from expo.web.kit.errors import message_of_code

# Endpoints that accept files of up to `max_slides_mb`.
LARGE_UPLOADS = frozenset(
    {
        "speaker_slides.upload",
        "speaker_materials.upload",
        "speaker_materials.replace",
        "organizer_session_materials.upload",
        "organizer_session_materials.replace",
        # Several files, each of which is checked on its own.
        "exhibitor_applications.apply",
    }
)
# Endpoints of forms with a photo, which may be larger than other files.
PHOTO_UPLOADS = frozenset(
    {
        "speaker_profile.upload_photo",
        "organizer_speakers.add_speaker",
        "organizer_speakers.edit_speaker",
        "exhibitor_page.upload",
        "exhibitor_products.upload",
    }
)
# The form around the file; that of a speaker has biographies.
_SLACK = 64 * 1024
_PHOTO_SLACK = 1024 * 1024
_MEGABYTE = 1024 * 1024


def read_form_file(uploaded: FileStorage) -> bytes:
    """Return the uploaded bytes and close a large file's temporary file."""
    with uploaded.stream as stream:
        return stream.read()


def init_upload_limits(app: Flask) -> None:
    """Raise the size limit where large files or photos are welcome, and refuse larger ones by their declared length.

    Must be called before the check of form tokens, which reads the form.
    """
    settings: Settings = app.config["SETTINGS"]

    @app.before_request
    def set_limit() -> Response | None:
        if request.endpoint in LARGE_UPLOADS:
            megabytes, slack = settings.max_slides_mb, _SLACK
        elif request.endpoint in PHOTO_UPLOADS:
            megabytes, slack = MAX_BYTES // _MEGABYTE, _PHOTO_SLACK
        else:
            return None
        request.max_content_length = megabytes * _MEGABYTE + slack
        if (request.content_length or 0) <= request.max_content_length:
            return None
        sentence = message_of_code("file_too_large", {"megabytes": megabytes})
        return make_response(render_template("errors/413.html", sentence=sentence, path=request.path), 413)
