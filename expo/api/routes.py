"""Declared routes: permission, input and output. View and documentation are both generated from the declaration.

A route is a plain function. Its parameters are `call`, the names in its path, then `query` and `body` if it has them;
its return value is the response. Its docstring is the documentation. A route with the parameter `version` requires
`If-Match`; a response with a member `version` has it as its ETag. A route with `media_types` receives a file as
`content` instead of a JSON body. If a route has a function `prepare`, that one receives the parameters, and the route
what it returns, as `prepared`: so a write with an `Idempotency-Key` is validated before its transaction.
"""

import json
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeVar, get_type_hints

from flask import Blueprint, Response, request
from pydantic import BaseModel, ValidationError

from expo.accounts.rules import ANONYMOUS, Permission, network_of, require
from expo.api.authentication import NO_EDITION, Call, find_call, require_call
from expo.api.idempotency import answer_once, read_idempotency_key
from expo.api.problems import TransportError, schema_problem
from expo.api.versions import read_version, write_etag
from expo.infra.clock import utcnow
from expo.infra.idempotency import StoredAnswer
from expo.infra.limits import count_against

KIB = 1024
DEFAULT_BODY_LIMIT = 256 * KIB
JSON_TYPES = ("application/json",)
RATE = "6000/minute"
OPEN_RATE = "30/minute"
# Deflate, without a name, time or operating system.
GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
WRITES = frozenset({"POST", "PATCH", "PUT", "DELETE"})


@dataclass(frozen=True, slots=True)
class PreparedAnswer:
    """A response whose long part was made and compressed before. Both parts together fit the declared schema.

    `packed` is `rest` as raw DEFLATE.
    """

    head: bytes
    rest: bytes
    packed: bytes


View = TypeVar("View", bound=Callable[..., BaseModel | PreparedAnswer])


@dataclass(frozen=True)
class Route:
    """A declared route. With `permission` None every token may call it."""

    method: str
    path: str
    name: str
    group: str
    summary: str
    description: str
    permission: Permission | None
    status: HTTPStatus
    body: type[BaseModel] | None
    query: type[BaseModel] | None
    answer: type[BaseModel]
    body_limit: int
    media_types: tuple[str, ...]
    is_rate_limited: bool
    is_open: bool
    answers_revoked: bool
    needs_version: bool
    refusals: tuple[HTTPStatus, ...]
    prepare: Callable[..., Any] | None
    act: Callable[..., Any]


class Routes:
    """The routes of one version, in order of declaration."""

    def __init__(self) -> None:
        self.declared: list[Route] = []

    def route(
        self,
        method: str,
        path: str,
        *,
        group: str,
        permission: Permission | None = None,
        status: HTTPStatus = HTTPStatus.OK,
        body_limit: int = DEFAULT_BODY_LIMIT,
        media_types: tuple[str, ...] = (),
        is_rate_limited: bool = True,
        is_open: bool = False,
        answers_revoked: bool = False,
        answer: type[BaseModel] | None = None,
        refusals: tuple[HTTPStatus, ...] = (),
        prepare: Callable[..., Any] | None = None,
    ) -> Callable[[View], View]:
        """Declare the decorated function as a route; `refusals` are error statuses beyond the common ones.

        With `media_types`, the body is a file of one of these types.
        An open route takes no token. One that `answers_revoked` may be called by revoked devices. `answer` is the
        schema of a prepared answer. `prepare` only reads.
        """

        def declare(act: View) -> View:
            hints = get_type_hints(act) if prepare is None else {**get_type_hints(prepare), **get_type_hints(act)}
            summary, _, description = (act.__doc__ or "").strip().partition("\n")
            self.declared.append(
                Route(
                    method=method,
                    path=path,
                    name=act.__name__,
                    group=group,
                    summary=summary.rstrip("."),
                    description=" ".join(description.split()),
                    permission=permission,
                    status=status,
                    body=hints.get("body"),
                    query=hints.get("query"),
                    answer=answer or hints["return"],
                    body_limit=body_limit,
                    media_types=media_types,
                    is_rate_limited=is_rate_limited,
                    is_open=is_open,
                    answers_revoked=answers_revoked,
                    needs_version="version" in hints,
                    refusals=refusals,
                    prepare=prepare,
                    act=act,
                )
            )
            return act

        return declare

    def add_to(self, blueprint: Blueprint, version: str) -> None:
        """Add the declared routes to a blueprint, under the prefix of their version."""
        for each in self.declared:
            blueprint.add_url_rule(f"/{version}{each.path}", each.name, _view_of(each), methods=[each.method])


