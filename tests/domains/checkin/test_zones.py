"""Zones with several doors: one presence, one capacity, and halls that exclude each other."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import SYSTEM, Actor, Permission
from expo.checkin.models import Presence, Scan, Zone
from expo.checkin.queries.checkpoints import get_checkpoint
from expo.checkin.queries.passages import list_wrong_presences
from expo.checkin.queries.zones import count_inside, get_zone, list_wrong_counters, list_zones
from expo.checkin.rules import Direction, Reason, Verdict
from expo.checkin.rules.facts import Rule
from expo.checkin.services.checkpoints import CheckpointRequest, delete_checkpoint, edit_checkpoint
from expo.checkin.services.scans import scan, scan_batch
from expo.checkin.services.undo import undo_scan
from expo.checkin.services.verdicts import DeviceDecision
from expo.checkin.services.zones import ZoneRequest, create_zone, delete_zone, edit_zone
from expo.editions.queries import EditionFacts
from expo.errors import Conflict
from expo.infra.audit import list_audit_records
from expo.infra.db import db
from tests.domains.checkin.doors import OPENING, make_checkpoint, make_request, scan_once, scanner
from tests.make import make_attendee

MINUTE = timedelta(minutes=1)
EVENING = OPENING + timedelta(hours=8)


def make_zone(edition: EditionFacts, now: datetime, code: str, *doors: str, **values: object) -> int:
    """Create a zone with doors."""
    zone_id = create_zone(SYSTEM, edition.id, code, ZoneRequest({"en": code.title()}, **values), now)  # type: ignore[arg-type]
    for door in doors:
        make_checkpoint(edition, now, door, zone_id=zone_id, capacity=values.get("capacity"))
    return zone_id


def _inside(edition: EditionFacts) -> dict[str, int]:
    db.session.rollback()
    assert list_wrong_presences(edition, EVENING) == []
    assert list_wrong_counters(edition.id) == {}
    return {code: people for code, people in count_inside(edition.id).items() if people}


def test_entry_when_inside_through_another_gate_then_told_when_and_where(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_zone(edition, now, "site", "north", "south")
    token = make_attendee(edition, now).token
    scan_once(edition, token, "north")

    again = scan_once(edition, token, "south", scanned_at=OPENING + MINUTE)

    assert again.reason is Reason.ALREADY_ADMITTED
    assert again.first_scan is not None
    assert again.first_scan.checkpoint.code == "north"
    assert _inside(edition) == {"site": 1}


@pytest.mark.parametrize(
    ("zone", "rule", "reason"),
    [({}, None, Reason.ALREADY_ADMITTED), ({"anti_passback": False}, {"entries_today": {"max": 1}}, Reason.RULE)],
)
def test_entry_when_the_clock_of_the_gate_asked_first_is_ahead_then_the_second_gate_is_told_but_not_later_on(
    each_app: Flask, edition: EditionFacts, now: datetime, zone: dict[str, Any], rule: Rule | None, reason: Reason
) -> None:
    zone_id = create_zone(SYSTEM, edition.id, "site", ZoneRequest({"en": "Site"}, **zone), now)
    for code in ("north", "south"):
        make_checkpoint(edition, now, code, zone_id=zone_id, rule=rule)
    token = make_attendee(edition, now).token
    scan_once(edition, token, "north", scanned_at=OPENING + 3 * MINUTE)

    second = scan_once(edition, token, "south", scanned_at=OPENING - timedelta(milliseconds=1))
    queued = make_request(token, "south", scanned_at=OPENING)
    answered_later = scan(scanner(edition), edition.id, queued, EVENING)

    assert (second.reason, answered_later.reason) == (reason, None)
    assert _inside(edition) == {"site": 1}


def test_exit_when_through_another_gate_then_outside_and_may_come_in_again(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_zone(edition, now, "site", "north", "south", capacity=1)
    token = make_attendee(edition, now).token

    answers = [
        scan_once(edition, token, "north"),
        scan_once(edition, token, "south", scanned_at=OPENING + MINUTE, direction=Direction.EXIT),
        scan_once(edition, token, "south", scanned_at=OPENING + 2 * MINUTE),
    ]

    assert [answer.reason for answer in answers] == [None] * 3
    [presence] = db.session.scalars(select(Presence))
    assert (presence.entries, presence.entries_today, presence.day) == (2, 2, OPENING.date())
    assert presence.checkpoint_id == get_checkpoint(edition.id, "south").id
    assert _inside(edition) == {"site": 1}


def test_entry_when_zone_is_full_then_refused_at_each_of_its_doors(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_zone(edition, now, "lounge", "front", "back", capacity=1)
    scan_once(edition, make_attendee(edition, now).token, "front")

    reasons = {scan_once(edition, make_attendee(edition, now).token, door).reason for door in ("front", "back")}

    assert reasons == {Reason.ZONE_FULL}
    assert get_zone(edition.id, "lounge").inside == 1


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_entry_when_another_hall_is_entered_then_the_first_was_left(
    each_app: Flask, edition: EditionFacts, now: datetime, order: tuple[int, ...]
) -> None:
    for hall in ("hall-1", "hall-2", "hall-3"):
        make_zone(edition, now, hall, hall, exclusive_group="halls", capacity=5)
    token = make_attendee(edition, now).token
    requests = [
        make_request(token, "hall-1"),
        make_request(token, "hall-2", scanned_at=OPENING + 5 * MINUTE),
        make_request(token, "hall-1", scanned_at=OPENING + 9 * MINUTE),
    ]

    for place in order:
        assert scan(scanner(edition), edition.id, requests[place], EVENING).reason is None

    assert _inside(edition) == {"hall-1": 1}
    rows = db.session.execute(select(Presence.entries, Presence.left_at).order_by(Presence.zone_id)).all()
    assert [tuple(row) for row in rows] == [(2, None), (1, OPENING + 9 * MINUTE)]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1)])
def test_entry_when_zone_has_no_anti_passback_then_each_entry_is_counted(
    each_app: Flask, edition: EditionFacts, now: datetime, order: tuple[int, ...]
) -> None:
    make_zone(edition, now, "lounge", "lounge", anti_passback=False, capacity=1)
    token = make_attendee(edition, now).token
    requests = [make_request(token, "lounge", scanned_at=OPENING + n * MINUTE) for n in range(3)]

    for place in order:
        assert scan(scanner(edition), edition.id, requests[place], EVENING).verdict is Verdict.ADMITTED

    [presence] = db.session.scalars(select(Presence))
    assert (presence.entries, presence.is_inside, presence.entered_at) == (3, True, OPENING + 2 * MINUTE)
    assert _inside(edition) == {"lounge": 1}


def test_entry_when_a_device_admitted_without_network_then_stored_as_it_happened(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_zone(edition, now, "site", "north", "south", capacity=1)
    one, two = (make_attendee(edition, now).token for _ in range(2))
    scan_once(edition, one, "north")
    admitted = DeviceDecision(Verdict.ADMITTED)

    answers = scan_batch(
        scanner(edition),
        edition.id,
        [
            make_request(one, "south", scanned_at=OPENING + MINUTE, decided=admitted),
            make_request(two, "south", scanned_at=OPENING + 2 * MINUTE, decided=admitted),
            make_request(
                two, "south", scanned_at=OPENING + 3 * MINUTE, decided=DeviceDecision(Verdict.REFUSED, Reason.RULE)
            ),
            make_request("A" * 40, "south", scanned_at=OPENING + 4 * MINUTE, decided=admitted),
        ],
        EVENING,
    )

    assert [(answer.verdict.value, answer.reason, answer.disagrees) for answer in answers] == [
        ("admitted", None, "already_admitted"),
        ("admitted", None, "zone_full"),
        ("refused", Reason.RULE, None),
        ("admitted", None, "unknown_token"),
    ]
    assert get_zone(edition.id, "site").inside == 2
    assert _inside(edition) == {"site": 2}
    assert db.session.scalars(select(Scan.decided).order_by(Scan.scanned_at)).all() == ["server", *["device"] * 4]


def test_entry_when_a_device_refused_whom_the_server_would_admit_then_outside(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_zone(edition, now, "site", "north")
    decided = DeviceDecision(Verdict.REFUSED, Reason.UNPAID)

    answer = scan_once(edition, make_attendee(edition, now).token, "north", decided=decided)

    assert (answer.verdict, answer.reason, answer.disagrees) == (Verdict.REFUSED, Reason.UNPAID, "admitted")
    assert _inside(edition) == {}


def test_undo_when_within_two_minutes_then_counts_for_nothing(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_zone(edition, now, "site", "north", "south", capacity=1)
    attendee = make_attendee(edition, now)
    request = make_request(attendee.token, "north")
    first = scan(scanner(edition), edition.id, request, OPENING)

    undone = [undo_scan(scanner(edition), edition.id, request.scan_id, OPENING + n * MINUTE) for n in (1, 2)]

    assert undone == [first, first]
    assert _inside(edition) == {}
    assert get_zone(edition.id, "site").inside == 0
    assert scan_once(edition, attendee.token, "south", scanned_at=OPENING + 3 * MINUTE).reason is None
    assert [act.action for act in list_audit_records("attendee", attendee.id)].count("checkin.undo_scan") == 1


def test_undo_when_another_entry_was_before_then_still_inside(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_zone(edition, now, "site", "north")
    token = make_attendee(edition, now).token
    scan_once(edition, token, "north")
    out = make_request(token, "north", direction=Direction.EXIT, scanned_at=OPENING + MINUTE)
    scan(scanner(edition), edition.id, out, OPENING + MINUTE)

    undo_scan(scanner(edition), edition.id, out.scan_id, OPENING + MINUTE)

    assert _inside(edition) == {"site": 1}


def test_undo_when_too_late_or_not_own_then_refused(app: Flask, edition: EditionFacts, now: datetime) -> None:
    make_zone(edition, now, "site", "north")
    request = make_request(make_attendee(edition, now).token, "north")
    scan(scanner(edition), edition.id, request, OPENING)
    another = Actor("device", 2, edition_id=edition.id, permissions=frozenset({Permission.SCAN}))
    supervisor = Actor(
        "person", 3, edition_id=edition.id, permissions=frozenset({Permission.SCAN, Permission.SCAN_FORCE})
    )

    with pytest.raises(PermissionMissing):
        undo_scan(another, edition.id, request.scan_id, OPENING)
    with pytest.raises(Conflict, match="undo_too_late"):
        undo_scan(scanner(edition), edition.id, request.scan_id, OPENING + 3 * MINUTE)
    undo_scan(supervisor, edition.id, request.scan_id, OPENING + 2 * MINUTE)

    assert _inside(edition) == {}


def test_checkpoint_when_created_alone_then_has_its_own_zone_and_takes_it_along(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now, "lounge", capacity=7)

    created = [(each.code, each.capacity, each.checkpoint_codes) for each in list_zones(edition.id)]
    delete_checkpoint(SYSTEM, edition.id, "lounge", now)

    assert created == [("lounge", 7, ("lounge",))]
    assert list_zones(edition.id) == []


def test_checkpoint_when_moved_to_another_zone_then_only_before_its_first_scan(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    site = make_zone(edition, now, "site", "north")
    for code in ("south", "east"):
        make_checkpoint(edition, now, code)
    request = CheckpointRequest({"en": "Gate"}, zone_id=site)
    edit_checkpoint(SYSTEM, edition.id, "south", request, now)
    scan_once(edition, make_attendee(edition, now).token, "east")

    with pytest.raises(Conflict, match="checkpoint_zone_fixed"):
        edit_checkpoint(SYSTEM, edition.id, "east", request, now)

    assert [(each.code, each.checkpoint_codes) for each in list_zones(edition.id)] == [
        ("site", ("north", "south")),
        ("east", ("east",)),
    ]


def test_zone_when_in_use_then_keeps_its_group_and_is_not_deleted(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_zone(edition, now, "site", "north")
    create_zone(SYSTEM, edition.id, "unused", ZoneRequest({"en": "Unused"}), now)
    scan_once(edition, make_attendee(edition, now).token, "north")

    edit_zone(SYSTEM, edition.id, "site", ZoneRequest({"en": "All"}, capacity=9), now)
    with pytest.raises(Conflict, match="zone_in_use"):
        edit_zone(SYSTEM, edition.id, "site", ZoneRequest({"en": "All"}, exclusive_group="halls"), now)
    with pytest.raises(Conflict, match="zone_in_use"):
        delete_zone(SYSTEM, edition.id, "site", now)
    delete_zone(SYSTEM, edition.id, "unused", now)

    assert db.session.execute(select(Zone.code, Zone.capacity, Zone.inside)).all() == [("site", 9, 1)]
