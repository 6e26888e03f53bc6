"""The style guide shows every component."""

from flask.testing import FlaskClient
from lxml import html


def test_styleguide_when_opened_then_shows_fields_with_their_errors(organizer: FlaskClient) -> None:
    answer = organizer.get("/organizer/styleguide")
    wrong = html.fromstring(answer.text).xpath("//*[@aria-invalid='true']/@name")

    assert (answer.status_code, wrong) == (200, ["name", "email"])
