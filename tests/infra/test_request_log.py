"""Requests are logged for somebody who looks for a fault, and hold nothing about the visitor."""

import json
from pathlib import Path

import pytest

from expo.app import create_app
from expo.infra.config import Settings
from expo.infra.db import db
from expo.schema import metadata


@pytest.mark.parametrize(("level", "expected"), [("DEBUG", ["/sessions/<slug>"]), ("INFO", [])])
def test_request_when_logged_then_names_the_route_and_not_the_visitor(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], level: str, expected: list[str]
) -> None:
    app = create_app(Settings(data_dir=tmp_path, secret_key="x" * 32, log_level=level))
    with app.app_context():
        metadata.create_all(db.engine)
    headers = {"User-Agent": "Visitors own browser", "Referer": "http://secret.example/"}

    app.test_client().get("/sessions/a-secret-talk?q=zhang", headers=headers)

    said = capfd.readouterr().err
    lines = [json.loads(line) for line in said.splitlines()]
    assert [line["rule"] for line in lines if line["event"] == "request"] == expected
    assert all(set(line) == {"event", "level", "timestamp", "method", "rule", "status", "ms"} for line in lines)
    assert [word for word in ("secret", "zhang", "Visitors", "127.0.0.1") if word in said] == []
    with app.app_context():
        db.engine.dispose()
