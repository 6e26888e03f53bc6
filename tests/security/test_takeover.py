"""An attacker of each role tries every way to somebody else's account that we know of; none may lead there."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from expo.accounts.queries import find_person, list_api_tokens, list_roles, list_sessions
from expo.accounts.rules import SYSTEM, Level, Role
from expo.accounts.services import sign_in_with_password
from expo.accounts.services.sessions import sign_out_everywhere
from expo.badges.queries import list_signing_keys
from expo.errors import ExpoError
from expo.flows.registration import register
from expo.infra.clock import utcnow
from expo.infra.db import db
from expo.infra.signing import sign_text
from expo.mail.queries import list_emails
from tests.emails import SECRET_LINK, newest_link
from tests.make import attendee_request, order_request
from tests.security.conftest import ATTACKERS_PASSWORD, PASSWORD, VICTIM, World, make_world

NEW_PASSWORD = {"password": ATTACKERS_PASSWORD, "old_password": ""}


def assert_nothing_is_taken(world: World) -> None:
    """The victim's account is the victim's, and the attacker has nothing more than before."""
    db.session.rollback()
    assert sign_in_with_password(VICTIM, PASSWORD).id == world.victim_id
    with pytest.raises(ExpoError):
        sign_in_with_password(VICTIM, ATTACKERS_PASSWORD)
    assert world.victims_browser.get("/account").status_code == 200
    assert world.attacker.get("/organizer/settings/expos").status_code != 200
    assert [each for each in list_sessions(world.victim_id, utcnow()) if each.level > Level.LINK] == [
        each for each in list_sessions(world.victim_id, utcnow()) if each.id == _session_of_victim(world)
    ]
    assert list_api_tokens(world.edition.id) == []
    assert [each.distrusted_at for each in list_signing_keys(world.edition.id)] == [None]
    if world.attacker_id is not None:
        assert list_roles(world.attacker_id, world.edition.id) <= {Role.EXHIBITOR, Role.STEWARD}
        attacker = find_person(world.attacker_id)
        assert attacker is not None
        assert attacker.is_admin is False


def _session_of_victim(world: World) -> int:
    return min(each.id for each in list_sessions(world.victim_id, utcnow()) if each.level is Level.SIGNED_IN)


def set_a_password(world: World) -> None:
    for path in ("/account/password", "/en/account/password", "/zh/account/password/"):
        world.attacker.post(path, data=NEW_PASSWORD)
        world.attacker.post(path, data={**NEW_PASSWORD, "person_id": world.victim_id, "email": VICTIM})


def guess_the_password(world: World) -> None:
    for guess in ("password", "chief@example.org", PASSWORD.upper()):
        world.attacker.post("/sign-in", data={"email": VICTIM, "password": guess})
        world.attacker.post("/account/confirm/password", data={"password": guess})


def read_the_victims_emails(world: World) -> None:
    """Register the victim in the other expo, and look for working links in everything the e-mail pages show."""
    order = order_request(attendee_request(name="Chief"), email=VICTIM)
    register(SYSTEM, world.other_edition.id, order, utcnow())
    world.attacker.post("/sign-in", data={"email": VICTIM, "password": ""})
    letters = [each.id for each in list_emails(world.other_edition.id, to_email=VICTIM)]
    db.session.rollback()
    assert letters
    found = set()
    for email_id in letters:
        for path in (f"/organizer/emails/{email_id}", f"/organizer/emails/{email_id}/html"):
            found |= set(SECRET_LINK.findall(world.attacker.get(path).text))
    for link in found:
        world.attacker.post(link)
        world.attacker.post("/account/password", data=NEW_PASSWORD)
    assert found == set()


def ask_for_a_link_and_use_another(world: World) -> None:
    """Use the attacker's own links, and texts signed for one purpose, for another purpose or person."""
    world.attacker.post("/sign-in", data={"email": VICTIM, "password": ""})
    me, confirm = sign_text("me", [world.victim_id, 1]), sign_text("confirm-order", [1])
    for path in (f"/sign-in/{me}", f"/sign-in/{confirm}", f"/confirm/{me}", f"/me/open/{confirm}", "/sign-in/x.y.z"):
        world.attacker.post(path)
    world.attacker.post("/account/password", data=NEW_PASSWORD)


