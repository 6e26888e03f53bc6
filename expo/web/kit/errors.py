"""Error pages: the HTTP status and the message of every error code."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

import structlog
from babel.dates import format_timedelta
from flask import Flask, Response, g, make_response, render_template, request
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, DBAPIError, TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from expo.accounts.rules import ANONYMOUS
from expo.errors import Conflict, ExpoError, Invalid, Missing, Refused, TooMany, Unavailable
from expo.infra.db import db, is_busy
from expo.web.kit.access import referring_page
from expo.web.kit.error_messages import ERROR_MESSAGES
from expo.web.kit.formats import datetime_local
from expo.web.kit.isolation import fill
from expo.web.kit.language import current_locale
from expo.web.kit.sessions import drop_session

log = structlog.get_logger(__name__)

STATUS: dict[type[ExpoError], int] = {
    Missing: 404,
    Refused: 403,
    Conflict: 409,
    Invalid: 422,
    TooMany: 429,
    Unavailable: 503,
}

_MEGABYTE = 1024 * 1024
# How long clients should wait after the database could not serve them.
RETRY_SECONDS = 5
# Errors in a mailed link; the page links to where a new one can be requested, except for those that others send.
_LINK_STATUS = {"link_broken": 404, "link_expired": 410, "link_replaced": 410, "link_used": 410}
_LINKS_OF_OTHERS = frozenset({"invitation_missing", "invitation_broken", "preview_ended"})
_PAGES = frozenset({400, 403, 404, 405, 409, 410, 413, 422, 429, 500, 503})


# A page, its status and its headers.
PageWithError = tuple[str, int, dict[str, str]]


def status_of(error: ExpoError) -> int:
    """Return the HTTP status of a domain error."""
    return next((status for kind, status in STATUS.items() if isinstance(error, kind)), 500)


def with_error(page: str, error: ExpoError | None) -> PageWithError:
    """Return the page that shows an error with its status, and when to try again; status 200 without an error."""
    return (page, status_of(error), _headers_of(error)) if error else (page, 200, {})


def _headers_of(error: ExpoError) -> dict[str, str]:
    return {"Retry-After": str(error.params["retry_after"])} if isinstance(error, TooMany) else {}


def message_of(error: ExpoError) -> str:
    """Return the message of an error, in the language of the request."""
    text = message_of_code(error.code, error.params)
    line = error.params.get("line")
    return str(_l("Line %(line)s: %(text)s", line=line, text=text)) if line else text


def message_of_code(code: str, params: Mapping[str, Any]) -> str:
    """Return the message of an error code with its parameters filled in."""
    sentence = ERROR_MESSAGES.get(code)
    if sentence is None:
        return str(_l("Something went wrong. Try again."))
    if "retry_after" in params:
        params = {**params, "wait": format_timedelta(params["retry_after"], locale=current_locale())}
    if "opens_at" in params:
        params = {**params, "opens": datetime_local(datetime.fromisoformat(params["opens_at"]))}
    return fill(str(sentence), params) if params else str(sentence)


def _show(status: int, sentence: str | None = None, code: str = "", **headers: Any) -> Response:
    page = status if status in _PAGES else 500
    if page >= 500:  # noqa: PLR2004 - ours, not the visitor's
        _reset_request_state()
    response = make_response(
        render_template(
            f"errors/{page}.html", sentence=sentence, code=code, path=request.path, back_url=_page_to_return_to()
        ),
        status,
    )
    response.headers.extend(headers)
    return response


def _page_to_return_to() -> str | None:
    """Return the page with the form or link that led to an error, unless it is the page that failed."""
    page = referring_page()
    failed = f"{request.script_root}{request.path}"
    return None if page and request.method == "GET" and page.partition("?")[0] == failed else page


def _reset_request_state() -> None:
    """Continue without session and edition: the database may be what failed, and its transaction with it."""
    db.session.rollback()
    drop_session()
    g.actor = ANONYMOUS
    g.edition = None


def _on_expo_error(error: ExpoError) -> Response:
    if error.code in _LINK_STATUS or error.code in _LINKS_OF_OTHERS:
        is_renewable = error.code in _LINK_STATUS
        page = render_template("errors/link.html", sentence=message_of(error), is_renewable=is_renewable)
        return make_response(page, _LINK_STATUS.get(error.code, status_of(error)))
    return _show(status_of(error), message_of(error), error.code, **_headers_of(error))


def _on_http_error(error: HTTPException) -> Response | HTTPException:
    if error.response is not None or (error.code or 500) < 400:  # noqa: PLR2004 - redirects pass
        return error
    limit = request.max_content_length or 0
    if error.code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE and limit >= _MEGABYTE:
        megabytes = g.get("file_megabytes") or limit // _MEGABYTE
        return _show(error.code, message_of_code("file_too_large", {"megabytes": megabytes}))
    return _show(error.code or 500)


def _on_data_error(error: DataError) -> Response:
    """Return 422 for a value that passed all checks but that the database refused as too long or out of range."""
    log.warning("value_refused_by_database", path=request.path, error=type(error.orig).__name__)
    db.session.rollback()
    return _show(422, message_of_code("value_out_of_range", {}))


def _on_database_error(error: Exception) -> Response | HTTPException:
    """Return 503 if the database is overloaded; re-raise anything else, as it is a defect."""
    if not is_busy(error):
        raise error
    log.warning("database_busy", path=request.path, error=type(getattr(error, "orig", error)).__name__)
    return _show(503, **{"Retry-After": str(RETRY_SECONDS)})


def _on_csrf_error(_error: CSRFError) -> Response:
    return _show(
        400, str(_l("This form has expired, or cookies are disabled. Go back, reload the page and submit it again."))
    )


def init_errors(app: Flask) -> None:
    """Register error handlers that render every error as a page."""
    app.register_error_handler(ExpoError, _on_expo_error)
    app.register_error_handler(DataError, _on_data_error)
    app.register_error_handler(DBAPIError, _on_database_error)
    app.register_error_handler(PoolTimeout, _on_database_error)
    app.register_error_handler(CSRFError, _on_csrf_error)
    app.register_error_handler(HTTPException, _on_http_error)
