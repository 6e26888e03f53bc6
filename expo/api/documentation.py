"""API documentation: the OpenAPI document, and a page generated from it that works without JavaScript."""

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
    """A member of a schema, or a parameter. `refs` are the schemas to link to."""

    name: str
    type: str
    refs: tuple[str, ...]
    is_required: bool
    note: str


@dataclass(frozen=True)
class SchemaView:
    """A schema. An enumeration has `values` and no members."""

    name: str
    anchor: str
    note: str
    members: tuple[Member, ...]
    values: tuple[str, ...]


@dataclass(frozen=True)
class OperationView:
    """An operation."""

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
class OperationGroup:
    """Operations of one group."""

    name: str
    anchor: str
    operations: tuple[OperationView, ...]


@cache
def openapi_document() -> dict[str, Any]:
    """Return the OpenAPI document of version 1."""
    return describe_api(v1.declared, PREFIX, VERSION)


@blueprint.get(f"{PREFIX}/openapi.json")
def describe() -> Response:
    """Return the OpenAPI document as JSON."""
    text = json.dumps(openapi_document(), ensure_ascii=False)
    return Response(text, content_type="application/json", headers={"Cache-Control": "public, max-age=300"})


@blueprint.app_template_filter()
def with_code(text: str) -> Markup:
    """Render text between backticks as code."""
    parts = escape(text).split("`")
    return Markup("").join(Markup("<code>{}</code>").format(part) if n % 2 else part for n, part in enumerate(parts))


@blueprint.get("/api/docs")
def show() -> str:
    """Show the API reference."""
    document = openapi_document()
    return render_template(
        "api/docs.html",
        groups=_groups(document, current_app.config["SETTINGS"].effective_public_url),
        schemas=[_schema(name, schema) for name, schema in sorted(document["components"]["schemas"].items())],
        version=VERSION,
        introduction=document["info"]["description"],
    )


def _groups(document: dict[str, Any], address: str) -> list[OperationGroup]:
    shown: dict[str, list[OperationView]] = {tag["name"]: [] for tag in document["tags"]}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            shown[operation["tags"][0]].append(_operation(document, path, method.upper(), operation, address))
    return [OperationGroup(name, f"group-{name.lower()}", tuple(each)) for name, each in shown.items()]


def _operation(
    document: dict[str, Any], path: str, method: str, operation: dict[str, Any], address: str
) -> OperationView:
    status = next(code for code in operation["responses"] if code.startswith("2"))
    answer = operation["responses"][status]["content"]["application/json"]["schema"]["$ref"].removeprefix(_REF)
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    body_name = body["$ref"].removeprefix(_REF) if body else None
    permissions = [name for each in operation["security"] for name in each["token"]]
    return OperationView(
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
        curl=_curl(document, address + path, method, body_name, _file_type(operation)),
    )


def _file_type(operation: dict[str, Any]) -> str | None:
    """Return the first type of file that an operation accepts as its body, or None."""
    content = operation.get("requestBody", {}).get("content", {})
    return next((each for each in content if each != "application/json"), None)


def _curl(document: dict[str, Any], url: str, method: str, body: str | None, file_type: str | None) -> str:
    lines = [f"curl {url.replace('{', '').replace('}', '')}", "-H 'Authorization: Bearer TOKEN'"]
    if method != "GET":
        lines.insert(1, f"-X {method}")
    if body:
        example = _example(document["components"]["schemas"], {"$ref": _REF + body})
        lines += ["-H 'Content-Type: application/json'", f"-d '{json.dumps(example, ensure_ascii=False)}'"]
    if file_type:
        lines += [f"-H 'Content-Type: {file_type}'", "--data-binary @FILE"]
    return " \\\n  ".join(lines)


def _example(schemas: dict[str, Any], schema: dict[str, Any]) -> Any:
    """Return the schema's own example, or build one from its members."""
    if "$ref" in schema:
        return _example(schemas, schemas[schema["$ref"].removeprefix(_REF)])
    if schema.get("examples"):
        return schema["examples"][0]
    if schema.get("type") == "array":
        return [_example(schemas, schema["items"])]
    if schema.get("type") == "object":
        return {name: _example(schemas, each) for name, each in schema.get("properties", {}).items()}
    return schema.get("default", "…")


def _schema(name: str, schema: dict[str, Any]) -> SchemaView:
    required = set(schema.get("required", []))
    return SchemaView(
        name=name,
        anchor=f"schema-{name}",
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
    """Return a schema's type as text, and the schemas it refers to."""
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
