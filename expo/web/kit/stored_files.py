"""Responses with stored files: always downloads, never shown as pages."""

from flask import Response, send_file

from expo.infra.files import FileFacts


def stored_file_response(stored: FileFacts) -> Response:
    """Return a stored file to download, which no shared cache may store."""
    response = send_file(
        stored.path, mimetype=stored.media_type, as_attachment=True, download_name=stored.name, max_age=0
    )
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def picture_response(stored: FileFacts) -> Response:
    """Return a picture that we wrote ourselves, to show on a page."""
    response = send_file(stored.path, mimetype=stored.media_type, max_age=0)
    response.headers["Cache-Control"] = "private, no-store"
    return response
