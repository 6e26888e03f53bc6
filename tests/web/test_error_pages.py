"""Error pages have their own text for every status."""

import pytest
from flask import Flask
from werkzeug.exceptions import abort


@pytest.mark.parametrize(
    ("status", "text"),
    [(404, "Page not found"), (410, "This page is no longer available"), (413, "This file is too large")],
)
def test_page_when_aborted_then_its_status_has_its_own_text(app: Flask, status: int, text: str) -> None:
    with app.test_request_context("/somewhere"), pytest.raises(Exception) as raised:  # noqa: PT011 - of every status
        abort(status)
    with app.test_request_context("/somewhere"):
        answer = app.make_response(app.handle_user_exception(raised.value))

    assert answer.status_code == status
    assert text in answer.text
    assert "Something went wrong on our side" not in answer.text
