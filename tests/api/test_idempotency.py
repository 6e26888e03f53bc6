import threading
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from expo.api import routes
from expo.api.idempotency import answer_once
from expo.api.v1 import registrations
from expo.editions.queries import EditionFacts
from expo.infra.db import db
from expo.registration.models import Order
from expo.registration.services import PreparedOrder
from tests.api.calls import Api, make_token
from tests.make import make_ticket_type

ORDER = {"email": "office@example.org", "attendees": [{"ticket_type": "visitor", "name": "张伟", "country": "CN"}]}
AT_ONCE = 8


def _post_at_once(app: Flask, token: str, key: str, count: int = AT_ONCE) -> list[tuple[int, str]]:
    db.session.rollback()
    barrier = threading.Barrier(count)
    answers: list[tuple[int, str]] = []

    def post() -> None:
        api = Api(app, token)
        barrier.wait()
        with app.app_context():
            answer = api.post("/registrations", ORDER, Idempotency_Key=key)
            answers.append((answer.status_code, answer.get_data(as_text=True)))

    threads = [threading.Thread(target=post) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_write_when_sent_eight_times_at_once_then_done_once_and_one_answer(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)

    answers = _post_at_once(each_app, make_token(edition), "a")

    assert len(answers) == AT_ONCE
    assert [status for status, _ in set(answers)] == [201]
    assert db.session.scalar(select(func.count()).select_from(Order)) == 1


def test_write_when_keys_are_not_kept_then_done_each_time(
    each_app: Flask, edition: EditionFacts, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_ticket_type(edition, now)
    assert vars(routes)["answer_once"] is answer_once
    monkeypatch.setattr(routes, "answer_once", lambda _call, _key, _body, prepare, act: (act(prepare()), False))

    _post_at_once(each_app, make_token(edition), "a")

    assert db.session.scalar(select(func.count()).select_from(Order)) == AT_ONCE


def test_write_when_refused_because_the_same_request_took_the_last_place_then_its_answer(
    each_app: Flask, edition: EditionFacts, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_ticket_type(edition, now, places=1)
    token = make_token(edition)
    prepare_order = vars(registrations)["prepare_order"]
    taken: list[tuple[int, str]] = []

    def prepare_after_the_other(*given: Any) -> PreparedOrder:
        monkeypatch.setattr(registrations, "prepare_order", prepare_order)
        taken.extend(_post_at_once(each_app, token, "a", count=1))
        prepared: PreparedOrder = prepare_order(*given)
        return prepared

    monkeypatch.setattr(registrations, "prepare_order", prepare_after_the_other)
    repeated = Api(each_app, token).post("/registrations", ORDER, Idempotency_Key="a")
    another = Api(each_app, token).post("/registrations", ORDER, Idempotency_Key="b")

    assert taken == [(201, repeated.get_data(as_text=True))]
    assert repeated.status_code == 201
    assert repeated.headers["Idempotency-Replayed"] == "true"
    assert another.get_json()["code"] == "sold_out"
