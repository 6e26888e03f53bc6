"""Invitations to the team."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from expo.editions.queries import EditionFacts
from expo.mail.queries import list_emails


def test_team_when_somebody_is_invited_then_gets_the_role_and_an_e_mail_once(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    data = {"email": "steward@example.org", "role": "steward"}

    first = organizer.post("/organizer/settings/team", data=data, follow_redirects=True)
    second = organizer.post("/organizer/settings/team", data=data, follow_redirects=True)

    [letter] = list_emails(edition.id)
    assert "steward@example.org now has the role Steward." in first.text
    assert "steward@example.org already has the role Steward." in second.text
    assert (letter.message, letter.to_email) == ("accounts/invitation", "steward@example.org")


@pytest.mark.parametrize("language", ["en", "zh", "ar"])
def test_invitation_when_put_into_words_then_names_expo_role_and_sign_in_page(app: Flask, language: str) -> None:
    from expo.mail.rendering import render_email

    words = render_email(
        "accounts/invitation",
        language,
        {
            "edition_title": {"en": "Big Data Expo"},
            "contact_email": "",
            "email": "a@example.org",
            "role": "desk",
            "invited_by": "<Li>",
            "sign_in_page": "http://localhost/sign-in",
        },
        {},
        with_links=True,
    )

    assert "Big Data Expo" in words.subject
    assert "http://localhost/sign-in" in words.text
    assert "<Li>" in words.text
    assert "&lt;Li&gt;" in words.html
    assert "<Li>" not in words.html
