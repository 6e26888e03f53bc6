"""Responses with stored files: downloads, and pictures; never pages."""

from flask import Response, send_file

from expo.infra.files import FileFacts

BACKGROUND_SECONDS = 30 * 24 * 3600


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


def background_response(stored: FileFacts, *, is_public: bool = True) -> Response:
    """Return the background of a plan, as a picture in which nothing can run or load anything.

    Shared caches may store it if it is public.
    """
    response = send_file(stored.path, mimetype=stored.media_type, max_age=BACKGROUND_SECONDS)
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    # Its address has a random key, so it never changes.
    response.headers["Cache-Control"] = (
        f"{'public' if is_public else 'private'}, max-age={BACKGROUND_SECONDS}, immutable"
    )
    return response
