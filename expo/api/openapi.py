"""The OpenAPI 3.1 document, generated from the declared routes and their schemas."""

import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from expo.api.idempotency import HEADER, MAX_KEY_LENGTH
from expo.api.problems import PROBLEM
from expo.api.routes import WRITES, Route
from expo.api.schemas import Problem
from expo.api.versions import HEADER as VERSION_HEADER

_REF = "#/components/schemas/{model}"
_PATH_NAME = re.compile(r"<(?:[a-z]+:)?([a-z_]+)>")

INTRODUCTION = (
    "JSON over HTTPS. A token is valid for one edition and a set of permissions; create one with "
    "`flask expo create-api-token`. Lists are paginated: pass `next` as `cursor` until it is null. "
    "Every write accepts an `Idempotency-Key`, stored for 24 hours: repeating a request with the same key executes it "
    "once and returns the same response. To change a session, speaker, room, track or session type, send the `ETag` "
    "that the change is based on as `If-Match`; if somebody else has changed it in the meantime, the response is 412. "
    "Errors are returned as `application/problem+json` with a stable `code`."
)

# The last one while the database is busy: nothing was changed, and `Retry-After` says when to try again.
_EVERY = (
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
_WITH_BODY = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)


def describe_api(routes: Iterable[Route], prefix: str, version: str) -> dict[str, Any]:
    """Return the OpenAPI document of these routes, whose paths start with `prefix`."""
    routes = list(routes)
    schemas = _schemas(routes)
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        path = prefix + _PATH_NAME.sub(r"{\1}", route.path)
        paths.setdefault(path, {})[route.method.lower()] = _operation(route, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Expo API",
            "version": version,
            "description": INTRODUCTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": group} for group in dict.fromkeys(route.group for route in routes)],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": _used(schemas, routes),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "An API token"}},
            "responses": {"Problem": _problem_response()},
        },
    }


def _schemas(routes: list[Route]) -> dict[str, Any]:
    """Return every schema by name, each once."""
    wanted: dict[type[BaseModel], JsonSchemaMode] = {Problem: "serialization"}
    for route in routes:
        for model in (route.body, route.query):
            if model is not None:
                wanted[model] = "validation"
        wanted[route.answer] = "serialization"
    _, definitions = models_json_schema(list(wanted.items()), ref_template=_REF)
    found: dict[str, Any] = definitions["$defs"]
    return found


def _used(schemas: dict[str, Any], routes: list[Route]) -> dict[str, Any]:
    """Drop the schemas of queries, which are described as parameters."""
    queries = {route.query.__name__ for route in routes if route.query is not None}
    return {name: schema for name, schema in schemas.items() if name not in queries}


def _operation(route: Route, schemas: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.name,
        "tags": [route.group],
        "summary": route.summary,
        "description": _describe(route),
        "security": [] if route.is_open else [{"token": [route.permission.value] if route.permission else []}],
        "parameters": [*_path_parameters(route), *_query_parameters(route, schemas), *_header_parameters(route)],
        "responses": _responses(route),
    }
    if route.body is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": _ref(route.body)}},
            "description": f"At most {route.body_limit // 1024} KiB.",
        }
    elif route.media_types:
        operation["requestBody"] = {
            "required": True,
            "content": {each: {} for each in route.media_types},
            "description": f"The file, at most {route.body_limit // 1024} KiB.",
        }
    return {name: value for name, value in operation.items() if name == "security" or value not in ([], "")}


def _describe(route: Route) -> str:
    if route.is_open:
        return f"{route.description} Takes no token.".strip()
    needed = (
        f"Requires the permission `{route.permission.value}`." if route.permission else "Any valid token may call it."
    )
    return f"{route.description} {needed}".strip()


def _ref(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": _REF.format(model=_name(model))}


def _name(model: type[BaseModel]) -> str:
    """Return the name that pydantic gives to the schema, even for `Page[Item]`."""
    return re.sub(r"[^A-Za-z0-9.\-_]", "_", model.__name__)


def _path_parameters(route: Route) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _PATH_NAME.findall(route.path)
    ]


def _query_parameters(route: Route, schemas: dict[str, Any]) -> list[dict[str, Any]]:
    if route.query is None:
        return []
    schema = schemas[_name(route.query)]
    required = set(schema.get("required", []))
    return [
        {
            "name": name,
            "in": "query",
            "required": name in required,
            "schema": {key: value for key, value in each.items() if key not in {"title", "description"}},
            **({"description": each["description"]} if "description" in each else {}),
        }
        for name, each in schema["properties"].items()
    ]


def _header_parameters(route: Route) -> list[dict[str, Any]]:
    if route.method not in WRITES:
        return []
    version = {
        "name": VERSION_HEADER,
        "in": "header",
        "required": True,
        "description": "The ETag of the last response for this object, or `*` for any version.",
        "schema": {"type": "string"},
    }
    return [
        *([version] if route.needs_version else []),
        {
            "name": HEADER,
            "in": "header",
            "required": False,
            "description": "A key of your choice for this write; stored for 24 hours.",
            "schema": {"type": "string", "minLength": 1, "maxLength": MAX_KEY_LENGTH},
        },
    ]


def _responses(route: Route) -> dict[str, Any]:
    responses: dict[str, Any] = {
        str(int(route.status)): {
            "description": route.status.phrase,
            "content": {"application/json": {"schema": _ref(route.answer)}},
        }
    }
    if "version" in route.answer.model_fields:
        etag = {"description": "The version, for `If-Match`", "schema": {"type": "string"}}
        responses[str(int(route.status))]["headers"] = {"ETag": etag}
    refusals = {*_EVERY, *route.refusals}
    if route.body is not None or route.media_types:
        refusals |= set(_WITH_BODY)
    if route.needs_version:
        refusals |= {HTTPStatus.PRECONDITION_FAILED, HTTPStatus.PRECONDITION_REQUIRED}
    if route.query is not None or route.method in WRITES:
        refusals.add(HTTPStatus.UNPROCESSABLE_ENTITY)
    if _PATH_NAME.search(route.path):
        refusals.add(HTTPStatus.NOT_FOUND)
    for status in sorted(refusals):
        responses[str(int(status))] = {"$ref": "#/components/responses/Problem"}
    return responses


def _problem_response() -> dict[str, Any]:
    return {
        "description": "Why the request failed",
        "content": {PROBLEM: {"schema": _ref(Problem)}},
        "headers": {"Retry-After": {"description": "Seconds to wait, with 429", "schema": {"type": "integer"}}},
    }
