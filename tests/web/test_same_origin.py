"""Forms without a token: which requests count as sent from our own pages."""

from flask import Flask

from expo.editions.queries import EditionFacts


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