def take_a_role(world: World) -> None:
    role = {"email": "mallory@example.org", "role": "organizer"}
    world.attacker.post("/organizer/edition", data={"edition": world.edition.id})
    world.attacker.post("/organizer/settings/team", data=role)
    world.attacker.post(f"/organizer/settings/team/{world.victim_id}/roles/organizer/remove")


def take_keys_and_tokens(world: World) -> None:
    world.attacker.post("/organizer/edition", data={"edition": world.edition.id})
    world.attacker.post(
        "/organizer/settings/api-tokens", data={"name": "mine", "permissions": ["scan", "attendees.read"]}
    )
    for key in list_signing_keys(world.edition.id):
        world.attacker.post(f"/organizer/settings/badge-keys/{key.key_id}/distrust")
    db.session.rollback()


def weaken_the_second_factor(world: World) -> None:
    world.attacker.post("/organizer/settings/security", data={"roles": []})
    world.attacker.post("/account/authenticator/remove")
    world.attacker.post("/account/authenticator/begin")
    for number in range(3):
        world.attacker.post(f"/account/passkeys/{number}/remove")
    world.attacker.post("/account/recovery-codes")


def end_the_victims_session(world: World) -> None:
    for each in list_sessions(world.victim_id, utcnow()):
        if each.level is Level.SIGNED_IN:
            world.attacker.post(f"/account/sessions/{each.id}/end")
    db.session.rollback()


def confirm_by_hand(world: World) -> None:
    for path in ("password", "code", "passkey", "passkey/options"):
        world.attacker.post(f"/account/confirm/{path}", data={"password": "", "code": "000000"})
    world.attacker.post("/sign-in/second-step", data={"code": "000000"})
    world.attacker.post("/sign-in/second-step/passkey", json={"answer": {"rawId": "AAAA"}})


ATTACKS = (
    set_a_password,
    guess_the_password,
    read_the_victims_emails,
    ask_for_a_link_and_use_another,
    take_a_role,
    take_keys_and_tokens,
    weaken_the_second_factor,
    end_the_victims_session,
    confirm_by_hand,
)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_account_when_attacked_in_any_role_then_nothing_is_taken(world: World, attack: Callable[[World], None]) -> None:
    attack(world)

    assert_nothing_is_taken(world)


def test_pages_when_asked_for_in_any_role_then_none_of_the_expo_open(world: World) -> None:
    world.attacker.post("/organizer/edition", data={"edition": world.edition.id})
    paths = (
        f"/organizer/attendees/{world.victims_badge.code}",
        f"/organizer/attendees/{world.victims_badge.code}/badge.pdf",
        "/organizer/settings/expos",
    )
    opened = {path for path in paths if world.attacker.get(path).status_code == 200}
    exported = world.attacker.get("/organizer/attendees/export.csv")

    assert opened == set()
    assert VICTIM not in exported.text


@pytest.fixture
def forwarded(app: Flask, now: datetime) -> World:
    """The attacker holds a ticket e-mail of the victim that was forwarded."""
    return make_world(app, "link session", utcnow())


def test_forwarded_ticket_email_when_opened_then_shows_the_registration_and_nothing_else(forwarded: World) -> None:
    opened = forwarded.attacker.get("/me/")
    account = {
        path: forwarded.attacker.get(path).status_code
        for path in ("/account", "/account/password", "/account/confirm", "/account/authenticator", "/organizer/")
    }

    assert (opened.status_code, "Chief" in opened.text) == (200, True)
    assert set(account.values()) == {302}


