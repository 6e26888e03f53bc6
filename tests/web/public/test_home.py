"""Files that browsers request along with the home page."""

from flask import Flask


def test_favicon_when_asked_for_by_its_old_address_then_leads_to_the_icon_without_a_cookie(app: Flask) -> None:
    client = app.test_client()

    answer = client.get("/favicon.ico")

    assert (answer.status_code, "Set-Cookie" in answer.headers) == (302, False)
    with client.get(answer.location) as icon:
        assert icon.mimetype == "image/svg+xml"
