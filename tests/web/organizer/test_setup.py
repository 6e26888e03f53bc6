"""From an empty database: the checklist, the first expo, the pages that are there before one."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import create_admin
from expo.checkin.queries.checkpoints import list_checkpoints
from expo.checkin.services.checkpoints import CheckpointWish, create_checkpoint
from expo.editions.queries import EditionFacts, find_current_edition, get_edition
from expo.editions.rules import HallRequest, RegistrationState, RegistrationWindow
from expo.editions.services import create_hall, set_registration_window
from expo.flows.team import invite_to_team
from expo.mail.queries import list_letters
from expo.reports.setup import StepName, StepState, get_setup
from tests.make import make_ticket_type
from tests.web.organizer.conftest import SignIn, browser_of

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


def _window(opens_at: str = "", closes_at: str = "") -> dict[str, str]:
    return {"is_open": "y", "opens_at": opens_at, "closes_at": closes_at}


def _states(page: str) -> dict[str, str]:
    return dict(re.findall(r'id="step-(\w+)" data-state="(\w+)"', page))


def test_organizer_pages_when_there_is_no_expo_then_lead_to_the_checklist(first_admin: FlaskClient) -> None:
    paths = ("", "/", "/people", "/program", "/doors", "/settings", "/settings/expos", "/settings/venue")

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
    create_checkpoint(SYSTEM, edition.id, "main", CheckpointWish({"en": "Main"}), now)
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
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and not rule.arguments]

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

    assert "Registration is not open at the moment." in off.text
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
    assert "Registration would close before it opens" in answer.text


def test_team_when_somebody_is_invited_then_gets_the_role_and_an_e_mail_once(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    data = {"email": "steward@example.org", "role": "steward"}

    first = organizer.post("/organizer/settings/people", data=data, follow_redirects=True)
    second = organizer.post("/organizer/settings/people", data=data, follow_redirects=True)

    [letter] = list_letters(edition.id)
    assert "steward@example.org has the role Steward now." in first.text
    assert "steward@example.org already has the role Steward." in second.text
    assert (letter.message, letter.to_email) == ("accounts/invitation", "steward@example.org")


@pytest.mark.parametrize("language", ["en", "zh", "ar"])
def test_invitation_when_put_into_words_then_names_expo_role_and_sign_in_page(app: Flask, language: str) -> None:
    from expo.mail.words import put_into_words

    words = put_into_words(
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


def test_moments_when_shown_again_in_the_form_then_are_in_the_time_of_the_expo(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    organizer.post("/organizer/settings/registration", data={"is_open": "y", "opens_at": "2027-03-02T09:00"})

    assert get_edition(edition.id).registration.opens_at == datetime(2027, 3, 2, 1, 0, tzinfo=UTC)
    assert 'value="2027-03-02T09:00"' in organizer.get("/organizer/settings/registration").text


def test_checkpoints_when_moved_exported_and_deleted_in_the_browser_then_list_follows(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    for code in ("a", "b", "c"):
        data = {"code": code, "name-en": code.upper(), "who": "everyone", "hall_id": "0", "room_id": "0"}
        organizer.post("/organizer/doors/new", data=data)

    organizer.post("/organizer/doors/c/move/up")
    question = organizer.get("/organizer/doors/a/delete")
    organizer.post("/organizer/doors/a/delete")
    csv = organizer.get("/organizer/doors/export.csv")

    assert "Delete the checkpoint A?" in question.text
    assert [each.code for each in list_checkpoints(edition.id)] == ["c", "b"]
    assert [line.split(",")[:2] for line in csv.data.decode("utf-8-sig").splitlines()[1:]] == [["c", "C"], ["b", "B"]]
