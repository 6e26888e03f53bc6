import threading
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from expo.api import routes
from expo.api.idempotency import answer_once
from expo.editions.queries import EditionFacts
from expo.infra.db import db
from expo.registration.models import Order
from tests.api.calls import Api, make_token
from tests.make import make_ticket_type

ORDER = {"email": "office@example.org", "attendees": [{"ticket_type": "visitor", "name": "张伟", "country": "CN"}]}
AT_ONCE = 8


def _post_at_once(app: Flask, token: str, key: str) -> list[tuple[int, str]]:
    db.session.rollback()
    barrier = threading.Barrier(AT_ONCE)
    answers: list[tuple[int, str]] = []

    def post() -> None:
        api = Api(app, token)
        barrier.wait()
        with app.app_context():
            answer = api.post("/registrations", ORDER, Idempotency_Key=key)
            answers.append((answer.status_code, answer.get_data(as_text=True)))

    threads = [threading.Thread(target=post) for _ in range(AT_ONCE)]
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
    monkeypatch.setattr(routes, "answer_once", lambda _call, _key, _body, act: (act(), False))

    _post_at_once(each_app, make_token(edition), "a")

    assert db.session.scalar(select(func.count()).select_from(Order)) == AT_ONCE
