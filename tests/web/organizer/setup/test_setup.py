"""From an empty database: the checklist, the first expo, the pages that exist before it."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import create_admin
from expo.checkin.services.checkpoints import CheckpointRequest, create_checkpoint
from expo.editions.queries import EditionFacts, find_current_edition, get_edition
from expo.editions.rules import HallRequest, RegistrationState, RegistrationWindow
from expo.editions.services import create_hall, set_registration_window
from expo.flows.team import invite_to_team
from expo.reports.setup import StepName, StepState, get_setup
from tests.make import make_ticket_type
from tests.sessions import browser_of
from tests.web.organizer.conftest import SignIn

FIRST_EXPO = {
    "slug": "expo-2027",
    "title-en": "Big Data Expo",
    "title-zh": "数博会",
    "starts_on": "2027-05-26",
    "ends_on": "2027-05-28",
    "time_zone": "Asia/Shanghai",
}


@pytest.fixture
def first_admin(app: Flask, now: datetime) -> FlaskClient:
    """The browser of an administrator of an installation without any expo."""
    return browser_of(app, create_admin(SYSTEM, "admin@example.org", now))


def _states(page: str) -> dict[str, str]:
    return dict(re.findall(r'id="step-(\w+)" data-state="(\w+)"', page))


def test_organizer_pages_when_there_is_no_expo_then_lead_to_the_checklist(first_admin: FlaskClient) -> None:
    paths = ("", "/", "/attendees", "/program", "/checkpoints", "/settings", "/settings/expos", "/settings/venue")

    leads = {first_admin.get(f"/organizer{path}").location for path in paths}
    page = first_admin.get("/organizer/setup")

    assert leads == {"/organizer/setup"}
    assert page.status_code == 200
    assert _states(page.text) == {each.value: "to_do" for each in StepName} | {"team": "optional"}


def test_expo_when_it_is_the_first_then_is_made_current_with_registration_closed(first_admin: FlaskClient) -> None:
    form = first_admin.get("/organizer/setup/expo")
    answer = first_admin.post("/organizer/setup/expo", data=FIRST_EXPO)

    edition = find_current_edition()
    assert form.status_code == 200
    assert answer.location == "/organizer/setup"
    assert edition is not None
    assert (edition.slug, edition.languages) == ("expo-2027", ("en", "zh"))
    assert edition.registration == RegistrationWindow(is_open=False)
    assert _states(first_admin.get("/organizer/setup").text)["edition"] == "done"


def test_expo_when_form_is_wrong_then_is_shown_again_and_none_is_made(first_admin: FlaskClient) -> None:
    answer = first_admin.post("/organizer/setup/expo", data=FIRST_EXPO | {"ends_on": "2027-05-01"})

    assert answer.status_code == 422
    assert "Big Data Expo" in answer.text
    assert find_current_edition() is None


def test_setup_when_things_are_made_then_each_step_follows_the_data(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    set_registration_window(SYSTEM, edition.id, RegistrationWindow(is_open=False), now)
    before = get_setup(get_edition(edition.id), now)

    create_hall(SYSTEM, edition.id, HallRequest({"en": "Hall"}), now)
    make_ticket_type(edition, now)
    create_checkpoint(SYSTEM, edition.id, "main", CheckpointRequest({"en": "Main"}), now)
    without_registration = get_setup(get_edition(edition.id), now)
    invite_to_team(SYSTEM, edition.id, "steward@example.org", Role.STEWARD, "en", now)
    later = RegistrationWindow(is_open=True, opens_at=now + timedelta(days=1))
    set_registration_window(SYSTEM, edition.id, later, now)
    after = get_setup(get_edition(edition.id), now)

    done, to_do = StepState.DONE, StepState.TO_DO
    assert [each.state for each in before.steps] == [done, to_do, to_do, to_do, StepState.OPTIONAL, to_do]
    assert [each.state for each in without_registration.steps] == [done] * 4 + [StepState.OPTIONAL, to_do]
    assert (before.is_finished, without_registration.is_finished, after.is_finished) == (False, False, True)
    assert after.registration is RegistrationState.NOT_YET
    assert after.done == 6


def test_checklist_when_asked_for_by_others_than_organizers_then_is_refused(sign_in: SignIn) -> None:
    assert sign_in(Role.ORGANIZER).get("/organizer/setup").status_code == 200
    assert sign_in(Role.DESK).get("/organizer/setup").status_code == 403
    assert sign_in(Role.PROGRAM_MANAGER).get("/organizer/setup").status_code == 403
    assert sign_in(Role.ORGANIZER).get("/organizer/setup/expo").status_code == 403


def test_today_when_set_up_is_not_finished_then_says_so(organizer: FlaskClient, edition: EditionFacts) -> None:
    page = organizer.get("/organizer/")

    assert "Finish setting up your expo" in page.text


def test_pages_when_there_is_no_expo_then_none_breaks(app: Flask, client: FlaskClient) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments]

    broken = {}
    for rule in rules:
        with client.get(rule.rule) as answer:
            if answer.status_code >= 500 and rule.endpoint != "operations.readyz":
                broken[rule.rule] = answer.status_code

    assert len(rules) > 60
    assert broken == {}


def test_home_when_there_is_no_expo_then_is_a_friendly_page_and_leads_the_administrator_on(
    client: FlaskClient, first_admin: FlaskClient
) -> None:
    visitor, administrator = client.get("/"), first_admin.get("/")

    assert (visitor.status_code, administrator.status_code) == (200, 200)
    assert "Our next expo will be announced here" in visitor.text
    assert "flask expo" not in visitor.text
    assert 'href="/organizer/setup"' in administrator.text


def test_api_when_there_is_no_expo_then_answers_with_a_problem(client: FlaskClient) -> None:
    answer = client.get("/api/v1/sessions")

    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"
    assert client.get("/api/v1/openapi.json").status_code == 200
