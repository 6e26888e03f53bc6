"""Session types: add, change, reorder, delete."""

from datetime import datetime

import pytest
from flask.testing import FlaskClient

from expo.accounts.rules import Role
from expo.editions.queries import EditionFacts
from expo.program.queries import get_any_session, list_types
from tests.web.organizer.conftest import SignIn
from tests.web.organizer.program_forms import make_session, publish

PATH = "/organizer/program/types"


def test_types_when_added_changed_and_moved_then_listed_so(organizer: FlaskClient, edition: EditionFacts) -> None:
    organizer.post(f"{PATH}/new", data={"name-en": "Talk", "minutes": "40"})
    organizer.post(f"{PATH}/new", data={"name-en": "Tea break", "is_break": "y"})
    organizer.post(f"{PATH}/tea-break/move/up")
    version = list_types(edition.id)[1].version

    saved = organizer.post(f"{PATH}/talk/edit", data={"name-en": "Talk", "minutes": "45", "version": version})
    refused = organizer.post(f"{PATH}/talk/edit", data={"name-en": "Talk", "minutes": "50", "version": version})
    wrong = organizer.post(f"{PATH}/new", data={"name-en": "Long", "minutes": "9999999"})

    rows = [(each.code, each.minutes, each.is_break) for each in list_types(edition.id)]
    assert rows == [("tea-break", None, True), ("talk", 45, False)]
    assert (saved.status_code, refused.status_code, wrong.status_code) == (302, 409, 422)
    assert "<bdi>45</bdi>" in refused.text


def test_type_when_duplicated_then_the_form_has_its_values(organizer: FlaskClient) -> None:
    organizer.post(f"{PATH}/new", data={"name-en": "Lightning talk", "minutes": "7"})

    page = organizer.get(f"{PATH}/new?copy=lightning-talk").text

    assert ("Duplicate Lightning talk" in page, 'value="Lightning talk (2)"' in page) == (True, True)
    assert 'value="7"' in page


def test_type_when_it_has_a_name_of_its_own_then_visitors_read_it(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    organizer.post(f"{PATH}/new", data={"name-en": "Lightning talk", "name-zh": "闪电演讲"})
    publish(make_session(edition, "First", now, kind="lightning-talk"))

    pages = [organizer.application.test_client().get(f"/{code}/sessions/first").text for code in ("en", "zh")]

    assert ["Lightning talk" in pages[0], "闪电演讲" in pages[1]] == [True, True]


def test_type_when_deleted_then_first_counted_what_it_has(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    organizer.post(f"{PATH}/new", data={"name-en": "Talk"})
    make_session(edition, "First", now, kind="talk")

    asked = organizer.get(f"{PATH}/talk/delete").text
    organizer.post(f"{PATH}/talk/delete")

    assert "1 session will be left without a type." in asked
    assert (list_types(edition.id), get_any_session(edition.id, "first").row.kind) == ([], "")


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.DESK])
def test_type_when_others_try_to_change_it_then_refused(
    role: Role, sign_in: SignIn, organizer: FlaskClient, edition: EditionFacts
) -> None:
    organizer.post(f"{PATH}/new", data={"name-en": "Talk"})
    person = sign_in(role)

    paths = [f"{PATH}/{path}" for path in ("new", "talk/edit", "talk/delete", "talk/move/up")]
    statuses = {person.post(path, data={"name-en": "X"}).status_code for path in paths}

    assert (statuses, [each.code for each in list_types(edition.id)]) == ({403}, ["talk"])
