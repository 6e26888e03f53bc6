"""The registration window, set in the browser."""

from datetime import UTC, datetime

from flask.testing import FlaskClient

from expo.editions.queries import EditionFacts, get_edition
from expo.editions.rules import RegistrationWindow
from tests.make import make_ticket_type


def _window(opens_at: str = "", closes_at: str = "") -> dict[str, str]:
    return {"is_open": "y", "opens_at": opens_at, "closes_at": closes_at}


def test_registration_window_when_set_on_the_page_then_public_pages_follow(
    organizer: FlaskClient, client: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)
    organizer.post("/organizer/settings/registration", data={"opens_at": "", "closes_at": ""})
    off = client.get("/register")
    refused = client.post("/register", data={"step": "check"})
    organizer.post("/organizer/settings/registration", data=_window("2999-03-01T09:00"))
    not_yet = client.get("/register")
    home = client.get("/").text
    organizer.post("/organizer/settings/registration", data=_window(closes_at="2001-03-01T09:00"))
    closed = client.get("/register")
    organizer.post("/organizer/settings/registration", data=_window())
    opened = client.get("/register")

    assert "Registration is currently closed." in off.text
    assert refused.status_code == 409
    assert "Registration opens on 1 March 2999 at 09:00" in not_yet.text
    assert "Registration opens on" in home
    assert 'href="/register' not in home
    assert "Registration has closed." in closed.text
    assert 'name="ticket_type"' in opened.text
    assert get_edition(edition.id).registration == RegistrationWindow(is_open=True)


def test_registration_window_when_times_are_reversed_then_form_says_so(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    answer = organizer.post(
        "/organizer/settings/registration",
        data={"is_open": "y", "opens_at": "2027-03-02T09:00", "closes_at": "2027-03-01T09:00"},
    )

    assert answer.status_code == 422
    assert "Registration closes before it opens" in answer.text


def test_moments_when_shown_again_in_the_form_then_are_in_the_time_of_the_expo(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    organizer.post("/organizer/settings/registration", data={"is_open": "y", "opens_at": "2027-03-02T09:00"})

    assert get_edition(edition.id).registration.opens_at == datetime(2027, 3, 2, 1, 0, tzinfo=UTC)
    assert 'value="2027-03-02T09:00"' in organizer.get("/organizer/settings/registration").text
