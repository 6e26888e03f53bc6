"""Builders for tests of the API: tokens, and calls whose every answer is held against the description."""

from typing import Any

from flask import Flask
from jsonschema import Draft202012Validator, FormatChecker
from werkzeug.test import TestResponse

from expo.accounts.rules import SYSTEM, Permission
from expo.accounts.services import create_api_token
from expo.api.documentation import openapi_document
from expo.editions.queries import EditionFacts
from tests.domains.checkin.doors import OPENING


def make_token(edition: EditionFacts, *permissions: Permission) -> str:
    """Make a token for an edition; without permissions named, with all."""
    return create_api_token(SYSTEM, edition.id, "test", permissions or tuple(Permission), OPENING)


class Api:
    """Calls the API as the bearer of a token."""

    def __init__(self, app: Flask, token: str | None) -> None:
        self._client = app.test_client()
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str, **query: Any) -> TestResponse:
        return self._checked("get", path, self._client.get(f"/api/v1{path}", query_string=query, headers=self._headers))

    def post(self, path: str, body: Any, **headers: str) -> TestResponse:
        return self._send("post", path, body, headers)

    def patch(self, path: str, body: Any, **headers: str) -> TestResponse:
        return self._send("patch", path, body, headers)

    def delete(self, path: str, **headers: str) -> TestResponse:
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self._client.delete(f"/api/v1{path}", headers={**self._headers, **more})
        return self._checked("delete", path.partition("?")[0], answer)

    def _send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> TestResponse:
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        send = getattr(self._client, method)
        return self._checked(method, path, send(f"/api/v1{path}", json=body, headers={**self._headers, **more}))

    def _checked(self, method: str, path: str, answer: TestResponse) -> TestResponse:
        check_answer(method, path, answer)
        return answer


def check_answer(method: str, path: str, answer: TestResponse) -> None:
    """Hold an answer against what the description says of this route and status."""
    document = openapi_document()
    parts = f"/api/v1{path}".split("/")
    described = next(
        operations[method]
        for template, operations in document["paths"].items()
        if method in operations and _fits(template.split("/"), parts)
    )
    response = described["responses"][str(answer.status_code)]
    if "$ref" in response:
        response = document["components"]["responses"][response["$ref"].rsplit("/", 1)[1]]
    media = response["content"][answer.mimetype]
    schema = {**media["schema"], "components": document["components"]}
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(answer.get_json(force=True))


def _fits(template: list[str], parts: list[str]) -> bool:
    return len(template) == len(parts) and all(
        want.startswith("{") or want == got for want, got in zip(template, parts, strict=True)
    )
