"""Uploaded files between preview and import, identified by a signed token in the URL."""

from flask import Flask, make_response, render_template, request
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from expo.errors import Invalid, Missing
from expo.infra.config import Settings
from expo.infra.signing import read_text, sign_text
from expo.infra.temporary_files import (
    LIFETIME_SECONDS,
    delete_temporary_file,
    read_temporary_file,
    store_temporary_file,
)
from expo.web.kit.errors import message_of_code

PURPOSE = "upload"
MAX_NAME = 100
# Endpoints that accept files of up to `max_slides_mb`.
LARGE_UPLOADS = frozenset({"speaker_slides.upload"})
# The form around the file.
_SLACK = 64 * 1024
_MEGABYTE = 1024 * 1024


def read_form_file(uploaded: FileStorage) -> bytes:
    """Return the uploaded bytes and close a large file's temporary file."""
    with uploaded.stream as stream:
        return stream.read()


def store_upload(edition_id: int, kind: str, data: bytes, name: str) -> str:
    """Store a file uploaded for an edition, and return the signed token that identifies it."""
    return sign_text(PURPOSE, [edition_id, kind, store_temporary_file(data), name[-MAX_NAME:]])


def read_upload(edition_id: int, kind: str, upload: str) -> tuple[bytes, str]:
    """Return a stored file and its original name. Raises Missing `upload_missing` for another edition or kind."""
    file_id, name = _parse(edition_id, kind, upload)
    return read_temporary_file(file_id), name


def delete_upload(edition_id: int, kind: str, upload: str) -> None:
    """Delete a stored file."""
    delete_temporary_file(_parse(edition_id, kind, upload)[0])


def _parse(edition_id: int, kind: str, upload: str) -> tuple[str, str]:
    try:
        of_edition, of_kind, file_id, name = read_text(PURPOSE, upload, LIFETIME_SECONDS)
    except Invalid:
        raise Missing("upload_missing") from None
    if (of_edition, of_kind) != (edition_id, kind):
        raise Missing("upload_missing")
    return file_id, name


def init_upload_limits(app: Flask) -> None:
    """Raise the size limit where large files are welcome, and refuse larger ones by their declared length.

    Must be called before the check of form tokens, which reads the form.
    """
    settings: Settings = app.config["SETTINGS"]

    @app.before_request
    def set_limit() -> Response | None:
        if request.endpoint not in LARGE_UPLOADS:
            return None
        request.max_content_length = settings.max_slides_mb * _MEGABYTE + _SLACK
        if (request.content_length or 0) <= request.max_content_length:
            return None
        sentence = message_of_code("file_too_large", {"megabytes": settings.max_slides_mb})
        return make_response(render_template("errors/413.html", sentence=sentence, path=request.path), 413)
