from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from expo.accounts.queries import find_session
from expo.accounts.rules import SYSTEM, Actor, Permission, Role, permissions_of
from expo.accounts.services import ensure_person, grant_role
from expo.accounts.services.roles import revoke_role
from expo.accounts.services.sessions import end_session
from expo.checkin.models import Device
from expo.checkin.queries.devices import find_device_caller, get_device, require_checkpoint
from expo.checkin.rules.devices import DeviceState, Profile, device_state
from expo.checkin.services.checkpoints import delete_checkpoint
from expo.checkin.services.devices import (
    DeviceRequest,
    Enrolled,
    create_devices,
    create_enrolment_codes,
    edit_device,
    enrol_device,
    enrol_own_browser,
    measure_skew,
    revoke_device,
)
from expo.editions.queries import EditionFacts
from expo.errors import Conflict, Invalid, Missing, Refused
from expo.infra.cache import get_recent
from expo.infra.db import db
from tests.conftest import make_edition
from tests.domains.checkin.devices import make_code, make_device
from tests.domains.checkin.doors import make_checkpoint
from tests.sessions import begin_session_of


def _steward(edition: EditionFacts, now: datetime, role: Role = Role.STEWARD) -> tuple[Actor, str]:
    """Return a signed-in steward, and the secret of their session."""
    person = ensure_person("steward@example.org", "Li Na", "en", now)
    grant_role(SYSTEM, edition.id, person, role, now)
    secret = begin_session_of(person, now=now)
    session = find_session(secret, now)
    assert session is not None
    permissions = permissions_of(frozenset({role}))
    actor = Actor(
        "person", person, edition_id=edition.id, permissions=permissions, label="Li Na", session_id=session.id
    )
    return actor, secret


def _is_accepted(enrolled: Enrolled, now: datetime) -> bool:
    get_recent().forget(("device", _digest_of(enrolled)))
    caller = find_device_caller(enrolled.token, now)
    return caller is not None and not caller.is_revoked


def _digest_of(enrolled: Enrolled) -> bytes | None:
    return db.session.scalar(select(Device.token_digest).where(Device.id == enrolled.device.id))


