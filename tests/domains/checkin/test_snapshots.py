from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, update

from expo.accounts.rules import SYSTEM
from expo.badges.models import Badge
from expo.badges.queries import find_badge_of
from expo.badges.services import reissue_badge, revoke_badge
from expo.checkin.queries import snapshots
from expo.checkin.queries.records import read_records
from expo.checkin.queries.snapshots import COMMIT_TIME, MAX_AGE, Snapshot, read_snapshot
from expo.checkin.rules import Direction
from expo.checkin.services.scans import scan
from expo.checkin.services.undo import undo_scan
from expo.editions.queries import EditionFacts
from expo.flows.add_ons import change_add_ons
from expo.flows.desk import change_ticket
from expo.flows.registration import cancel_registration, register
from expo.flows.seats import release_seat, take_seat
from expo.infra.db import atomic, db
from expo.infra.rendered_files import delete_rendered_files
from expo.pure.door_records import ID_BYTES
from expo.registration.models import Attendee
from expo.registration.rules import AttendeeChange
from expo.registration.services import change_attendee, record_payment
from tests.conftest import make_edition
from tests.databases import open_transaction
from tests.domains.checkin.devices import read_record, record_id
from tests.domains.checkin.doors import OPENING, make_checkpoint, make_request, scanner
from tests.make import (
    MadeAttendee,
    attendee_request,
    make_add_on,
    make_attendee,
    make_session,
    make_ticket_type,
    order_request,
)

# Where the fields are in a record.
NAME, TICKET, ISSUE, REVOKED, STATE, PAID, ADD_ONS, SEATS = 0, 4, 5, 6, 9, 11, 13, 14
LATER = timedelta(hours=1)
# Before the clock of the database, whatever it says.
LONG_AGO = timedelta(days=1000)

Act = Callable[[EditionFacts, MadeAttendee, datetime], Any]


def _read(edition: EditionFacts, since: str | None, now: datetime) -> Snapshot:
    snapshot = read_snapshot(edition.id, since, now)
    db.session.rollback()
    return snapshot


def _seat(edition: EditionFacts, attendee: MadeAttendee, now: datetime) -> None:
    take_seat(SYSTEM, edition.id, attendee.id, "data-lakes", now)


CHANGES: dict[str, tuple[Act, int, Any]] = {
    "renamed": (
        lambda edition, who, now: change_attendee(SYSTEM, edition.id, who.id, AttendeeChange(name="李娜"), now),
        NAME,
        "李娜",
    ),
    "cancelled": (
        lambda edition, who, now: cancel_registration(SYSTEM, edition.id, who.id, now),
        STATE,
        "cancelled",
    ),
    "upgraded": (lambda edition, who, now: change_ticket(SYSTEM, edition.id, who.id, "vip", now), TICKET, "vip"),
    "revoked": (lambda edition, who, now: revoke_badge(SYSTEM, edition.id, who.id, now), REVOKED, 1),
    "reissued": (lambda edition, who, now: reissue_badge(SYSTEM, edition.id, who.id, now), ISSUE, 2),
    "booked": (
        lambda edition, who, now: change_add_ons(SYSTEM, edition.id, who.id, {"dinner": 1}, now),
        ADD_ONS,
        ["dinner"],
    ),
    "seated": (_seat, SEATS, ["data-lakes"]),
}


@pytest.mark.parametrize("change", CHANGES)
def test_delta_when_an_attendee_changed_then_has_their_record_alone(
    each_app: Flask, edition: EditionFacts, now: datetime, change: str
) -> None:
    act, field, value = CHANGES[change]
    make_ticket_type(edition, now, "vip")
    make_add_on(edition, now)
    make_session(edition, seat_limit=5)
    attendee, other = make_attendee(edition, now), make_attendee(edition, now)
    before = _read(edition, None, now + LATER)

    act(edition, attendee, now + 2 * LATER)
    delta = _read(edition, before.cursor, now + 2 * LATER)

    changed = read_record(delta, attendee.token)
    assert (before.is_whole, delta.is_whole) == (True, False)
    assert (read_record(before, attendee.token) or [])[field] != value
    assert changed is not None
    assert changed[field] == value
    assert read_record(delta, other.token) is None


