"""Badges that two offline devices admitted, and decisions that the server sees differently."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from expo.accounts.rules import SYSTEM
from expo.checkin.queries.discrepancies import list_disagreements, list_double_entries
from expo.checkin.queries.zones import get_zone
from expo.checkin.rules import Reason
from expo.checkin.services.zones import ZoneRequest, edit_zone
from expo.editions.queries import EditionFacts
from tests.conftest import make_edition
from tests.domains.checkin.doors import OPENING, make_checkpoint
from tests.domains.checkin.stored_scans import store_device, store_scan
from tests.make import MadeAttendee, make_attendee


@pytest.fixture
def edition(each_app: Flask, now: datetime) -> EditionFacts:
    edition = make_edition(now)
    for code in ("main", "south"):
        make_checkpoint(edition, now, code)
    return edition


@pytest.fixture
def person(edition: EditionFacts, now: datetime) -> MadeAttendee:
    return make_attendee(edition, now, name="Li Na")


def _offline(edition: EditionFacts, person: MadeAttendee, minutes: int, code: str = "main", **values: Any) -> int:
    at = OPENING + timedelta(minutes=minutes)
    return store_scan(edition, person.id, at, code, **{"decided": "device", **values})


def test_double_entry_when_two_devices_admit_then_listed_with_both_and_their_clocks(
    edition: EditionFacts, person: MadeAttendee
) -> None:
    one, two = store_device(edition, "Phone 1"), store_device(edition, "Phone 2")
    _offline(edition, person, 0, device_id=one, decided="server")
    _offline(edition, person, 3, device_id=two, skew_ms=2500, device_time=OPENING)

    (found,) = list_double_entries(edition.id, edition.door_calendar)

    assert (found.attendee_code, found.attendee_name, found.zone_code) == (person.code, "Li Na", "main")
    assert (found.first.device_name, found.first.scanned_at, found.first.skew_ms) == ("Phone 1", OPENING, None)
    assert (found.second.device_name, found.second.skew_ms, found.second.device_time) == ("Phone 2", 2500, OPENING)
    assert list_double_entries(edition.id, edition.door_calendar, "south") == []


def test_double_entry_when_they_left_in_between_then_none(edition: EditionFacts, person: MadeAttendee) -> None:
    _offline(edition, person, 0)
    _offline(edition, person, 1, direction="exit")
    _offline(edition, person, 2)

    assert list_double_entries(edition.id, edition.door_calendar) == []


def test_double_entry_when_the_first_was_on_the_day_before_then_none(
    edition: EditionFacts, person: MadeAttendee
) -> None:
    _offline(edition, person, -60 * 24)
    _offline(edition, person, 0)

    assert list_double_entries(edition.id, edition.door_calendar) == []


def test_double_entry_when_in_another_zone_in_between_then_none_if_entering_it_leaves_the_first(
    edition: EditionFacts, person: MadeAttendee, now: datetime
) -> None:
    _offline(edition, person, 0)
    _offline(edition, person, 1, "south")
    _offline(edition, person, 2)
    alone = list_double_entries(edition.id, edition.door_calendar)
    for code in ("main", "south"):
        name = get_zone(edition.id, code).name
        edit_zone(SYSTEM, edition.id, code, ZoneRequest(name=name, exclusive_group="halls"), now)

    assert [each.zone_code for each in alone] == ["main"]
    assert list_double_entries(edition.id, edition.door_calendar) == []


@pytest.mark.parametrize("second", [{"forced": True}, {"undone_at": OPENING}, {"verdict": "refused"}])
def test_double_entry_when_the_second_was_meant_or_did_not_happen_then_none(
    edition: EditionFacts, person: MadeAttendee, second: dict[str, Any]
) -> None:
    _offline(edition, person, 0)
    _offline(edition, person, 2, **second)

    assert list_double_entries(edition.id, edition.door_calendar) == []


def test_discrepancies_when_of_another_expo_then_not_listed(
    edition: EditionFacts, person: MadeAttendee, now: datetime
) -> None:
    other = make_edition(now, slug="other")
    for minutes in (0, 2):
        _offline(edition, person, minutes, disagrees="revoked")

    assert list_double_entries(other.id, other.door_calendar) == []
    assert list_disagreements(other.id) == []
    assert (len(list_double_entries(edition.id, edition.door_calendar)), len(list_disagreements(edition.id))) == (1, 2)


def test_disagreements_when_filtered_then_those_of_the_reason_and_zone(
    edition: EditionFacts, person: MadeAttendee
) -> None:
    _offline(edition, person, 0, disagrees="revoked")
    _offline(edition, person, 1, "south", disagrees="unpaid")
    _offline(edition, person, 2)

    assert [each.reason for each in list_disagreements(edition.id)] == [Reason.UNPAID, Reason.REVOKED]
    assert [each.zone_code for each in list_disagreements(edition.id, Reason.REVOKED)] == ["main"]
    assert list_disagreements(edition.id, Reason.REVOKED, "south") == []
