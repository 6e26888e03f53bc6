"""Roles are given and removed."""

from datetime import datetime

from flask.testing import FlaskClient

from expo.accounts.queries import find_person_by_email, list_roles
from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import ensure_person, grant_role
from expo.editions.queries import EditionFacts


def test_role_when_given_and_taken_then_it_is_so(organizer: FlaskClient, edition: EditionFacts, now: datetime) -> None:
    organizer.post("/organizer/settings/team", data={"email": "new@example.org", "role": "desk"})
    person = find_person_by_email("new@example.org")
    assert person is not None
    given = list_roles(person.id, edition.id)
    organizer.post(f"/organizer/settings/team/{person.id}/roles/desk/remove")
    assert (given, list_roles(person.id, edition.id)) == (frozenset({Role.DESK}), frozenset())


def test_role_when_the_last_organizer_would_go_then_refused(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    own = find_person_by_email("organizer@example.org")
    assert own is not None
    path = f"/organizer/settings/team/{own.id}/roles/organizer/remove"
    refused = organizer.post(path)
    assert (refused.status_code, "This is the only organizer of the expo." in refused.text) == (409, True)
    grant_role(SYSTEM, edition.id, ensure_person("second@example.org", "", "en", now), Role.ORGANIZER, now)
    assert organizer.post(path).status_code == 302
    assert organizer.get("/organizer/settings").status_code == 403


def test_role_when_the_address_is_wrong_then_said_there(organizer: FlaskClient) -> None:
    answer = organizer.post("/organizer/settings/team", data={"email": "not an address", "role": "desk"})
    assert (answer.status_code, 'id="email-error"' in answer.text, "not an address" in answer.text) == (422, True, True)
