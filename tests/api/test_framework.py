import json
from datetime import datetime, timedelta

import pytest
from flask import Flask
from openapi_spec_validator import OpenAPIV31SpecValidator
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from expo.accounts.models import ApiToken
from expo.accounts.rules import SYSTEM, Permission
from expo.accounts.services import revoke_api_token
from expo.api.documentation import openapi_document
from expo.api.routes import Route
from expo.api.v1 import v1
from expo.editions.queries import EditionFacts
from expo.infra.cache import get_recent
from expo.infra.db import atomic, db
from expo.infra.idempotency import IdempotencyKey
from expo.registration.models import Attendee
from tests.api.calls import Api, make_token
from tests.make import make_attendee, make_ticket_type

ORDER = {"email": "office@example.org", "attendees": [{"ticket_type": "visitor", "name": "张伟", "country": "CN"}]}


def _problem(answer: TestResponse) -> tuple[int, str]:
    body = answer.get_json(force=True)
    assert answer.content_type == "application/problem+json"
    assert body["status"] == answer.status_code
    return answer.status_code, body["code"]


def test_openapi_when_generated_then_is_valid_3_1() -> None:
    document = openapi_document()

    assert document["openapi"] == "3.1.0"
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    assert sum(len(methods) for methods in document["paths"].values()) == len(v1.declared)


def test_openapi_when_asked_then_served_to_everyone(app: Flask, edition: EditionFacts) -> None:
    answer = app.test_client().get("/api/v1/openapi.json")

    assert (answer.status_code, answer.get_json()) == (200, json.loads(json.dumps(openapi_document())))


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Bearer nonsense", "Basic abc"])
def test_api_when_no_token_counts_then_401_with_challenge(
    app: Flask, edition: EditionFacts, header: str | None
) -> None:
    headers = {} if header is None else {"Authorization": header}

    answer = app.test_client().get("/api/v1/ticket-types", headers=headers)

    assert _problem(answer)[0] == 401
    assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="expo"')


def test_api_when_token_is_revoked_then_refused_at_the_latest_after_five_seconds(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    api = Api(app, make_token(edition))
    before = api.get("/ticket-types")
    token_id = db.session.scalar(select(ApiToken.id))
    assert token_id is not None
    revoke_api_token(SYSTEM, edition.id, token_id, now)
    for key in list(get_recent()._values):
        get_recent().forget(key)

    after = api.get("/ticket-types")

    assert (before.status_code, _problem(after)) == (200, (401, "token_invalid"))


def test_api_when_signed_in_by_cookie_alone_then_401(app: Flask, edition: EditionFacts) -> None:
    client = app.test_client()
    client.set_cookie("session", "anything")

    assert _problem(client.get("/api/v1/ticket-types")) == (401, "token_missing")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("get", "/api", 404, "route_missing"),
        ("get", "/api/v2/scans", 404, "route_missing"),
        ("get", "/api/v1/nothing", 404, "route_missing"),
        ("get", "/api/v1/scans", 405, "method_not_allowed"),
        ("delete", "/api/v1/attendees/abc", 405, "method_not_allowed"),
    ],
)
def test_api_when_there_is_no_route_then_problem(
    app: Flask, edition: EditionFacts, method: str, path: str, status: int, code: str
) -> None:
    answer = getattr(app.test_client(), method)(path)

    assert _problem(answer) == (status, code)
    if path.endswith("/abc"):
        assert answer.headers["Allow"] == "GET, PATCH"


@pytest.mark.parametrize(
    ("data", "content_type", "status", "code"),
    [
        ("{", "application/json", 400, "json_invalid"),
        ("{}", "text/plain", 415, "json_expected"),
        ("[]", "application/json", 422, "request_invalid"),
        ("{}", "application/json", 422, "request_invalid"),
        (" " * 300_000, "application/json", 413, "body_too_large"),
    ],
)
def test_api_when_body_is_not_as_described_then_problem(
    app: Flask, edition: EditionFacts, data: str, content_type: str, status: int, code: str
) -> None:
    headers = {"Authorization": f"Bearer {make_token(edition)}"}

    answer = app.test_client().post("/api/v1/registrations", data=data, content_type=content_type, headers=headers)

    assert _problem(answer) == (status, code)


