"""Requests are logged for troubleshooting, with nothing about the visitor."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from expo.app import create_app
from expo.infra.config import Settings
from expo.infra.db import db
from expo.infra.logs import configure_logs
from expo.schema import metadata


@pytest.mark.parametrize(("level", "expected"), [("DEBUG", ["/sessions/<slug>"]), ("INFO", [])])
def test_request_when_logged_then_names_the_route_and_not_the_visitor(
    tmp_path: Path, level: str, expected: list[str]
) -> None:
    app = create_app(Settings(data_dir=tmp_path, secret_key="x" * 32, log_level=level))
    with app.app_context():
        metadata.create_all(db.engine)
    headers = {"User-Agent": "Visitors own browser", "Referer": "http://secret.example/"}

    with capture_logs() as lines:
        app.test_client().get("/sessions/a-secret-talk?q=zhang", headers=headers)

    requests = [line for line in lines if line["event"] == "request"]
    assert [line["rule"] for line in requests] == expected
    assert all(set(line) == {"event", "log_level", "method", "rule", "status", "ms"} for line in requests)
    assert [word for word in ("secret", "zhang", "Visitors", "127.0.0.1") if word in str(lines)] == []
    configure_logs("INFO")
    with app.app_context():
        db.engine.dispose()
