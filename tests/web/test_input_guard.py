"""What a browser sends reaches the views clean, and hosts that are not ours are refused."""

from typing import NoReturn

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import DataError, OperationalError

from expo.editions.queries import EditionFacts
from expo.web.kit.input_guard import MAX_NUMBER, read_number


@pytest.mark.parametrize("text", ["", "-1", "+1", " 1", "1.0", "٣", "²", "１", str(MAX_NUMBER + 1), "9" * 5000, "1_0"])
def test_number_when_no_row_could_have_it_then_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        read_number(text)


def test_number_when_an_id_then_read() -> None:
    assert [read_number(text) for text in ("0", "007", str(MAX_NUMBER))] == [0, 7, MAX_NUMBER]


@pytest.mark.each_case_on_postgresql
@pytest.mark.parametrize("path", ["/program/%00", "/exhibitors/a%00b", "/sessions/%1b", "/speakers/" + "a" * 3000])
def test_path_when_it_holds_what_no_address_has_then_not_found(
    path: str, client: FlaskClient, edition: EditionFacts
) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.each_case_on_postgresql
@pytest.mark.parametrize("page", [str(2**63), "-5", "٣", "x", "9" * 5000])
def test_query_when_a_number_is_out_of_range_then_the_first_page(
    page: str, client: FlaskClient, edition: EditionFacts
) -> None:
    assert client.get("/exhibitors", query_string={"page": page, "q": "a\x00b"}).status_code == 200


def test_registration_when_a_field_holds_nul_then_the_rest_is_kept(client: FlaskClient, edition: EditionFacts) -> None:
    page = client.post("/register", data={"step": "details", "go": "add", "attendees-0-name": "Ann\x00 Lee"})

    assert (page.status_code, 'value="Ann Lee"' in page.text) == (200, True)


@pytest.mark.parametrize("go", ["remove-²", "remove-٣", "remove-" + "9" * 5000, "remove--1", "remove-0"])
def test_registration_when_asked_to_remove_nobody_then_everybody_stays(
    go: str, client: FlaskClient, edition: EditionFacts
) -> None:
    page = client.post("/register", data={"step": "details", "go": go, "attendees-0-name": "Ann Lee"})

    assert (page.status_code, 'value="Ann Lee"' in page.text) == (200, True)


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "localhost.evil.example", "127.0.0.1.evil.example"]
)
def test_host_when_not_ours_then_refused(host: str, client: FlaskClient, edition: EditionFacts) -> None:
    answer = client.get("/", headers={"Host": host})

    assert (answer.status_code, host.encode() in answer.data) == (400, False)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:8000", "[::1]:8000", "10.0.0.7"])
def test_host_when_ours_or_an_address_then_served(host: str, client: FlaskClient, edition: EditionFacts) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


def test_calendar_when_asked_by_another_address_then_links_lead_to_the_public_one(
    client: FlaskClient, edition: EditionFacts
) -> None:
    feeds = [
        client.get(path, headers={"Host": "10.9.8.7"}).data
        for path in ("/program/schedule.ics", "/program/schedule.xml")
    ]

    assert [b"10.9.8.7" in feed for feed in feeds] == [False, False]


def _raise(error: Exception) -> NoReturn:
    raise error


def test_error_page_when_the_database_refuses_a_value_then_422(app: Flask, edition: EditionFacts) -> None:
    error = DataError("INSERT", {}, ValueError("too long"))
    app.view_functions["public.home"], shown = (lambda: _raise(error)), app.view_functions["public.home"]
    try:
        answer = app.test_client().get("/en/")
    finally:
        app.view_functions["public.home"] = shown

    assert (answer.status_code, "too long or out of range" in answer.text) == (422, True)


def test_error_page_when_the_database_is_gone_then_shown_without_it(
    app: Flask, edition: EditionFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = OperationalError("SELECT", {}, ConnectionError("gone"))
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr("expo.web.kit.access.find_current_edition", lambda: _raise(error))
    try:
        answer = app.test_client().get("/en/")
    finally:
        app.testing = True
        app.config["PROPAGATE_EXCEPTIONS"] = None

    assert (answer.status_code // 100, "<h1>" in answer.text) == (5, True)