@pytest.mark.parametrize("change", CHANGES)
def test_whole_when_asked_for_again_after_a_change_then_as_if_everything_were_read(
    app: Flask, edition: EditionFacts, now: datetime, change: str
) -> None:
    act, field, value = CHANGES[change]
    make_ticket_type(edition, now, "vip")
    make_add_on(edition, now)
    make_session(edition, seat_limit=5)
    make_checkpoint(edition, now)
    attendee, other = make_attendee(edition, now), make_attendee(edition, now)
    _scan(edition, other, now)
    _read(edition, None, now + LATER)

    act(edition, attendee, now + 2 * LATER)
    _scan(edition, attendee, now + 2 * LATER)
    added = make_attendee(edition, now + 2 * LATER)
    again = _read(edition, None, now + 2 * LATER)
    app.extensions.pop("expo_recent")
    elsewhere = _read(edition, None, now + 2 * LATER)  # as another process, which has what the first one stored
    app.extensions.pop("expo_recent")
    delete_rendered_files(app.config["SETTINGS"])
    anew = _read(edition, None, now + 2 * LATER)

    assert (read_record(again, _token(attendee.id)) or [])[field] == value
    assert read_record(again, added.token) is not None
    assert (again.cursor, again.is_whole, elsewhere.cursor) == (anew.cursor, True, anew.cursor)
    assert [_unordered(each) for each in (again, elsewhere)] == [_unordered(anew)] * 2


def test_whole_when_another_process_has_read_everything_then_only_what_changed_is_read(
    app: Flask, edition: EditionFacts, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Any] = []

    def note(edition_id: int, dictionary: bytes, attendee_ids: Any) -> Any:
        read.append(attendee_ids)
        return read_records(edition_id, dictionary, attendee_ids)

    monkeypatch.setattr(snapshots, "read_records", note)
    make_attendee(edition, now)
    _read(edition, None, now + LATER)
    app.extensions.pop("expo_recent")
    changed = make_attendee(edition, now + LATER)
    _read(edition, None, now + 2 * LATER)

    assert read == [None, {changed.id}]


def test_whole_when_somebody_was_deleted_then_without_them(app: Flask, edition: EditionFacts, now: datetime) -> None:
    attendee, other = make_attendee(edition, now), make_attendee(edition, now)
    _read(edition, None, now + LATER)

    with atomic() as session:
        session.execute(delete(Badge).where(Badge.attendee_id == attendee.id))
    again = _read(edition, None, now + 2 * LATER)

    assert [read_record(again, each.token) is None for each in (attendee, other)] == [True, False]


def _unordered(snapshot: Snapshot) -> tuple[set[str], set[tuple[Any, ...]]]:
    """Return the records and standings of a snapshot; their order, and so the places of records, mean nothing."""
    records, standings = snapshot.content["records"], snapshot.content["standings"]
    return set(records), {(records[where], *rest) for where, *rest in standings}


def test_delta_when_nothing_changed_then_is_empty(each_app: Flask, edition: EditionFacts, now: datetime) -> None:
    make_attendee(edition, now)
    before = _read(edition, None, now + LATER)

    delta = _read(edition, before.cursor, now + 2 * LATER)

    assert [delta.content[name] for name in ("records", "removed", "standings")] == [[], [], []]


def test_delta_when_an_order_is_paid_then_has_all_its_attendees(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, "visitor", price_cents=10_000)
    order = register(
        SYSTEM, edition.id, order_request(attendee_request(), attendee_request(name="李娜"), source="desk"), now
    )
    tokens = [_token(each.id) for each in order.attendees]
    before = _read(edition, None, now + LATER)

    record_payment(SYSTEM, edition.id, order.id, now + 2 * LATER)
    delta = _read(edition, before.cursor, now + 2 * LATER)

    assert [(read_record(before, each) or [])[PAID] for each in tokens] == [0, 0]
    assert [(read_record(delta, each) or [])[PAID] for each in tokens] == [1, 1]


