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
