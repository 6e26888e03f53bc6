"""Which hosts and pages a request may come from."""

from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from expo.app import create_app
from expo.editions.queries import EditionFacts
from expo.infra.config import Settings
from expo.infra.db import db
from tests.conftest import Browser


def test_theme_when_chosen_without_a_token_then_only_from_our_own_pages(app: Flask, edition: EditionFacts) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answers = {
            name: app.test_client().post("/theme", data={"theme": "dark", "next": "/en/terms"}, headers=headers)
            for name, headers in {
                "own": {"Sec-Fetch-Site": "same-origin"},
                "own origin": {"Origin": "http://localhost"},
                "other site": {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
                "sister site": {"Sec-Fetch-Site": "same-site"},
                "other origin": {"Origin": "https://evil.example"},
                "hidden origin": {"Origin": "null"},
                "nothing said": {},
            }.items()
        }
    finally:
        app.config["WTF_CSRF_ENABLED"] = False

    assert {name: answer.status_code for name, answer in answers.items()} == {
        "own": 302, "own origin": 302, "other site": 400, "sister site": 400, "other origin": 400,
        "hidden origin": 400, "nothing said": 400,
    }  # fmt: skip
    assert "theme=dark" in answers["own"].headers["Set-Cookie"]


def test_host_when_it_is_not_ours_then_refused_before_the_cache(
    app: Flask, edition: EditionFacts, tmp_path: Path
) -> None:
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    whole = create_app(Settings(database_url=url, data_dir=tmp_path, secret_key="x" * 32))
    whole.test_client_class = Browser
    visitor: FlaskClient = whole.test_client()

    own = [visitor.get("/en/terms", headers={"Host": "localhost"}) for _ in range(2)]
    foreign = visitor.get("/en/terms", headers={"Host": "evil.example"})
    with whole.app_context():
        db.engine.dispose()

    assert [answer.status_code for answer in own] == [200, 200]
    assert own[0].headers["ETag"] == own[1].headers["ETag"]
    assert foreign.status_code == 400