def _view_of(route: Route) -> Callable[..., Response]:
    def view(**names: str) -> Response:
        if route.is_open:
            call = _open_call()
        else:
            call = find_call(request.headers.get("Authorization", ""), answers_revoked=route.answers_revoked)
        require_call(call.actor, route.name)
        if route.permission is not None:
            require(call.actor, route.permission, call.edition_id)
        if route.is_rate_limited:
            count_against(RATE, "api", call.actor.kind, str(call.actor.id))
        if any("\x00" in name for name in names.values()):
            raise TransportError(HTTPStatus.NOT_FOUND, "route_missing", "There is nothing at this address.")
        given: dict[str, Any] = dict(names)
        if route.query is not None:
            given["query"] = _read_query(route.query)
        if route.needs_version:
            given["version"] = read_version()
        raw = b""
        if route.body is not None:
            raw = _read_raw(route.body_limit, JSON_TYPES)
            given["body"] = _read_body(route.body, raw)
        elif route.media_types:
            raw = given["content"] = _read_raw(route.body_limit, route.media_types)
        return _write(route, call, given, raw)

    return view


def _write(route: Route, call: Call, given: dict[str, Any], raw: bytes) -> Response:
    def prepare() -> dict[str, Any]:
        return given if route.prepare is None else {"prepared": route.prepare(call, **given)}

    def act(prepared: dict[str, Any]) -> StoredAnswer:
        return StoredAnswer(int(route.status), route.act(call, **prepared).model_dump_json())

    # The writes of devices may be repeated anyway: a scan has an id.
    key = read_idempotency_key() if route.method in WRITES and call.actor.kind == "api_token" else None
    if key is None:
        answer = route.act(call, **prepare())
        if isinstance(answer, PreparedAnswer):
            return _prepared(answer)
        return _json(route, int(route.status), answer.model_dump_json())
    stored, was_stored = answer_once(call, key, raw, prepare, act)
    response = _json(route, stored.status, stored.body)
    if was_stored:
        response.headers["Idempotency-Replayed"] = "true"
    return response


def _open_call() -> Call:
    """Return the call of somebody unknown: at most a few a minute from one network."""
    count_against(OPEN_RATE, "api-open", network_of(request.remote_addr or ""))
    return Call(ANONYMOUS, NO_EDITION, utcnow())


def _prepared(answer: PreparedAnswer) -> Response:
    is_packed = request.accept_encodings.find("gzip") >= 0
    body = _gzip(answer) if is_packed else answer.head + answer.rest
    response = Response(body, content_type="application/json")
    if is_packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = "no-store"
    return response


def _gzip(answer: PreparedAnswer) -> bytes:
    """Return both parts as one gzip member (RFC 1952): the blocks of the long part are appended as they are."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    start = packer.compress(answer.head) + packer.flush(zlib.Z_SYNC_FLUSH)
    checksum = zlib.crc32(answer.rest, zlib.crc32(answer.head))
    size = (len(answer.head) + len(answer.rest)) % 2**32
    return b"".join([GZIP_HEADER, start, answer.packed, struct.pack("<II", checksum, size)])


def _json(route: Route, status: int, text: str) -> Response:
    response = Response(text, status, content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    if "version" in route.answer.model_fields:
        response.headers["ETag"] = write_etag(json.loads(text)["version"])
    return response


def _read_query(schema: type[BaseModel]) -> BaseModel:
    try:
        return schema.model_validate_strings(request.args.to_dict())
    except ValidationError as error:
        raise schema_problem(error, "query") from None


def _read_raw(limit: int, media_types: tuple[str, ...]) -> bytes:
    if request.mimetype not in media_types:
        code, detail = "json_expected", "Send the body as JSON, with `Content-Type: application/json`."
        if media_types != JSON_TYPES:
            code, detail = "file_expected", f"Send the file as the body, with one of: {', '.join(media_types)}."
        raise TransportError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, code, detail)
    request.max_content_length = limit
    return request.get_data(cache=False)


def _read_body(schema: type[BaseModel], raw: bytes) -> BaseModel:
    try:
        return schema.model_validate_json(raw)
    except ValidationError as error:
        raise schema_problem(error, "body") from None
