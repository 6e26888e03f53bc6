"""Alarms: raised once, cleared when it is over, acknowledged by the first person."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import ANONYMOUS, SYSTEM, Actor, Permission
from expo.accounts.services import ensure_person
from expo.checkin.errors import AlarmMissing
from expo.checkin.queries.alarms import AlarmState, ControlRoomRow, get_control_room, list_alarms
from expo.checkin.queries.control_room import list_due_alarms
from expo.checkin.rules.alarms import AlarmKind
from expo.checkin.services.alarms import acknowledge_alarm, change_control_room, update_alarms
from expo.checkin.services.zones import ZoneRequest, edit_zone
from expo.editions.queries import EditionFacts
from expo.errors import Invalid
from tests.conftest import make_edition
from tests.domains.checkin.doors import OPENING, make_checkpoint, scan_once
from tests.domains.checkin.stored_scans import store_device, store_scan
from tests.make import make_attendee

FULL = {(AlarmKind.ZONE_FULL, 7): AlarmState({"en": "Hall"}, 96)}


def _after(minutes: int) -> datetime:
    return OPENING + timedelta(minutes=minutes)


@pytest.fixture
def edition(each_app: Flask, now: datetime) -> EditionFacts:
    return make_edition(now)


def test_alarm_when_wanted_twice_then_raised_once_and_cleared_and_raised_again(edition: EditionFacts) -> None:
    first = update_alarms(edition.id, FULL, _after(0))
    again = update_alarms(edition.id, FULL, _after(1))
    update_alarms(edition.id, {}, _after(2))
    later = update_alarms(edition.id, FULL, _after(3))

    assert (len(first), again, len(later)) == (1, [], 1)
    assert [(each.id, each.raised_at, each.cleared_at) for each in list_alarms(edition.id, _after(4))] == [
        (later[0], _after(3), None),
        (first[0], _after(0), _after(2)),
    ]
    assert len(list_alarms(edition.id, _after(60 * 13))) == 1  # what was cleared long ago is not listed


def test_alarm_when_acknowledged_by_two_then_the_first_is_named(edition: EditionFacts, now: datetime) -> None:
    first, second = (
        Actor(
            "person",
            ensure_person(f"{name}@example.org", name, "en", now),
            edition_id=edition.id,
            permissions=frozenset({Permission.CHECKPOINTS_MANAGE}),
        )
        for name in ("Anna", "Bo")
    )
    (alarm,) = update_alarms(edition.id, FULL, _after(0))

    assert [acknowledge_alarm(each, edition.id, alarm, _after(1)) for each in (first, second)] == [True, False]
    assert list_alarms(edition.id, _after(2))[0].acknowledged_by == "Anna"


def test_alarm_when_of_another_expo_then_missing(edition: EditionFacts, now: datetime) -> None:
    other = make_edition(now, slug="other")
    (alarm,) = update_alarms(edition.id, FULL, _after(0))

    with pytest.raises(AlarmMissing):
        acknowledge_alarm(SYSTEM, other.id, alarm, _after(1))
    assert (list_alarms(other.id, _after(1)), update_alarms(other.id, {}, _after(1))) == ([], [])
    assert list_alarms(edition.id, _after(1))[0].cleared_at is None


def test_alarms_when_a_zone_fills_then_a_warning_becomes_an_alarm(edition: EditionFacts, now: datetime) -> None:
    make_checkpoint(edition, now)
    wanted = ZoneRequest({"en": "Hall"}, capacity=4, warning_percent=50, alarm_percent=90)
    edit_zone(SYSTEM, edition.id, "main", wanted, now)
    kinds = []
    for _ in range(4):
        scan_once(edition, make_attendee(edition, now).token)
        kinds.append([kind for kind, _zone in list_due_alarms(edition, OPENING)])

    assert kinds == [[], [AlarmKind.ZONE_FILLING], [AlarmKind.ZONE_FILLING], [AlarmKind.ZONE_FULL]]


def test_alarms_when_a_gate_is_silent_while_others_scan_then_raised_and_closed_gates_are_not(
    edition: EditionFacts, now: datetime
) -> None:
    person = make_attendee(edition, now).id
    quiet, busy = make_checkpoint(edition, now, "quiet"), make_checkpoint(edition, now, "busy")
    make_checkpoint(edition, now, "shut", closes_at=_after(5))
    for code in ("quiet", "shut"):
        for _ in range(30):
            store_scan(edition, person, _after(0), code)
    store_scan(edition, person, _after(11), "busy")

    before = list_due_alarms(edition, _after(9))
    due = list_due_alarms(edition, _after(12))
    both = list_due_alarms(edition, _after(30))

    assert (before, set(due), both) == ({}, {(AlarmKind.GATE_SILENT, quiet)}, {})
    assert due[AlarmKind.GATE_SILENT, quiet].value == 12
    assert (AlarmKind.GATE_SILENT, busy) not in due


def test_alarms_when_a_device_holds_old_scans_then_raised(edition: EditionFacts, now: datetime) -> None:
    make_checkpoint(edition, now)
    old = store_device(edition, "Old", queue_length=3, oldest_queued_at=_after(-10))
    store_device(edition, "New", queue_length=3, oldest_queued_at=_after(-9))
    store_device(edition, "Gone", queue_length=3, oldest_queued_at=_after(-60), revoked_at=OPENING)

    due = list_due_alarms(edition, OPENING)

    assert due == {(AlarmKind.QUEUE_OLD, old): AlarmState({"en": "Old"}, 10)}


def test_control_room_when_changed_then_kept_for_this_expo(edition: EditionFacts, now: datetime) -> None:
    other = make_edition(now, slug="other")
    wanted = ControlRoomRow(silent_minutes=5, sends_emails=True, scan_seconds=4)

    for request in (ControlRoomRow(wait_percent=80), wanted):
        change_control_room(SYSTEM, edition.id, request, now)

    assert (get_control_room(edition.id), get_control_room(other.id)) == (wanted, ControlRoomRow())


def test_control_room_when_out_of_range_or_not_allowed_then_refused(edition: EditionFacts, now: datetime) -> None:
    with pytest.raises(Invalid, match="control_room_out_of_range"):
        change_control_room(SYSTEM, edition.id, ControlRoomRow(scan_seconds=0), now)
    with pytest.raises(PermissionMissing):
        change_control_room(ANONYMOUS, edition.id, ControlRoomRow(), now)