def test_delta_when_an_order_becomes_unpaid_by_an_upgrade_then_has_the_others_of_the_order_too(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, "visitor")
    make_ticket_type(edition, now, "vip", price_cents=10_000)
    order = register(
        SYSTEM, edition.id, order_request(attendee_request(), attendee_request(name="李娜"), source="desk"), now
    )
    first, second = [_token(each.id) for each in order.attendees]
    before = _read(edition, None, now + LATER)

    change_ticket(SYSTEM, edition.id, order.attendees[0].id, "vip", now + 2 * LATER)
    delta = _read(edition, before.cursor, now + 2 * LATER)

    assert [(read_record(delta, each) or [])[PAID] for each in (first, second)] == [0, 0]


def test_records_when_a_badge_was_reissued_then_the_earlier_one_names_the_newest_issue(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    attendee = make_attendee(edition, now)
    reissue_badge(SYSTEM, edition.id, attendee.id, now)

    whole = _read(edition, None, now + LATER)

    assert [(read_record(whole, each) or [])[ISSUE] for each in (attendee.token, _token(attendee.id))] == [2, 2]
    assert len(whole.content["records"]) == 2


def test_delta_when_a_seat_was_released_then_says_so(each_app: Flask, edition: EditionFacts, now: datetime) -> None:
    make_session(edition, seat_limit=5)
    attendee = make_attendee(edition, now)
    _seat(edition, attendee, now)
    before = _read(edition, None, now + LATER)

    release_seat(SYSTEM, edition.id, attendee.id, "data-lakes", now + 2 * LATER)
    delta = _read(edition, before.cursor, now + 2 * LATER)

    assert (read_record(before, attendee.token) or [])[SEATS] == ["data-lakes"]
    assert (read_record(delta, attendee.token) or [])[SEATS] == []


def test_standings_when_somebody_enters_and_leaves_then_are_in_the_next_delta(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    attendee, _other = make_attendee(edition, now), make_attendee(edition, now)
    before = _read(edition, None, OPENING - LATER)

    _scan(edition, attendee, OPENING)
    entered = _read(edition, before.cursor, OPENING)
    _scan(edition, attendee, OPENING + LATER, direction=Direction.EXIT)
    left = _read(edition, entered.cursor, OPENING + LATER)

    where, at = record_id(attendee.token), int(OPENING.timestamp()) * 1000
    assert before.content["standings"] == []
    assert entered.content["standings"] == [[where, "main", 1, 1, 1, at, None, None]]
    assert left.content["standings"] == [[where, "main", 0, 1, 1, at, at + 3_600_000, None]]
    assert left.content["records"] == []


def test_standings_when_a_badge_is_reissued_then_are_sent_under_its_new_id(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    attendee = make_attendee(edition, now)
    _scan(edition, attendee, OPENING)
    before = _read(edition, None, OPENING + LATER)

    reissue_badge(SYSTEM, edition.id, attendee.id, OPENING + 2 * LATER)
    delta = _read(edition, before.cursor, OPENING + 2 * LATER)

    places = [each[0] for each in delta.content["standings"]]
    assert [delta.content["records"][place][:12] for place in places] == [record_id(_token(attendee.id))]


def test_standings_when_the_only_entry_is_taken_back_then_the_delta_says_that_nobody_was_there(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    attendee = make_attendee(edition, now)
    request = make_request(attendee.token)
    scan(scanner(edition), edition.id, request, OPENING)
    before = _read(edition, None, OPENING + LATER)

    undo_scan(scanner(edition), edition.id, request.scan_id, OPENING + LATER, undone_at=OPENING)
    delta = _read(edition, before.cursor, OPENING + 2 * LATER)

    assert [each[2] for each in before.content["standings"]] == [1]
    assert delta.content["standings"] == [[record_id(attendee.token), "main", 0, 0, 0, None, None, None]]


def _change_slowly(edition: EditionFacts, attendee_id: int) -> Snapshot:
    """Rename an attendee in a transaction that ends hours later; return the snapshot that was read just before."""
    with open_transaction(db.engine) as connection:
        began = connection.exec_driver_sql("SELECT now()").scalar_one()
        renamed = update(Attendee).where(Attendee.id == attendee_id).values(name="李娜", updated_at=began)
        connection.execute(renamed)
        snapshot = _read(edition, None, began + 3 * LATER)  # by the reader's clock
        connection.commit()
    return _read(edition, snapshot.cursor, began + 3 * LATER)


@pytest.mark.postgresql
def test_delta_when_a_transaction_ended_hours_after_its_change_was_dated_then_has_the_change(
    pg_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    attendee = make_attendee(edition, now - LONG_AGO)

    delta = _change_slowly(edition, attendee.id)

    assert (delta.is_whole, (read_record(delta, attendee.token) or [])[NAME]) == (False, "李娜")


@pytest.mark.postgresql
def test_delta_when_open_transactions_are_not_asked_for_then_a_late_change_is_lost(
    pg_app: Flask, edition: EditionFacts, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "complete_until", lambda moment: moment - COMMIT_TIME)
    attendee = make_attendee(edition, now - LONG_AGO)

    delta = _change_slowly(edition, attendee.id)

    assert read_record(delta, attendee.token) is None


def test_delta_when_a_change_is_committed_after_the_snapshot_but_dated_before_then_has_it(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    attendee = make_attendee(edition, now)
    before = _read(edition, None, now + LATER)

    # Dated when its request began, and committed only after the snapshot was read.
    change_attendee(
        SYSTEM, edition.id, attendee.id, AttendeeChange(name="李娜"), now + LATER - COMMIT_TIME + timedelta(seconds=1)
    )
    delta = _read(edition, before.cursor, now + 2 * LATER)

    assert (read_record(delta, attendee.token) or [])[NAME] == "李娜"


@pytest.mark.postgresql
def test_cursor_when_a_transaction_has_been_open_for_long_then_lies_before_it(
    pg_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_attendee(edition, now)
    with open_transaction(db.engine) as connection:
        started = connection.exec_driver_sql("SELECT now()").scalar_one()
        # The reader's clock says that hours have passed since.
        snapshot = _read(edition, None, started + 3 * LATER)

    assert _moment_of(snapshot) == pytest.approx((started - COMMIT_TIME).timestamp(), abs=0.001)


@pytest.mark.parametrize("cursor", ["", "x", "0-1", "0123456789ab-12345678901234567890", "١٢-٣"])
def test_snapshot_when_the_cursor_is_unknown_then_whole(
    app: Flask, edition: EditionFacts, now: datetime, cursor: str
) -> None:
    make_attendee(edition, now)

    assert _read(edition, cursor, now + LATER).is_whole


def test_snapshot_when_the_cursor_is_old_or_of_another_edition_or_ticket_types_changed_then_whole(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    other = make_edition(now, "expo-2028", 2028)
    make_attendee(edition, now)
    cursor = _read(edition, None, now + LATER).cursor
    foreign = _read(other, None, now + LATER).cursor

    is_whole = [
        _read(edition, cursor, now + LATER + MAX_AGE).is_whole,
        _read(edition, foreign, now + 2 * LATER).is_whole,
        _read(edition, cursor, now + 2 * LATER).is_whole,
    ]
    make_ticket_type(edition, now, "vip")
    is_whole.append(_read(edition, cursor, now + 2 * LATER).is_whole)

    assert is_whole == [True, True, False, True]


def test_records_when_nothing_changed_then_same_bytes(each_app: Flask, edition: EditionFacts, now: datetime) -> None:
    make_attendee(edition, now)

    first, second = (_read(edition, None, now + hours * LATER).content["records"] for hours in (1, 2))

    assert first == second
    assert all(len(each) > ID_BYTES for each in first)


def _token(attendee_id: int) -> str:
    badge = find_badge_of(attendee_id)
    assert badge is not None
    return badge.token


def _scan(edition: EditionFacts, attendee: MadeAttendee, at: datetime, **values: Any) -> None:
    scan(scanner(edition), edition.id, make_request(attendee.token, scanned_at=at, **values), at)


def _moment_of(snapshot: Snapshot) -> float:
    return int(snapshot.cursor.partition("-")[2]) / 1_000_000
