"""The API described: the OpenAPI document, and a page made from it that reads without a script."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import Blueprint, Response, current_app, render_template
from markupsafe import Markup, escape

from expo.api.openapi import describe_api
from expo.api.v1 import PREFIX, VERSION, v1

blueprint = Blueprint("api_docs", __name__)
blueprint.expo_audience = "everyone"  # type: ignore[attr-defined]

_REF = "#/components/schemas/"


@dataclass(frozen=True)
class Member:
    """One member of a shape, or one parameter, as the page lists it. `refs` are shapes to jump to."""

    name: str
    type: str
    refs: tuple[str, ...]
    is_required: bool
    note: str


@dataclass(frozen=True)
class ShapeShown:
    """A shape as the page shows it. An enumeration has `values` and no members."""

    name: str
    anchor: str
    note: str
    members: tuple[Member, ...]
    values: tuple[str, ...]


@dataclass(frozen=True)
class OperationShown:
    """One route as the page shows it."""

    anchor: str
    method: str
    path: str
    summary: str
    note: str
    permission: str | None
    parameters: tuple[Member, ...]
    body: str | None
    answer: str
    answer_status: str
    refusals: tuple[str, ...]
    curl: str


@dataclass(frozen=True)
class GroupShown:
    """Routes that belong together."""

    name: str
    anchor: str
    operations: tuple[OperationShown, ...]


@cache
def openapi_document() -> dict[str, Any]:
    """Return the OpenAPI document of version 1."""
    return describe_api(v1.declared, PREFIX, VERSION)


@blueprint.get(f"{PREFIX}/openapi.json")
def describe() -> Response:
    """Answer the OpenAPI document."""
    text = json.dumps(openapi_document(), ensure_ascii=False)
    return Response(text, content_type="application/json", headers={"Cache-Control": "public, max-age=300"})


@blueprint.app_template_filter()
def with_code(text: str) -> Markup:
    """Show what stands between backticks as code."""
    parts = escape(text).split("`")
    return Markup("").join(Markup("<code>{}</code>").format(part) if n % 2 else part for n, part in enumerate(parts))


@blueprint.get("/api/docs")
def show() -> str:
    """Show the API as a page."""
    document = openapi_document()
    return render_template(
        "api/docs.html",
        groups=_groups(document, current_app.config["SETTINGS"].effective_public_url),
        shapes=[_shape(name, schema) for name, schema in sorted(document["components"]["schemas"].items())],
        version=VERSION,
        introduction=document["info"]["description"],
    )


def _groups(document: dict[str, Any], address: str) -> list[GroupShown]:
    shown: dict[str, list[OperationShown]] = {tag["name"]: [] for tag in document["tags"]}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            shown[operation["tags"][0]].append(_operation(document, path, method.upper(), operation, address))
    return [GroupShown(name, f"group-{name.lower()}", tuple(each)) for name, each in shown.items()]


def _operation(
    document: dict[str, Any], path: str, method: str, operation: dict[str, Any], address: str
) -> OperationShown:
    status = next(code for code in operation["responses"] if code.startswith("2"))
    answer = operation["responses"][status]["content"]["application/json"]["schema"]["$ref"].removeprefix(_REF)
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    body_name = body["$ref"].removeprefix(_REF) if body else None
    permissions = operation.get("security", [{"token": []}])[0]["token"]
    return OperationShown(
        anchor=operation["operationId"].replace("_", "-"),
        method=method,
        path=path,
        summary=operation["summary"],
        note=operation.get("description", ""),
        permission=permissions[0] if permissions else None,
        parameters=tuple(
            _member(each["name"], each["schema"], each["required"], each.get("description", ""))
            for each in operation.get("parameters", [])
        ),
        body=body_name,
        answer=answer,
        answer_status=status,
        refusals=tuple(code for code in operation["responses"] if code != status),
        curl=_curl(document, address + path, method, body_name),
    )


def _curl(document: dict[str, Any], url: str, method: str, body: str | None) -> str:
    lines = [f"curl {url.replace('{', '').replace('}', '')}", "-H 'Authorization: Bearer TOKEN'"]
    if method != "GET":
        lines.insert(1, f"-X {method}")
    if body:
        example = _example(document["components"]["schemas"], {"$ref": _REF + body})
        lines += ["-H 'Content-Type: application/json'", f"-d '{json.dumps(example, ensure_ascii=False)}'"]
    return " \\\n  ".join(lines)


def _example(schemas: dict[str, Any], schema: dict[str, Any]) -> Any:
    """Return the example of a shape: its own, else one made of its members."""
    if "$ref" in schema:
        return _example(schemas, schemas[schema["$ref"].removeprefix(_REF)])
    if schema.get("examples"):
        return schema["examples"][0]
    if schema.get("type") == "array":
        return [_example(schemas, schema["items"])]
    if schema.get("type") == "object":
        return {name: _example(schemas, each) for name, each in schema.get("properties", {}).items()}
    return schema.get("default", "…")


def _shape(name: str, schema: dict[str, Any]) -> ShapeShown:
    required = set(schema.get("required", []))
    return ShapeShown(
        name=name,
        anchor=f"shape-{name}",
        note=schema.get("description", ""),
        members=tuple(
            _member(member, each, member in required, each.get("description", ""))
            for member, each in schema.get("properties", {}).items()
        ),
        values=tuple(str(value) for value in schema.get("enum", ())),
    )


def _member(name: str, schema: dict[str, Any], required: object, note: str) -> Member:
    words, refs = _type(schema)
    return Member(name=name, type=words, refs=refs, is_required=bool(required), note=note)


def _type(schema: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    """Return a schema's type in words, and the shapes that it names."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(_REF)
        return name, (name,)
    if "anyOf" in schema:
        each = [_type(option) for option in schema["anyOf"]]
        return " | ".join(words for words, _ in each), tuple(ref for _, refs in each for ref in refs)
    if schema.get("type") == "array":
        words, refs = _type(schema["items"])
        return f"{words}[]", refs
    words = str(schema.get("format") or schema.get("type", "any"))
    limits = [
        f"{word} {schema[key]}"
        for key, word in (("minimum", "≥"), ("maximum", "≤"), ("maxLength", "≤ length"), ("maxItems", "≤ items"))
        if key in schema
    ]
    return (f"{words} ({', '.join(limits)})" if limits else words), ()