def test_forwarded_ticket_email_when_the_owner_signs_out_everywhere_then_ends(forwarded: World) -> None:
    sign_out = forwarded.victims_browser.post("/account/sign-out-everywhere")
    db.session.rollback()

    assert sign_out.status_code == 302
    assert forwarded.attacker.get("/me/").status_code == 302
    assert forwarded.app.test_client().post(newest_link(VICTIM)).status_code == 302


def test_administrators_address_when_registered_by_an_organizer_of_another_expo_then_no_way_in(
    each_app: Flask, now: datetime
) -> None:
    """The takeover that was possible: register the address, open its e-mail among those of the expo, set a password."""
    world = make_world(each_app, "organizer of another edition", utcnow())
    register(SYSTEM, world.other_edition.id, order_request(attendee_request(name="Chief"), email=VICTIM), utcnow())
    [letter] = list_emails(world.other_edition.id, to_email=VICTIM)
    db.session.rollback()

    page = world.attacker.get(f"/organizer/emails/{letter.id}")
    html = world.attacker.get(f"/organizer/emails/{letter.id}/html")

    assert (page.status_code, html.status_code) == (200, 200)
    assert SECRET_LINK.findall(page.text + html.text) == []
    assert_nothing_is_taken(world)


def test_administrators_address_when_even_the_link_is_known_then_it_opens_the_registration_alone(
    each_app: Flask, now: datetime
) -> None:
    world = make_world(each_app, "visitor", utcnow())
    register(SYSTEM, world.other_edition.id, order_request(attendee_request(name="Chief"), email=VICTIM), utcnow())
    link = newest_link(VICTIM)

    world.attacker.post(link)
    answers = [world.attacker.post("/account/password", data=NEW_PASSWORD), world.attacker.get("/organizer/")]

    assert ["/sign-in" in answer.location for answer in answers] == [True, True]
    assert_nothing_is_taken(world)


def test_confirm_link_when_used_then_opens_no_second_session(each_app: Flask, now: datetime) -> None:
    world = make_world(each_app, "visitor", utcnow())
    register(SYSTEM, world.other_edition.id, order_request(attendee_request(name="Chief"), email=VICTIM), utcnow())
    link = newest_link(VICTIM)
    owner = each_app.test_client()
    owner.post(link)

    late = [world.attacker.post(link), world.attacker.get(link)]

    assert owner.get("/me/").status_code == 200
    assert [answer.status_code for answer in late] == [200, 200]
    assert world.attacker.get("/me/").status_code == 302


def test_cookie_when_copied_before_signing_out_then_opens_nothing(each_app: Flask, now: datetime) -> None:
    world = make_world(each_app, "visitor", utcnow())
    copied = world.victims_browser.get_cookie("session")
    assert copied is not None
    thief = each_app.test_client()
    thief.set_cookie("session", copied.value)
    before = thief.get("/account").status_code

    world.victims_browser.post("/sign-out")

    assert (before, thief.get("/account").status_code) == (200, 302)


def test_cookie_when_the_person_signs_out_everywhere_then_opens_nothing(each_app: Flask, now: datetime) -> None:
    world = make_world(each_app, "visitor", utcnow())
    person = find_person(world.victim_id)
    assert person is not None
    from expo.accounts.queries import actor_for_person

    sign_out_everywhere(actor_for_person(person, None), utcnow())

    assert world.victims_browser.get("/account").status_code == 302


def test_person_when_strangers_fail_at_their_account_then_signs_in_from_elsewhere(
    each_app: Flask, now: datetime
) -> None:
    world = make_world(each_app, "visitor", utcnow())

    def sign_in(browser: FlaskClient, password: str, address: str) -> int:
        data = {"email": VICTIM, "password": password}
        return browser.post("/sign-in", data=data, environ_overrides={"REMOTE_ADDR": address}).status_code

    failures = [sign_in(world.attacker, "wrong password", "203.0.113.7") for _ in range(12)]
    stopped = sign_in(world.attacker, PASSWORD, "203.0.113.7")
    own = sign_in(each_app.test_client(), PASSWORD, "198.51.100.2")

    assert failures == [422] * 10 + [429] * 2
    assert (stopped, own) == (429, 302)
