"""Addresses of former versions redirect to where the pages are now."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder

from expo.web.redirects import MOVED


@pytest.mark.parametrize(("former", "now"), MOVED.items())
def test_former_address_when_opened_then_redirects_permanently(former: str, now: str, app: Flask) -> None:
    answer = app.test_client().get(former)
    routes = app.url_map.bind_to_environ(EnvironBuilder(now).get_environ())

    assert (answer.status_code, answer.location) == (301, now)
    assert not routes.match(now)[0].startswith("redirects.")


@pytest.mark.parametrize(
    ("former", "now"),
    [
        ("/organizer/people/ABCD2345/edit", "/organizer/attendees/ABCD2345/edit"),
        ("/organizer/outbox?state=failed&q=%E6%9D%8E", "/organizer/emails?state=failed&q=%E6%9D%8E"),
        ("/zh/organizer/doors", "/zh/organizer/checkpoints"),
        ("/organizer/people/%E6%9D%8E%3F", "/organizer/attendees/%E6%9D%8E%3F"),
    ],
)
def test_former_address_when_it_says_more_then_path_language_and_query_are_kept(
    former: str, now: str, client: FlaskClient
) -> None:
    answer = client.get(former)

    assert (answer.status_code, answer.location) == (301, now)
