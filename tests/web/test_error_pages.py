"""Error pages have their own text for every status."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import abort

from expo.editions.queries import EditionFacts


@pytest.mark.parametrize(
    ("status", "text"),
    [(404, "Page not found"), (410, "This page is no longer available"), (413, "This file is too large")],
)
def test_page_when_aborted_then_its_status_has_its_own_text(
    app: Flask, edition: EditionFacts, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, status: int, text: str
) -> None:
    monkeypatch.setitem(app.view_functions, "public.home", lambda: abort(status))

    answer = client.get("/en/")

    assert answer.status_code == status
    assert text in answer.text
    assert "Something went wrong on our side" not in answer.text


@pytest.mark.parametrize(
    ("referrer", "is_post", "leads_back"),
    [
        ("http://localhost/en/program?day=2", True, True),
        ("http://localhost/en/", True, True),
        ("http://localhost/en/", False, False),
        ("https://evil.example/en/program", True, False),
        ("", True, False),
    ],
)
def test_page_when_shown_then_leads_back_to_the_page_of_the_form(
    app: Flask,
    edition: EditionFacts,
    monkeypatch: pytest.MonkeyPatch,
    *,
    referrer: str,
    is_post: bool,
    leads_back: bool,
) -> None:
    method, endpoint, path = ("POST", "public.choose_theme", "/en/theme") if is_post else ("GET", "public.home", "/en/")
    monkeypatch.setitem(app.view_functions, endpoint, lambda: abort(409))

    answer = app.test_client().open(path, method=method, headers={"Referer": referrer} if referrer else {})

    assert answer.status_code == 409
    assert ("Go back</a>" in answer.text) is leads_back
    assert not leads_back or f'href="{referrer.removeprefix("http://localhost")}">' in answer.text
