"""API tokens are created and revoked."""

import re

from flask.testing import FlaskClient

from expo.accounts.queries import find_token_actor, list_api_tokens
from expo.editions.queries import EditionFacts


def test_token_when_made_then_its_secret_is_shown_once_and_works_until_revoked(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    page = organizer.post("/organizer/settings/api-tokens", data={"name": "Gate", "permissions": ["scan"]}).text
    [secret] = set(re.findall(r"expo_[\w-]{20,}", page))
    actor = find_token_actor(secret)
    [token] = list_api_tokens(edition.id)
    assert (actor is not None, secret in organizer.get("/organizer/settings/api-tokens").text) == (True, False)
    organizer.post(f"/organizer/settings/api-tokens/{token.id}/revoke")
    assert find_token_actor(secret) is None


def test_token_when_nothing_is_ticked_then_said_there(organizer: FlaskClient, edition: EditionFacts) -> None:
    answer = organizer.post("/organizer/settings/api-tokens", data={"name": "Gate"})
    assert (answer.status_code, 'id="permissions-error"' in answer.text) == (422, True)
    assert list_api_tokens(edition.id) == []
