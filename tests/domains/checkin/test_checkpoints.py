from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import SYSTEM
from expo.checkin.errors import CheckpointMissing
from expo.checkin.models import Zone
from expo.checkin.queries.checkpoints import door_facts, get_checkpoint, list_checkpoints
from expo.checkin.queries.figures import (
    Arrivals,
    DoorCount,
    count_arrived,
    count_refusals,
    list_arrivals_per_hour,
    list_door_counts,
)
from expo.checkin.queries.scans import list_scans_of
from expo.checkin.queries.zones import count_inside, list_wrong_counters
from expo.checkin.rules import Direction, Reason, Verdict
from expo.checkin.services.checkpoints import (
    CheckpointRequest,
    create_checkpoint,
    delete_checkpoint,
    edit_checkpoint,
    move_checkpoint,
)
from expo.checkin.services.zones import recount_inside
from expo.editions.queries import EditionFacts
from expo.errors import Conflict, Invalid
from expo.infra.db import atomic
from tests.conftest import make_edition
from tests.domains.checkin.doors import OPENING, make_checkpoint, scan_once, scanner
from tests.make import make_attendee, make_ticket_type

NAME = {"en": "Main"}


def test_create_checkpoint_when_code_is_taken_then_conflict_but_not_across_editions(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    make_checkpoint(make_edition(now, "expo-2028", 2028), now)

    with pytest.raises(Conflict, match="checkpoint_exists"):
        create_checkpoint(SYSTEM, edition.id, "main", CheckpointRequest(NAME), now)
    assert [each.code for each in list_checkpoints(edition.id)] == ["main"]


@pytest.mark.parametrize(
    ("code", "wanted", "error"),
    [
        ("", CheckpointRequest(NAME), "checkpoint_code_invalid"),
        ("a b", CheckpointRequest(NAME), "checkpoint_code_invalid"),
        ("x" * 33, CheckpointRequest(NAME), "checkpoint_code_invalid"),
        ("a", CheckpointRequest({"en": " "}), "checkpoint_name_empty"),
        ("a", CheckpointRequest(NAME, capacity=0), "capacity_invalid"),
        ("a", CheckpointRequest(NAME, opens_at=OPENING, closes_at=OPENING), "checkpoint_times_reversed"),
        ("a", CheckpointRequest(NAME, hall_id=99), "hall_missing"),
        ("a", CheckpointRequest(NAME, room_id=99), "room_missing"),
        ("a", CheckpointRequest(NAME, ticket_type_ids=frozenset({99})), "ticket_type_missing"),
    ],
)
def test_create_checkpoint_when_the_request_is_wrong_then_invalid(
    app: Flask, edition: EditionFacts, now: datetime, code: str, wanted: CheckpointRequest, error: str
) -> None:
    with pytest.raises(Invalid, match=error):
        create_checkpoint(SYSTEM, edition.id, code, wanted, now)
    assert list_checkpoints(edition.id) == []


def test_create_checkpoint_when_ticket_type_is_of_another_edition_then_invalid(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    theirs = make_ticket_type(make_edition(now, "expo-2028", 2028), now)

    with pytest.raises(Invalid, match="ticket_type_missing"):
        create_checkpoint(SYSTEM, edition.id, "a", CheckpointRequest(NAME, ticket_type_ids=frozenset({theirs.id})), now)


def test_checkpoint_when_actor_may_only_scan_then_refused(app: Flask, edition: EditionFacts, now: datetime) -> None:
    make_checkpoint(edition, now)

    with pytest.raises(PermissionMissing):
        create_checkpoint(scanner(edition), edition.id, "a", CheckpointRequest(NAME), now)
    with pytest.raises(PermissionMissing):
        edit_checkpoint(scanner(edition), edition.id, "main", CheckpointRequest(NAME), now)
    with pytest.raises(PermissionMissing):
        recount_inside(scanner(edition), edition.id, now)


def test_edit_checkpoint_when_changed_then_doors_go_by_it_at_once(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    press = make_ticket_type(edition, now, "press")
    make_checkpoint(edition, now)
    door_facts(edition.id)

    edit_checkpoint(SYSTEM, edition.id, "main", CheckpointRequest(NAME, ticket_type_ids=frozenset({press.id})), now)

    assert scan_once(edition, make_attendee(edition, now).token).reason is Reason.WRONG_TICKET_TYPE
    assert get_checkpoint(edition.id, "main").ticket_type_ids == frozenset({press.id})


def test_edit_checkpoint_when_of_another_edition_then_missing(app: Flask, edition: EditionFacts, now: datetime) -> None:
    make_checkpoint(make_edition(now, "expo-2028", 2028), now)

    with pytest.raises(CheckpointMissing):
        edit_checkpoint(SYSTEM, edition.id, "main", CheckpointRequest(NAME), now)
    with pytest.raises(CheckpointMissing):
        get_checkpoint(edition.id, "main")


def test_edit_checkpoint_when_it_gets_a_capacity_then_counts_who_is_inside(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    for _ in range(2):
        scan_once(edition, make_attendee(edition, now).token)

    with pytest.raises(Conflict, match="capacity_below_inside"):
        edit_checkpoint(SYSTEM, edition.id, "main", CheckpointRequest(NAME, capacity=1), now)
    edit_checkpoint(SYSTEM, edition.id, "main", CheckpointRequest(NAME, capacity=3), now)
    reasons = [scan_once(edition, make_attendee(edition, now).token).reason for _ in range(2)]

    assert reasons == [None, Reason.ZONE_FULL]
    assert get_checkpoint(edition.id, "main").inside == 3


def test_recount_when_a_counter_is_wrong_then_found_and_set_right(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now, capacity=5)
    make_checkpoint(edition, now, "right", capacity=5)
    scan_once(edition, make_attendee(edition, now).token)
    with atomic() as session:
        session.execute(update(Zone).where(Zone.code == "main").values(inside=4))

    found = list_wrong_counters(edition.id)
    recounted = recount_inside(SYSTEM, edition.id, now)

    assert (found, recounted) == ({"main": (4, 1)}, {"main": (4, 1)})
    assert (list_wrong_counters(edition.id), recount_inside(SYSTEM, edition.id, now)) == ({}, {})


def test_figures_when_people_come_go_and_are_refused_then_counted_in_this_edition_alone(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    other = make_edition(now, "expo-2028", 2028)
    for each in (edition, other):
        make_checkpoint(each, now)
    make_checkpoint(edition, now, "side")
    one, two = make_attendee(edition, now), make_attendee(edition, now)
    scan_once(other, make_attendee(other, now).token, scanned_at=OPENING + timedelta(days=366))
    for minutes, attendee, door, way in (
        (1, one, "main", Direction.ENTRY),
        (59, two, "main", Direction.ENTRY),
        (60, two, "main", Direction.ENTRY),  # refused: inside already
        (61, one, "main", Direction.EXIT),
        (62, one, "side", Direction.ENTRY),
    ):
        scan_once(edition, attendee.token, door, direction=way, scanned_at=OPENING + timedelta(minutes=minutes))

    zone = edition.zone
    first, second = OPENING.astimezone(zone), (OPENING + timedelta(hours=1)).astimezone(zone)
    assert list_arrivals_per_hour(edition.id, OPENING, OPENING + timedelta(days=1)) == [
        Arrivals("main", first, 2),
        Arrivals("side", second, 1),
    ]
    assert list_arrivals_per_hour(edition.id, OPENING, OPENING + timedelta(minutes=59)) == [Arrivals("main", first, 1)]
    assert count_inside(edition.id) == {"main": 1, "side": 1}
    assert count_arrived(edition.id) == 2
    assert count_refusals(edition.id) == {Reason.ALREADY_ADMITTED: 1}
    assert count_refusals(edition.id, since=OPENING + timedelta(days=1)) == {}
    assert list_door_counts(edition.id, OPENING) == [
        DoorCount("main", {"en": "Main entrance", "zh": "主入口"}, True, None, inside=1, arrived=2, refused=1),
        DoorCount("side", {"en": "Side entrance", "zh": "主入口"}, True, None, inside=1, arrived=1, refused=0),
    ]


def test_scans_of_attendee_when_listed_then_newest_first(each_app: Flask, edition: EditionFacts, now: datetime) -> None:
    make_checkpoint(edition, now)
    attendee = make_attendee(edition, now)
    scan_once(edition, attendee.token)
    scan_once(edition, attendee.token)
    scan_once(edition, make_attendee(edition, now).token)

    scans = list_scans_of(door_facts(edition.id), attendee.id)

    assert [(each.verdict, each.reason) for each in scans] == [
        (Verdict.REFUSED, Reason.ALREADY_ADMITTED),
        (Verdict.ADMITTED, None),
    ]


def test_move_when_positions_are_shared_then_order_follows(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    for code in ("a", "b", "c"):
        create_checkpoint(SYSTEM, edition.id, code, CheckpointRequest({"en": code}), now)

    move_checkpoint(SYSTEM, edition.id, "c", -1, now)
    move_checkpoint(SYSTEM, edition.id, "a", -1, now)

    assert [each.code for each in list_checkpoints(edition.id)] == ["a", "c", "b"]


def test_delete_when_nothing_was_scanned_then_it_is_gone(each_app: Flask, edition: EditionFacts, now: datetime) -> None:
    visitor = make_ticket_type(edition, now)
    for code in ("kept", "gone"):
        request = CheckpointRequest({"en": code}, ticket_type_ids=frozenset({visitor.id}))
        create_checkpoint(SYSTEM, edition.id, code, request, now)

    delete_checkpoint(SYSTEM, edition.id, "gone", now)

    assert [each.code for each in list_checkpoints(edition.id)] == ["kept"]
    with pytest.raises(CheckpointMissing):
        delete_checkpoint(SYSTEM, edition.id, "gone", now)


def test_delete_when_badge_was_scanned_then_is_refused_and_it_stays(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)
    make_checkpoint(edition, now)
    scan_once(edition, make_attendee(edition, now).token)

    with pytest.raises(Conflict) as caught:
        delete_checkpoint(SYSTEM, edition.id, "main", now)

    assert caught.value.code == "checkpoint_in_use"
    assert [each.code for each in list_checkpoints(edition.id)] == ["main"]
