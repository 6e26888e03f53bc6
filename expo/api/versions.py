"""`If-Match`: a change names the version that it is based on, so that nobody overwrites what they have not seen."""

from http import HTTPStatus

from flask import request

from expo.api.problems import TransportError

HEADER = "If-Match"


def read_version() -> str | None:
    """Return the version that this request is based on; None for `*`, which is any.

    Raises TransportError 428 `version_required`.
    """
    text = request.headers.get(HEADER, "").strip()
    if not text:
        detail = "Send the ETag of the last response for this object as `If-Match`, or `*` to overwrite any version."
        raise TransportError(HTTPStatus.PRECONDITION_REQUIRED, "version_required", detail)
    return None if text == "*" else text.removeprefix("W/").strip('"')


def write_etag(version: str) -> str:
    """Return a version as the value of the ETag header."""
    return f'"{version}"'