def test_api_when_shape_is_wrong_then_every_place_is_named_and_no_input_is_echoed(
    app: Flask, edition: EditionFacts
) -> None:
    body = {"email": 7, "attendees": [{"name": "s3cret\x00", "ticket_type": "visitor", "country": "CN"}], "extra": 1}

    answer = Api(app, make_token(edition)).post("/registrations", body)

    told = answer.get_json(force=True)
    assert sorted(each["pointer"] for each in told["errors"]) == ["/attendees/0/name", "/email", "/extra"]
    assert "s3cret" not in answer.get_data(as_text=True)


def test_api_when_query_is_wrong_then_problem(app: Flask, edition: EditionFacts) -> None:
    api = Api(app, make_token(edition))

    answers = [
        api.get("/ticket-types", **query)
        for query in ({"limit": 201}, {"limit": 0}, {"limit": "x"}, {"nonsense": 1}, {"cursor": "x"}, {"cursor": "é"})
    ]

    assert [_problem(answer)[0] for answer in answers] == [422] * 6


@pytest.mark.parametrize("route", v1.declared, ids=lambda route: route.name)
def test_api_when_permission_is_missing_then_403(app: Flask, edition: EditionFacts, route: Route) -> None:
    needed = route.permission
    others = [each for each in Permission if each is not needed]
    path = "/api/v1" + route.path.replace("<id>", "ABC")
    headers = {"Authorization": f"Bearer {make_token(edition, *others)}"}

    answer = app.test_client().open(path, method=route.method, json={}, headers=headers)

    if needed:
        assert _problem(answer) == (403, "permission_missing")
    else:
        assert answer.status_code in (200, 404, 422)  # the request itself was looked at


def test_write_when_key_comes_again_then_done_once_and_same_answer(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)
    api = Api(each_app, make_token(edition))

    first = api.post("/registrations", ORDER, Idempotency_Key="a")
    again = api.post("/registrations", ORDER, Idempotency_Key="a")
    other = api.post("/registrations", ORDER, Idempotency_Key="b")

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 201)
    assert again.get_json() == first.get_json()
    assert other.get_json()["order"] != first.get_json()["order"]
    assert ("Idempotency-Replayed" in first.headers, again.headers["Idempotency-Replayed"]) == (False, "true")
    assert db.session.scalar(select(func.count()).select_from(Attendee)) == 2


def test_write_when_key_comes_with_another_request_then_422(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    attendee = make_attendee(edition, now)
    api = Api(each_app, make_token(edition))
    api.post("/registrations", ORDER, Idempotency_Key="a")

    changed = api.post("/registrations", {**ORDER, "email": "other@example.org"}, Idempotency_Key="a")
    elsewhere = api.patch(f"/attendees/{attendee.code}", ORDER, Idempotency_Key="a")

    assert _problem(changed) == (422, "idempotency_key_reused")
    assert elsewhere.status_code == 422


def test_write_when_key_is_of_another_token_then_a_write_of_its_own(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)

    answers = [
        Api(app, make_token(edition)).post("/registrations", ORDER, Idempotency_Key="a").get_json() for _ in range(2)
    ]

    assert answers[0]["order"] != answers[1]["order"]


def test_write_when_refused_then_key_is_free_again(each_app: Flask, edition: EditionFacts, now: datetime) -> None:
    api = Api(each_app, make_token(edition))

    refused = api.post("/registrations", ORDER, Idempotency_Key="a")
    make_ticket_type(edition, now)
    done = api.post("/registrations", ORDER, Idempotency_Key="a")

    assert (_problem(refused), done.status_code) == ((404, "ticket_type_missing"), 201)


def test_write_when_key_is_older_than_a_day_then_forgotten(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)
    api = Api(each_app, make_token(edition))
    first = api.post("/registrations", ORDER, Idempotency_Key="a").get_json()
    with atomic() as session:
        session.execute(update(IdempotencyKey).values(created_at=IdempotencyKey.created_at))
        kept = session.scalars(select(IdempotencyKey)).one()
        kept.created_at -= timedelta(hours=24, seconds=1)

    again = api.post("/registrations", ORDER, Idempotency_Key="a").get_json()

    assert again["order"] != first["order"]


@pytest.mark.parametrize("key", ["", "x" * 256, "schlüssel"])
def test_write_when_key_is_no_key_then_422(app: Flask, edition: EditionFacts, key: str) -> None:
    answer = Api(app, make_token(edition)).post("/registrations", ORDER, Idempotency_Key=key)

    assert _problem(answer) == (422, "idempotency_key_invalid")
