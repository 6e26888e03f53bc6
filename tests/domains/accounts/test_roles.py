from datetime import datetime

import pytest
from flask import Flask

from expo.accounts.errors import PermissionMissing
from expo.accounts.queries import actor_for_person, find_person
from expo.accounts.rules import ANONYMOUS, SYSTEM, Permission, Role
from expo.accounts.services import ensure_person, grant_role
from expo.editions.queries import EditionFacts
from tests.conftest import make_edition


def test_grant_role_when_given_twice_then_holds_in_that_edition_alone(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    other = make_edition(now, "expo-2028", 2028)
    person_id = ensure_person("Li@Example.org", "李雷", "zh", now)

    grant_role(SYSTEM, edition.id, person_id, Role.STEWARD, now)
    grant_role(SYSTEM, edition.id, person_id, Role.STEWARD, now)

    person = find_person(person_id)
    assert person is not None
    assert actor_for_person(person, edition.id).permissions == {Permission.SCAN, Permission.REGISTER}
    assert actor_for_person(person, edition.id).may(Permission.SCAN, other.id) is False
    assert actor_for_person(person, other.id).roles == frozenset()


def test_grant_role_when_anonymous_then_refused(each_app: Flask, edition: EditionFacts, now: datetime) -> None:
    person_id = ensure_person("li@example.org", "李雷", "zh", now)

    with pytest.raises(PermissionMissing):
        grant_role(ANONYMOUS, edition.id, person_id, Role.ORGANIZER, now)
