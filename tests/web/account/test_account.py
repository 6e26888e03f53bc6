"""The account pages: password, confirmation, devices; for nobody but their owner, and only after a fresh proof."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pyotp
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from expo.accounts.errors import ConfirmationRequired, PermissionMissing
from expo.accounts.queries import actor_for_person, find_person, list_sessions
from expo.accounts.rules import (
    CONFIRMED_FOR,
    LAST_SEEN_STEP,
    SIGNED_IN_SESSION,
    SYSTEM,
    Actor,
    Level,
    Permission,
    Role,
    SignInWay,
)
from expo.accounts.services import (
    create_admin,
    create_api_token,
    ensure_person,
    grant_role,
    issue_sign_in_link,
    revoke_role,
    set_password,
    sign_in_with_password,
)
from expo.accounts.services.sessions import (
    complete_session,
    confirm_session,
    delete_ended_sessions,
    end_own_session,
    start_session,
)
from expo.badges.services import create_signing_key
from expo.editions.queries import EditionFacts
from expo.editions.services import set_second_factor_roles
from expo.errors import ExpoError, Missing, Refused
from expo.infra.clock import utcnow
from expo.infra.db import db
from expo.registration.queries import AttendeeFilter
from expo.reports.people import export_people
from expo.web.account.sessions import own_session
from tests.emails import newest_link
from tests.make import make_attendee
from tests.second_factors import add_authenticator, add_recovery_codes
from tests.sessions import begin_session_of, browser_of

EMAIL = "li@example.org"
PASSWORD = "a pond with seven frogs"
NEW = "a river with nine otters"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def li(app: Flask, edition: EditionFacts, now: datetime) -> int:
    person_id = ensure_person(EMAIL, "Li Lei", "en", now)
    set_password(SYSTEM, person_id, PASSWORD, now)
    return person_id


@pytest.fixture
def browser(app: Flask, li: int) -> FlaskClient:
    """A browser in which Li signed in a while ago."""
    return browser_of(app, li, level=Level.SIGNED_IN)


def opens(browser: FlaskClient, path: str) -> bool:
    return browser.get(path).status_code == 200


def is_password(password: str) -> bool:
    db.session.rollback()
    try:
        sign_in_with_password(EMAIL, password)
    except ExpoError:
        return False
    return True


def test_confirmation_when_needed_then_asks_and_returns_to_where_one_was(browser: FlaskClient) -> None:
    asked = browser.get("/account/password")
    page = browser.get(asked.location)

    assert asked.location == "/account/confirm?next=/account/password"
    assert (page.status_code, 'value="/account/password"' in page.text) == (200, True)
    answer = browser.post("/account/confirm/password", data={"password": PASSWORD, "next": "/account/password"})
    assert (answer.status_code, answer.location) == (302, "/account/password")
    assert opens(browser, "/account/password")


def test_confirmation_when_half_an_hour_is_over_then_needed_again(li: int, app: Flask) -> None:
    browser = browser_of(app, li)
    assert opens(browser, "/account/password")

    with time_machine.travel(utcnow() + CONFIRMED_FOR + timedelta(seconds=1)):
        assert not opens(browser, "/account/password")
        assert opens(browser, "/account")


@pytest.mark.parametrize("typed", ["", "wrong password"])
def test_confirmation_when_the_password_is_wrong_then_refused(typed: str, browser: FlaskClient) -> None:
    answer = browser.post("/account/confirm/password", data={"password": typed, "next": "/account/password"})

    assert (answer.status_code, "/account/password" in answer.text) == (422, True)
    assert not opens(browser, "/account/password")


def test_confirmation_when_guessed_often_then_stopped(browser: FlaskClient) -> None:
    statuses = [browser.post("/account/confirm/password", data={"password": "wrong"}).status_code for _ in range(11)]

    assert statuses == [422] * 10 + [429]


def test_confirmation_when_asked_by_a_form_then_nothing_is_done_yet_and_leads_back(
    li: int, app: Flask, edition: EditionFacts, now: datetime
) -> None:
    grant_role(SYSTEM, edition.id, li, Role.ORGANIZER, now)
    browser = browser_of(app, li, level=Level.SIGNED_IN)
    form = {"email": "new@example.org", "role": "desk"}
    headers = {"Referer": "http://localhost/organizer/settings/team?x=1"}

    answer = browser.post("/organizer/settings/team", data=form, headers=headers)
    foreign = browser.post("/organizer/settings/team", data=form, headers={"Referer": "https://evil.example/"})

    assert answer.location == "/account/confirm?next=/organizer/settings/team?x%3D1"
    assert foreign.location == "/account/confirm?next=/account"
    assert "Nothing has been changed yet" in browser.get(answer.location).text


def test_confirmation_when_there_is_a_second_factor_then_by_that_alone(li: int, app: Flask) -> None:
    secret = add_authenticator(li)
    browser = browser_of(app, li, level=Level.SIGNED_IN)

    by_password = browser.post("/account/confirm/password", data={"password": PASSWORD})
    by_link = browser.post(issue_sign_in_link(SYSTEM, li, utcnow()).partition("8000")[2])
    empty = browser.post("/account/confirm/code", data={"code": ""})
    wrong = browser.post("/account/confirm/code", data={"code": "000000"})
    before = opens(browser, "/account/password")
    code = pyotp.TOTP(secret).at(utcnow() + timedelta(seconds=30))
    right = browser.post("/account/confirm/code", data={"code": code, "next": "//evil.example"})

    assert [each.status_code for each in (by_password, by_link, empty, wrong)] == [422, 302, 422, 422]
    assert "Use it instead of your password" in by_password.text
    assert (before, right.location, opens(browser, "/account/password")) == (False, "/account", True)


def test_confirmation_when_by_a_mailed_link_then_proves_the_address_too(browser: FlaskClient) -> None:
    sent = browser.post("/account/confirm/link", data={"next": "/account/password"})
    used = browser.post(newest_link(EMAIL))
    page = browser.get("/account/password")

    assert (sent.location, used.location) == ("/sign-in/sent", "/account/password")
    assert (page.status_code, "old_password" in page.text) == (200, False)
    assert browser.post("/account/password", data={"password": NEW}).status_code == 302
    assert (is_password(NEW), is_password(PASSWORD)) == (True, False)


def test_password_when_changed_with_the_old_one_then_other_sessions_and_links_end(li: int, app: Flask) -> None:
    browser, elsewhere = browser_of(app, li), browser_of(app, li)
    link = issue_sign_in_link(SYSTEM, li, utcnow()).partition("8000")[2]

    answer = browser.post("/account/password", data={"old_password": PASSWORD, "password": NEW})

    assert answer.status_code == 302
    assert (opens(browser, "/account"), opens(elsewhere, "/account")) == (True, False)
    assert app.test_client().post(link).status_code == 410
    assert is_password(NEW)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"old_password": "wrong", "password": NEW}, "Your current password is incorrect."),
        ({"old_password": PASSWORD, "password": "short"}, "This password is too easy to guess."),
        ({"old_password": "", "password": NEW}, "Enter your current password."),
    ],
)
def test_password_when_something_is_wrong_then_stays(typed: dict[str, str], words: str, li: int, app: Flask) -> None:
    answer = browser_of(app, li).post("/account/password", data=typed)

    assert (answer.status_code, words in answer.text) == (422, True)
    assert is_password(PASSWORD)


def test_password_when_the_old_one_is_guessed_then_stopped(li: int, app: Flask) -> None:
    browser = browser_of(app, li)
    typed = {"old_password": "wrong", "password": NEW}

    statuses = [browser.post("/account/password", data=typed).status_code for _ in range(11)]

    assert statuses == [422] * 10 + [429]


def test_password_when_there_is_none_then_the_address_is_proved_first(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    browser = browser_of(app, ensure_person("new@example.org", "", "en", now))

    page = browser.get("/account/password")
    unproved = browser.post("/account/password", data={"password": NEW})
    browser.post("/account/confirm/link", data={"next": "/account/password"})
    browser.post(newest_link("new@example.org"))
    weak = browser.post("/account/password", data={"password": "aaaaaaaaaaaa"})
    proved = browser.post("/account/password", data={"password": NEW})
    again = browser.post("/account/password", data={"password": PASSWORD})

    assert (
        "First, confirm that you receive e-mails" in page.text,
        "First, confirm that you receive e-mails" in unproved.text,
    ) == (True, True)
    assert (weak.status_code, proved.status_code, again.status_code) == (422, 302, 422)


def test_password_when_set_for_somebody_else_then_refused(li: int, now: datetime) -> None:
    other = find_person(ensure_person("other@example.org", "", "en", now))
    assert other is not None

    with pytest.raises(Refused):
        set_password(actor_for_person(other, None, Level.CONFIRMED), li, NEW, now, old_password=PASSWORD)


def test_account_when_shown_then_lists_the_own_devices_alone(
    li: int, app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann = make_attendee(edition, now, email="ann@example.org").attendee.person_id
    browser_of(app, ann)
    phone = app.test_client()
    phone.post("/sign-in", data={"email": EMAIL, "password": PASSWORD}, headers={"User-Agent": FIREFOX})

    page = phone.get("/account").text

    assert (page.count("Firefox, Windows"), page.count('/end"'), "This device" in page) == (1, 1, True)


def test_device_when_signed_out_then_that_session_ends(li: int, app: Flask) -> None:
    browser, phone = browser_of(app, li), browser_of(app, li)
    its_id = max(each.id for each in list_sessions(li, utcnow()))

    answer = browser.post(f"/account/sessions/{its_id}/end")

    assert answer.location == "/account"
    assert (opens(browser, "/account"), opens(phone, "/account")) == (True, False)
    assert browser.post(f"/account/sessions/{its_id}/end").status_code == 404


def test_device_when_it_is_the_own_then_signs_out_here(li: int, browser: FlaskClient) -> None:
    [own] = list_sessions(li, utcnow())

    assert browser.post(f"/account/sessions/{own.id}/end").location == "/"
    assert not opens(browser, "/account")


def test_sign_out_everywhere_when_pressed_then_every_session_and_link_ends(li: int, app: Flask) -> None:
    browser, phone = browser_of(app, li), browser_of(app, li)
    link = issue_sign_in_link(SYSTEM, li, utcnow()).partition("8000")[2]

    browser.post("/account/sign-out-everywhere")

    assert (opens(browser, "/account"), opens(phone, "/account")) == (False, False)
    assert app.test_client().post(link).status_code == 410
    assert list_sessions(li, utcnow()) == []


def test_session_when_its_time_is_over_then_ends_and_is_forgotten(li: int, app: Flask) -> None:
    browser, began = browser_of(app, li), utcnow()

    with time_machine.travel(began + SIGNED_IN_SESSION + timedelta(seconds=1)):
        assert not opens(browser, "/account")
        assert delete_ended_sessions(utcnow()) == 1
        assert delete_ended_sessions(utcnow()) == 0


def test_session_when_used_later_then_last_seen_follows(li: int, app: Flask) -> None:
    browser = browser_of(app, li)

    with time_machine.travel(utcnow() + LAST_SEEN_STEP + timedelta(minutes=1)):
        browser.get("/account")
        browser.get("/account")
        [seen] = list_sessions(li, utcnow())

        assert seen.last_seen_at - seen.created_at > LAST_SEEN_STEP


def test_session_when_a_role_is_given_or_taken_then_ends(
    li: int, app: Flask, edition: EditionFacts, now: datetime
) -> None:
    before_granted = browser_of(app, li)
    grant_role(SYSTEM, edition.id, li, Role.DESK, now)
    grant_role(SYSTEM, edition.id, li, Role.DESK, now)
    before_withdrawn = browser_of(app, li)
    revoke_role(SYSTEM, edition.id, li, Role.DESK, now)
    before_admin = browser_of(app, li)
    create_admin(SYSTEM, EMAIL, now)

    assert [opens(each, "/account") for each in (before_granted, before_withdrawn, before_admin)] == [False] * 3


def test_session_when_the_person_or_session_is_not_there_then_missing(li: int, now: datetime) -> None:
    with pytest.raises(Missing):
        begin_session_of(999)
    with pytest.raises(Missing):
        confirm_session(999, SignInWay.PASSWORD, now, has_second_factor=False)
    with pytest.raises(Refused):
        complete_session(999, SignInWay.PASSKEY, now)
    person = find_person(li)
    assert person is not None
    with pytest.raises(Refused):
        end_own_session(actor_for_person(person, None, Level.LINK), 1, now)


def _create_token(actor: Actor, edition: EditionFacts, now: datetime) -> object:
    return create_api_token(actor, edition.id, "x", [Permission.SCAN], now)


def _export(actor: Actor, edition: EditionFacts, now: datetime) -> object:
    return export_people(actor, edition, AttendeeFilter(), now)


def _create_key(actor: Actor, edition: EditionFacts, now: datetime) -> object:
    return create_signing_key(actor, edition.id, now)


def _grant(actor: Actor, edition: EditionFacts, now: datetime) -> None:
    grant_role(actor, edition.id, 1, Role.DESK, now)


def _change_second_factors(actor: Actor, edition: EditionFacts, now: datetime) -> None:
    set_second_factor_roles(actor, edition.id, [Role.DESK], now)


@pytest.mark.parametrize("act", [_create_token, _export, _create_key, _grant, _change_second_factors])
def test_sensitive_action_when_only_signed_in_then_the_service_asks_for_confirmation(
    act: Callable[[Actor, EditionFacts, datetime], object], li: int, edition: EditionFacts, now: datetime
) -> None:
    grant_role(SYSTEM, edition.id, li, Role.ORGANIZER, now)
    person = find_person(li)
    assert person is not None

    with pytest.raises(ConfirmationRequired):
        act(actor_for_person(person, edition.id, Level.SIGNED_IN), edition, now)
    act(actor_for_person(person, edition.id, Level.CONFIRMED), edition, now)


@pytest.mark.parametrize(
    "path",
    [
        "/organizer/settings/team",
        "/organizer/settings/api-tokens",
        "/organizer/settings/security",
        "/organizer/settings/badge-keys/rotate",
        "/organizer/attendees/export.csv",
        "/account/authenticator",
    ],
)
def test_sensitive_page_when_only_signed_in_then_leads_to_the_confirmation(
    path: str, li: int, app: Flask, edition: EditionFacts, now: datetime
) -> None:
    grant_role(SYSTEM, edition.id, li, Role.ORGANIZER, now)
    browser = browser_of(app, li, level=Level.SIGNED_IN)

    assert browser.get(path).location == f"/account/confirm?next={path}"


def test_second_factor_when_required_for_a_role_then_the_role_waits_for_it(
    li: int, app: Flask, edition: EditionFacts, now: datetime
) -> None:
    grant_role(SYSTEM, edition.id, li, Role.ORGANIZER, now)
    organizer = browser_of(app, li)
    page = organizer.get("/organizer/settings/security").text
    saved = organizer.post("/organizer/settings/security", data={"roles": ["organizer", "desk"]})

    closed = organizer.get("/organizer/")
    told = organizer.get("/account").text
    add_authenticator(li)
    opened = organizer.get("/organizer/")

    assert (EMAIL in page, saved.status_code) == (True, 302)
    assert (closed.status_code, closed.location) == (302, "/account")
    assert "This expo requires a second factor for your role." in told
    assert opened.status_code == 200
    assert "checked" in organizer.get("/organizer/settings/security").text
    assert organizer.post("/organizer/settings/security", data={"roles": ["nonsense"]}).status_code == 422
    assert add_recovery_codes(li) != add_recovery_codes(li)


def test_link_session_when_started_then_has_no_roles(li: int, app: Flask, edition: EditionFacts, now: datetime) -> None:
    grant_role(SYSTEM, edition.id, li, Role.ORGANIZER, now)
    browser = browser_of(app, li, level=Level.LINK)

    assert {browser.get(path).status_code for path in ("/account", "/organizer/", "/door/")} == {302}
    assert start_session(li, Level.LINK, SignInWay.ME_LINK, now) != ""


def test_own_session_when_nobody_is_signed_in_then_refused(app: Flask, edition: EditionFacts) -> None:
    with app.test_request_context("/account"), pytest.raises(PermissionMissing):
        own_session()
