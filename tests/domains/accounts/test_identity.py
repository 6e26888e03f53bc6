"""What the services of accounts refuse when they are called without a page."""

from datetime import datetime

import pytest
from argon2 import PasswordHasher, extract_parameters
from flask import Flask

from expo.accounts.errors import ConfirmationRequired
from expo.accounts.queries import find_person
from expo.accounts.rules import ANONYMOUS, SYSTEM, Actor, Level, network_of, require_confirmed
from expo.accounts.services import ensure_person, mark_verified, passwords, set_password, sign_in_with_password
from expo.accounts.services.links import use_sign_in_link
from expo.accounts.services.passkeys import begin_adding_passkey, remove_passkey
from expo.accounts.services.second_factors import create_recovery_codes
from expo.accounts.services.sessions import increment_link_version, sign_out_everywhere
from expo.errors import Missing, Refused
from tests.second_factors import confirmed


@pytest.fixture
def li(each_app: Flask, now: datetime) -> int:
    return ensure_person("li@example.org", "Li", "en", now)


def test_sign_in_link_when_used_twice_then_refused(li: int, now: datetime) -> None:
    assert use_sign_in_link(li, 0, now).sign_in_count == 1
    with pytest.raises(Refused) as refusal:
        use_sign_in_link(li, 0, now)

    assert refusal.value.code == "link_used"


@pytest.mark.parametrize("level", [Level.HALF, Level.LINK, Level.SIGNED_IN])
def test_require_confirmed_when_the_level_is_lower_then_refused(level: Level) -> None:
    with pytest.raises(ConfirmationRequired):
        require_confirmed(Actor("person", 1, level=level))


def test_require_confirmed_when_nobody_is_there_then_refused_and_programs_pass() -> None:
    with pytest.raises(ConfirmationRequired):
        require_confirmed(ANONYMOUS)

    require_confirmed(Actor("api_token", 1))
    require_confirmed(SYSTEM)
    require_confirmed(Actor("person", 1, level=Level.CONFIRMED))


@pytest.mark.parametrize("actor", [SYSTEM, Actor("api_token", 1)])
def test_own_things_when_asked_for_by_no_person_then_refused(actor: Actor, li: int, now: datetime) -> None:
    with pytest.raises(Refused):
        begin_adding_passkey(actor, "li@example.org", "", "expo", now)
    with pytest.raises(Refused):
        create_recovery_codes(actor, now)
    with pytest.raises(Refused):
        sign_out_everywhere(actor, now)


def test_passkey_when_the_actor_has_no_session_then_refused(li: int, now: datetime) -> None:
    with pytest.raises(Refused):
        remove_passkey(confirmed(li), 1, now)


def test_link_version_when_there_is_no_such_person_then_missing(each_app: Flask) -> None:
    with pytest.raises(Missing):
        increment_link_version(999)


def test_password_when_there_is_none_then_every_one_is_wrong(li: int, now: datetime) -> None:
    for password in ("", "a pond with seven frogs"):
        with pytest.raises(Refused):
            sign_in_with_password("li@example.org", password)
    set_password(SYSTEM, li, "a pond with seven frogs", now)

    assert sign_in_with_password("LI@example.org", "a pond with seven frogs").id == li


def test_person_when_verified_then_noted_once(li: int, now: datetime) -> None:
    mark_verified(li, now)
    mark_verified(li, now)

    person = find_person(li)
    assert person is not None
    assert (person.has_password, person.has_second_factor) == (False, False)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_network_when_an_address_is_given_then_ipv6_counts_by_its_half(address: str, network: str) -> None:
    assert network_of(address) == network


def test_password_when_there_is_no_account_then_its_check_costs_as_much_as_that_of_a_real_one() -> None:
    usual = extract_parameters(PasswordHasher().hash("a password"))

    assert extract_parameters(passwords._DUMMY_HASH) == usual
    assert (usual.memory_cost, usual.time_cost) >= (65536, 3)
