"""Files uploaded with a form."""

from flask import Flask, current_app, make_response, render_template, request
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


def file_limit(endpoint: str | None = None, megabytes: int | None = None) -> dict[str, str]:
    """Return the attributes of a file field by which the browser refuses a file that is too large.

    If it was sent, the answer would be an error page, and what else was typed into the form would be lost. `endpoint`
    receives the form, by default the page's own; `megabytes` is the limit of the field itself.
    """
    raised = _raised_limit(endpoint or request.endpoint)
    whole: int = current_app.config["MAX_CONTENT_LENGTH"]
    most = raised[0] if raised else whole // _MEGABYTE
    shown = min(megabytes or most, most)
    maximum = shown * _MEGABYTE if raised else min(shown * _MEGABYTE, whole - _SLACK)
    sentence = message_of_code("file_too_large", {"megabytes": shown})
    return {"data-max-bytes": str(maximum), "data-too-large": str(sentence)}


def _raised_limit(endpoint: str | None) -> tuple[int, int] | None:
    """Return how many megabytes a file may have and how many bytes the form around it, where more is allowed."""
    if endpoint in LARGE_UPLOADS:
        settings: Settings = current_app.config["SETTINGS"]
        return settings.max_slides_mb, _SLACK
    return (MAX_BYTES // _MEGABYTE, _PHOTO_SLACK) if endpoint in PHOTO_UPLOADS else None


def init_upload_limits(app: Flask) -> None:
    """Raise the size limit where large files or photos are welcome, and refuse larger ones by their declared length.

    Must be called before the check of form tokens, which reads the form.
    """
    app.add_template_global(file_limit)

    @app.before_request
    def set_limit() -> Response | None:
        raised = _raised_limit(request.endpoint)
        if raised is None:
            return None
        megabytes, slack = raised
        request.max_content_length = megabytes * _MEGABYTE + slack
        if (request.content_length or 0) <= request.max_content_length:
            return None
        sentence = message_of_code("file_too_large", {"megabytes": megabytes})
        return make_response(render_template("errors/413.html", sentence=sentence, path=request.path), 413)
