"""Setting up and removing passkeys, the authenticator app and recovery codes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pyotp
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from expo.accounts.queries import get_second_factors
from expo.accounts.rules import SYSTEM, Level
from expo.accounts.services import ensure_person, set_password
from expo.accounts.services.passkeys import CHALLENGE_LIFETIME, MAX_PASSKEYS
from expo.accounts.services.second_factors import (
    begin_authenticator,
    enable_authenticator,
    reset_second_factors,
    use_code,
)
from expo.editions.queries import EditionFacts
from expo.errors import Refused
from expo.infra.clock import utcnow
from expo.infra.db import db
from tests.passkeys import SoftwarePasskey
from tests.second_factors import add_authenticator, add_recovery_codes, confirmed
from tests.sessions import browser_of

EMAIL, PASSWORD = "li@example.org", "a pond with seven frogs"
SITE, ORIGIN = "localhost", "http://localhost:8000"


@pytest.fixture(autouse=True)
def _at_localhost(app: Flask) -> Iterator[None]:
    """Browsers make passkeys for names, not for addresses of numbers."""
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(settings, public_url=ORIGIN)
    yield
    app.config["SETTINGS"] = settings


@pytest.fixture
def li(app: Flask, edition: EditionFacts, now: datetime) -> int:
    person_id = ensure_person(EMAIL, "Li Lei", "en", now)
    set_password(SYSTEM, person_id, PASSWORD, now)
    return person_id


@pytest.fixture
def browser(app: Flask, li: int) -> FlaskClient:
    return browser_of(app, li)


@pytest.fixture
def passkey() -> SoftwarePasskey:
    return SoftwarePasskey(SITE, ORIGIN)


def add(browser: FlaskClient, passkey: SoftwarePasskey) -> int:
    options = browser.post("/account/passkeys/options").json
    assert options is not None
    return browser.post("/account/passkeys", json={"answer": passkey.register(options)}).status_code


def prove(browser: FlaskClient, passkey: SoftwarePasskey, where: str) -> tuple[int, str]:
    options = browser.post(f"{where}/options").json
    assert options is not None
    answer = browser.post(where, json={"answer": passkey.prove(options)})
    return answer.status_code, (answer.json or {}).get("location", "")


def factors_of(person_id: int) -> tuple[int, bool, int]:
    db.session.rollback()
    found = get_second_factors(person_id)
    return len(found.passkeys), found.has_authenticator, found.recovery_codes_left


def half_signed_in(app: Flask) -> FlaskClient:
    browser = app.test_client()
    browser.post("/sign-in", data={"email": EMAIL, "password": PASSWORD, "next": "/account"})
    return browser


def test_passkey_when_added_then_signs_in_and_confirms(
    li: int, app: Flask, browser: FlaskClient, passkey: SoftwarePasskey
) -> None:
    assert add(browser, passkey) == 200
    assert factors_of(li) == (1, False, 0)

    other = half_signed_in(app)
    before = other.get("/account").status_code
    assert prove(other, passkey, "/sign-in/second-step/passkey") == (200, "/account")
    assert (before, other.get("/account").status_code) == (302, 200)

    old = browser_of(app, li, level=Level.SIGNED_IN)
    assert prove(old, passkey, "/account/confirm/passkey") == (200, "/account")
    assert old.get("/account/password").status_code == 200
    page = old.get("/account/confirm?next=/account").text
    assert ("Use a passkey" in page, "Forgot your password?" in page) == (True, False)


def test_passkey_when_the_answer_is_replayed_then_refused(
    li: int, app: Flask, browser: FlaskClient, passkey: SoftwarePasskey
) -> None:
    add(browser, passkey)
    other = half_signed_in(app)
    answer = passkey.prove(other.post("/sign-in/second-step/passkey/options").get_json())

    first = other.post("/sign-in/second-step/passkey", json={"answer": answer})
    thief = half_signed_in(app)
    thief.post("/sign-in/second-step/passkey/options")
    second = thief.post("/sign-in/second-step/passkey", json={"answer": answer})

    assert (first.status_code, second.status_code) == (200, 403)


def test_passkey_when_of_another_person_site_or_origin_then_refused(
    li: int, app: Flask, browser: FlaskClient, passkey: SoftwarePasskey, now: datetime
) -> None:
    add(browser, passkey)
    other_id = ensure_person("other@example.org", "", "en", now)
    others = SoftwarePasskey(SITE, ORIGIN)
    add(browser_of(app, other_id), others)
    strange = SoftwarePasskey("evil.example", "https://evil.example")
    strange.id, strange.key = passkey.id, passkey.key

    answers = [prove(half_signed_in(app), each, "/sign-in/second-step/passkey")[0] for each in (others, strange)]

    assert answers == [403, 403]
    assert add(browser, SoftwarePasskey("evil.example", "https://evil.example")) == 403
    assert add(browser, others) == 403  # this credential is somebody else's


@pytest.mark.parametrize("body", [None, [], {}, {"answer": "x"}, {"answer": {}}, {"answer": {"rawId": "é"}}])
def test_passkey_when_the_answer_is_nonsense_then_refused(
    body: object, li: int, app: Flask, browser: FlaskClient, passkey: SoftwarePasskey
) -> None:
    add(browser, passkey)
    other = half_signed_in(app)
    other.post("/sign-in/second-step/passkey/options")
    browser.post("/account/passkeys/options")

    answers = [other.post("/sign-in/second-step/passkey", json=body), browser.post("/account/passkeys", json=body)]

    assert [answer.status_code for answer in answers] == [403, 403]


def test_passkey_when_the_answer_comes_late_then_refused(
    li: int, app: Flask, browser: FlaskClient, passkey: SoftwarePasskey
) -> None:
    add(browser, passkey)
    other = half_signed_in(app)
    answer = passkey.prove(other.post("/sign-in/second-step/passkey/options").get_json())

    with time_machine.travel(utcnow() + CHALLENGE_LIFETIME + timedelta(seconds=1)):
        late = other.post("/sign-in/second-step/passkey", json={"answer": answer})

    assert late.status_code == 403


def test_passkey_when_nobody_is_signing_in_then_refused(li: int, client: FlaskClient) -> None:
    answers = [client.post(f"/sign-in/second-step/passkey{path}").status_code for path in ("", "/options")]

    assert answers == [403, 403]


def test_passkeys_when_there_are_many_then_no_more(li: int, browser: FlaskClient) -> None:
    statuses = [add(browser, SoftwarePasskey(SITE, ORIGIN)) for _ in range(MAX_PASSKEYS)]

    assert statuses == [200] * MAX_PASSKEYS
    assert browser.post("/account/passkeys/options").status_code == 409


def test_passkey_when_removed_then_gone_with_the_recovery_codes(
    li: int, browser: FlaskClient, passkey: SoftwarePasskey
) -> None:
    add(browser, passkey)
    add_recovery_codes(li)
    [row] = get_second_factors(li).passkeys

    first = browser.post(f"/account/passkeys/{row.id}/remove")
    second = browser.post(f"/account/passkeys/{row.id}/remove")

    assert (first.status_code, second.status_code, factors_of(li)) == (302, 404, (0, False, 0))


def test_authenticator_when_set_up_then_counts_from_its_first_code(li: int, browser: FlaskClient) -> None:
    assert browser.get("/account/authenticator").location == "/account"
    browser.post("/account/authenticator/begin")
    page = browser.get("/account/authenticator").text
    secret = page.partition("<code")[2].partition(">")[2].partition("<")[0]
    wrong = browser.post("/account/authenticator", data={"code": "000000"})
    before = factors_of(li)
    right = browser.post("/account/authenticator", data={"code": pyotp.TOTP(secret).at(utcnow())})

    assert ("<svg" in page, wrong.status_code, before) == (True, 422, (0, False, 0))
    assert (right.status_code, right.text.count("<code"), factors_of(li)) == (200, 10, (0, True, 10))
    assert browser.post("/account/authenticator/begin").status_code == 409
    assert browser.get("/account/authenticator").location == "/account"


def test_authenticator_when_removed_then_gone_and_no_codes_are_made(li: int, browser: FlaskClient) -> None:
    add_authenticator(li)
    removed = [browser.post("/account/authenticator/remove").status_code for _ in range(2)]

    assert (removed, factors_of(li)) == ([302, 404], (0, False, 0))
    assert browser.post("/account/recovery-codes").status_code == 409


def test_authenticator_when_a_passkey_has_codes_then_they_stay(
    li: int, browser: FlaskClient, passkey: SoftwarePasskey
) -> None:
    add(browser, passkey)
    browser.post("/account/recovery-codes")
    browser.post("/account/authenticator/begin")
    page = browser.get("/account/authenticator").text
    secret = page.partition("<code")[2].partition(">")[2].partition("<")[0]

    answer = browser.post("/account/authenticator", data={"code": pyotp.TOTP(secret).at(utcnow())})

    assert (answer.location, factors_of(li)) == ("/account", (1, True, 10))
    page = browser.get("/account").text
    assert "10 codes left" in page


def test_code_when_used_then_it_and_older_ones_are_used_up(li: int) -> None:
    secret, now = add_authenticator(li), utcnow()
    later = now + timedelta(minutes=5)
    codes = {step: pyotp.TOTP(secret).at(later + timedelta(seconds=30 * step)) for step in (-2, -1, 0, 1, 2)}

    def is_right(step: int) -> bool:
        try:
            use_code(li, codes[step], later)
        except Refused:
            return False
        return True

    assert [is_right(step) for step in (-2, 2, 0, 0, -1, 1)] == [False, False, True, False, False, True]


def test_second_factors_when_all_are_lost_then_the_operator_resets_them(li: int, app: Flask) -> None:
    add_authenticator(li)
    browser = browser_of(app, li)

    with pytest.raises(Refused):
        reset_second_factors(confirmed(li), li, utcnow())
    reset = app.test_cli_runner().invoke(args=["expo", "reset-second-factors", EMAIL])
    unknown = app.test_cli_runner().invoke(args=["expo", "reset-second-factors", "nobody@example.org"])

    assert (reset.exit_code, unknown.exit_code, factors_of(li)) == (0, 1, (0, False, 0))
    assert browser.get("/account").status_code == 302


def test_authenticator_when_begun_twice_then_the_second_secret_counts(li: int) -> None:
    now = utcnow()
    begin_authenticator(confirmed(li), now)
    begin_authenticator(confirmed(li), now)
    with pytest.raises(Refused):
        enable_authenticator(confirmed(li), "000000", now)