def test_device_when_enrolled_again_then_only_the_new_token_works(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    first = make_device(edition, now)
    code = create_enrolment_codes(SYSTEM, edition.id, [first.device.id], now)[first.device.id]

    second = enrol_device(code, now)

    assert first.device.id == second.device.id
    assert find_device_caller(first.token, now) is None
    assert _is_accepted(second, now)


def test_code_when_made_again_then_the_earlier_one_is_refused(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    device_id = create_devices(SYSTEM, edition.id, [DeviceRequest("Gate 1", Profile.STEWARD)], now)[0]
    earlier, later = (create_enrolment_codes(SYSTEM, edition.id, [device_id], now)[device_id] for _ in range(2))

    with pytest.raises(Invalid, match="enrolment_code_wrong"):
        enrol_device(earlier, now)

    assert enrol_device(later, now).device.id == device_id


def test_code_when_its_device_is_revoked_then_refused(each_app: Flask, edition: EditionFacts, now: datetime) -> None:
    code = make_code(edition, now)
    device_id = db.session.scalar(select(Device.id)) or 0
    revoke_device(SYSTEM, edition.id, device_id, now)

    with pytest.raises(Invalid, match="enrolment_code_wrong"):
        enrol_device(code, now)


def test_device_when_revoked_then_refused_at_the_next_call_of_this_process(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    device = make_device(edition, now)
    before = find_device_caller(device.token, now)

    revoke_device(SYSTEM, edition.id, device.device.id, now)
    after = find_device_caller(device.token, now)

    assert before is not None
    assert after is not None
    assert (before.is_revoked, after.is_revoked) == (False, True)
    assert (before.may_deliver, after.may_deliver) == (False, True)


def test_device_when_acting_in_another_edition_then_may_nothing(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    other = make_edition(now, "expo-2028", 2028)
    caller = find_device_caller(make_device(edition, now).token, now)

    assert caller is not None
    assert not caller.actor.may(Permission.SCAN, other.id)
    with pytest.raises(Missing):
        get_device(other.id, caller.actor.id or 0)


def test_own_browser_when_asked_for_again_then_the_same_device_with_a_new_token(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    actor, _secret = _steward(edition, now)

    first, second = enrol_own_browser(actor, edition.id, now), enrol_own_browser(actor, edition.id, now)

    assert (first.device.id, first.device.profile) == (second.device.id, Profile.STEWARD)
    assert find_device_caller(first.token, now) is None
    assert _is_accepted(second, now)
    assert db.session.scalar(select(func.count()).select_from(Device)) == 1


def test_own_browser_when_its_steward_may_force_then_is_a_supervisor(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    actor, _secret = _steward(edition, now, Role.DESK)

    assert enrol_own_browser(actor, edition.id, now).device.profile is Profile.SUPERVISOR


def test_own_browser_when_its_steward_signs_out_then_refused(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    actor, secret = _steward(edition, now)
    enrolled = enrol_own_browser(actor, edition.id, now)
    before = _is_accepted(enrolled, now)

    end_session(secret, now)

    assert (before, _is_accepted(enrolled, now)) == (True, False)


def test_own_browser_when_its_steward_loses_the_role_then_refused(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    actor, _secret = _steward(edition, now)
    enrolled = enrol_own_browser(actor, edition.id, now)

    revoke_role(SYSTEM, edition.id, actor.id or 0, Role.STEWARD, now)

    assert not _is_accepted(enrolled, now)


def test_own_browser_when_revoked_then_its_session_gets_no_other_device(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    actor, _secret = _steward(edition, now)
    enrolled = enrol_own_browser(actor, edition.id, now)
    revoke_device(SYSTEM, edition.id, enrolled.device.id, now)

    with pytest.raises(Refused, match="device_revoked"):
        enrol_own_browser(actor, edition.id, now)


def test_own_browser_when_its_steward_may_not_scan_then_refused(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    actor, _secret = _steward(edition, now, Role.REVIEWER)

    with pytest.raises(Refused):
        enrol_own_browser(actor, edition.id, now)


def test_device_when_bound_to_a_checkpoint_then_may_not_scan_at_another(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now, "north")
    make_checkpoint(edition, now, "south")
    bound = find_device_caller(make_device(edition, now, checkpoints=frozenset({"north"})).token, now)
    free = find_device_caller(make_device(edition, now, "Gate 2").token, now)
    assert bound is not None
    assert free is not None

    for actor, code in ((bound.actor, "north"), (free.actor, "north"), (free.actor, "south")):
        require_checkpoint(actor, code)
    with pytest.raises(Refused, match="device_checkpoint_refused"):
        require_checkpoint(bound.actor, "south")


def test_checkpoint_when_devices_are_bound_to_it_then_is_not_deleted(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now, "north")
    device = make_device(edition, now, checkpoints=frozenset({"north"})).device

    with pytest.raises(Conflict, match="checkpoint_has_devices"):
        delete_checkpoint(SYSTEM, edition.id, "north", now)
    edit_device(SYSTEM, edition.id, device.id, DeviceRequest("Gate 1", Profile.STEWARD), now)
    delete_checkpoint(SYSTEM, edition.id, "north", now)

    assert get_device(edition.id, device.id).checkpoints == ()


@pytest.mark.parametrize(("name", "code"), [("  ", "device_name_empty"), ("x" * 101, "device_name_too_long")])
def test_device_when_its_name_is_empty_or_too_long_then_refused(
    each_app: Flask, edition: EditionFacts, now: datetime, name: str, code: str
) -> None:
    with pytest.raises(Invalid, match=code):
        create_devices(SYSTEM, edition.id, [DeviceRequest(name, Profile.STEWARD)], now)


@pytest.mark.parametrize(
    ("silent", "state"),
    [
        (timedelta(seconds=90), DeviceState.ONLINE),
        (timedelta(seconds=91), DeviceState.LATE),
        (timedelta(minutes=10), DeviceState.LATE),
        (timedelta(minutes=10, seconds=1), DeviceState.OFFLINE),
    ],
)
def test_state_when_a_device_has_been_silent_then_late_and_later_offline(
    now: datetime, silent: timedelta, state: DeviceState
) -> None:
    assert device_state(is_enrolled=True, revoked_at=None, last_seen_at=now - silent, now=now) is state


def test_skew_when_a_clock_is_off_then_is_measured_in_milliseconds_within_bounds(now: datetime) -> None:
    found = [measure_skew(now + timedelta(days=days, seconds=0.25), now) for days in (0, 2000, -2000)]

    assert found == [250, 20 * 86_400_000, -20 * 86_400_000]
