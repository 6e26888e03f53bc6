"""Error responses of the API: `application/problem+json` (RFC 9457) with a stable `code`."""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, current_app, request
from pydantic import ValidationError
from sqlalchemy.exc import DataError, DBAPIError, TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from expo.errors import Conflict, ExpoError, Invalid, Missing, Outdated, Refused, TooMany, Unavailable
from expo.infra.db import db, is_busy

# How long clients should wait after the database could not serve them.
RETRY_SECONDS = 5
PROBLEM = "application/problem+json"

Sentence = Callable[[ExpoError], str]

STATUS: dict[type[ExpoError], HTTPStatus] = {
    Missing: HTTPStatus.NOT_FOUND,
    Refused: HTTPStatus.FORBIDDEN,
    # Before Conflict, whose special case it is.
    Outdated: HTTPStatus.PRECONDITION_FAILED,
    Conflict: HTTPStatus.CONFLICT,
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    TooMany: HTTPStatus.TOO_MANY_REQUESTS,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}

# Transport-level problems: code and detail by status.
_TRANSPORT = {
    400: ("request_broken", "The request could not be read."),
    401: ("token_missing", "Send an API token as `Authorization: Bearer TOKEN`."),
    404: ("route_missing", "This address does not exist. See /api/docs."),
    405: (
        "method_not_allowed",
        "This address does not support this method. See the Allow header for the methods it supports.",
    ),
    413: ("body_too_large", "The request body is too large for this address."),
    415: ("json_expected", "Send the body as JSON, with `Content-Type: application/json`."),
    500: ("internal_error", "Something went wrong on our side. The error has been logged; try again later."),
}


class TransportError(Exception):
    """A request that no route can handle. `code` is stable; `headers` are sent with the problem."""

    def __init__(self, status: HTTPStatus, code: str, detail: str, **more: Any) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.detail = detail
        self.headers: dict[str, str] = more.pop("headers", {})
        self.more = more


def token_problem(code: str, detail: str, **more: Any) -> TransportError:
    """Return the problem for a missing or invalid token."""
    challenge = 'Bearer realm="expo"' + ("" if code == "token_missing" else ', error="invalid_token"')
    return TransportError(HTTPStatus.UNAUTHORIZED, code, detail, headers={"WWW-Authenticate": challenge}, **more)


def problem(status: int, code: str, detail: str, **more: Any) -> Response:
    """Return a problem as a response; `more` are the parameters of the code."""
    body = {
        "type": f"/api/docs#problem-{code.replace('_', '-')}",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "detail": detail,
        "code": code,
        **more,
    }
    return Response(json.dumps(body, ensure_ascii=False, default=str), status, content_type=PROBLEM)


def schema_problem(error: ValidationError, where: str) -> TransportError:
    """Return the problem of an invalid body or query: a JSON pointer and a message per error, without echoing input."""
    errors = [
        {"pointer": "".join(f"/{part}" for part in each["loc"]), "detail": each["msg"], "type": each["type"]}
        for each in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    if len(errors) == 1 and errors[0]["type"] == "json_invalid":
        return TransportError(HTTPStatus.BAD_REQUEST, "json_invalid", errors[0]["detail"])
    return TransportError(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "request_invalid",
        f"The {where} does not match the schema of this address. See `errors` for details.",
        errors=errors,
    )


def handle_problems(blueprint: Blueprint, sentence: Sentence) -> None:
    """Turn every error in the blueprint into a problem; `sentence` returns the message of a domain error."""

    @blueprint.errorhandler(ExpoError)
    def on_expo_error(error: ExpoError) -> Response:
        status = next((status for kind, status in STATUS.items() if isinstance(error, kind)), 500)
        params = {name: value for name, value in error.params.items() if name not in _MEMBERS}
        answer = problem(status, error.code, sentence(error), **params)
        if "retry_after" in params:
            answer.headers["Retry-After"] = str(params["retry_after"])
        return answer

    @blueprint.errorhandler(TransportError)
    def on_transport_error(error: TransportError) -> Response:
        answer = problem(error.status, error.code, error.detail, **error.more)
        answer.headers.extend(error.headers)
        return answer

    @blueprint.errorhandler(DataError)
    def on_data_error(_error: DataError) -> Response:
        db.session.rollback()
        detail = "A value is too long or too large to be stored. Nothing was changed."
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "value_out_of_range", detail)

    @blueprint.errorhandler(DBAPIError)
    @blueprint.errorhandler(PoolTimeout)
    def on_database_error(error: Exception) -> Response:
        if not is_busy(error):
            raise error
        db.session.rollback()
        detail = "The database is busy. Nothing was changed. Retry the request in a moment."
        answer = problem(HTTPStatus.SERVICE_UNAVAILABLE, "database_busy", detail, retry_after=RETRY_SECONDS)
        answer.headers["Retry-After"] = str(RETRY_SECONDS)
        return answer

    @blueprint.errorhandler(HTTPException)
    def on_http_error(error: HTTPException) -> Response:
        status = error.code or 500
        code, detail = _TRANSPORT.get(status, ("request_refused", error.description or "The request was refused."))
        return problem(status, code, detail)


_MEMBERS = frozenset({"type", "title", "status", "detail", "code"})
_METHODS = ("DELETE", "GET", "PATCH", "POST", "PUT")


def no_route(rest: str = "") -> Response:  # noqa: ARG001 - the path as routed
    """Return the problem for an unknown route: 405 if other methods are allowed, else 404."""
    adapter = current_app.create_url_adapter(request)
    allowed = [method for method in _METHODS if adapter and _is_route(adapter.match(method=method)[0])]
    status = 405 if allowed else 404
    answer = problem(status, *_TRANSPORT[status])
    if allowed:
        answer.headers["Allow"] = ", ".join(allowed)
    return answer


def _is_route(endpoint: str) -> bool:
    return not endpoint.endswith(".no_route")
