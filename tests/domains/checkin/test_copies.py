"""What a hub copies from its centre, part by part."""

from datetime import datetime, timedelta

from flask import Flask

from expo.accounts.rules import SYSTEM
from expo.checkin.queries.copies import HubCopy, read_copy
from expo.checkin.rules.copies import COPIED
from expo.checkin.services.scans import scan
from expo.editions.queries import EditionFacts
from expo.infra.db import db
from expo.registration.rules import AttendeeChange
from expo.registration.services import change_attendee
from tests.domains.checkin.doors import OPENING, make_checkpoint, make_request, scan_once, scanner
from tests.make import make_attendee, make_ticket_type

LATER = timedelta(hours=1)
HUB = 1


def _read(edition: EditionFacts, since: str | None, now: datetime, most: int = 2) -> HubCopy:
    copy = read_copy(HUB, edition.id, since, now, most)
    db.session.rollback()
    return copy


def _ids(copy: HubCopy, table: str = "attendee", column: str = "id") -> list[int]:
    place = COPIED[table].index(column)
    return [row[place] for row in copy.rows[table]]


def test_copy_when_read_in_parts_then_everybody_once_and_later_what_changed_meanwhile(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    people = [make_attendee(edition, now) for _ in range(5)]
    for each in (people[0], people[4]):
        scan_once(edition, each.token)
    ids = [each.id for each in people]

    first = _read(edition, None, OPENING + LATER)
    # Of those in the first part, between two parts.
    scan(scanner(edition), edition.id, make_request(people[1].token, scanned_at=OPENING + LATER), OPENING + LATER)
    change_attendee(SYSTEM, edition.id, people[0].id, AttendeeChange(name="李娜"), OPENING + LATER)
    second = _read(edition, first.cursor, OPENING + 2 * LATER)
    third = _read(edition, second.cursor, OPENING + 2 * LATER)
    delta = _read(edition, third.cursor, OPENING + 2 * LATER)
    last = _read(edition, delta.cursor, OPENING + 4 * LATER)

    parts = (first, second, third)
    assert [_ids(each) for each in parts] == [ids[:2], ids[2:4], ids[4:]]
    assert [_ids(each, "scan", "attendee_id") for each in parts] == [ids[:1], [], ids[4:]]
    assert [each.covers for each in parts] == [(0, ids[1]), (ids[1], ids[3]), (ids[3], None)]
    assert [each.left for each in parts] == [3, 1, 0]
    assert (delta.covers, delta.left, _ids(delta)) == (None, 0, ids[:1])
    assert _ids(delta, "scan", "attendee_id") == [ids[1]]
    assert (_ids(last), last.is_whole) == ([], False)


def test_copy_when_many_changed_then_in_parts_too_and_from_the_start_when_the_cursor_is_useless(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    people = [make_attendee(edition, now) for _ in range(3)]
    whole = _read(edition, None, now + LATER, most=9)
    for each in people:
        change_attendee(SYSTEM, edition.id, each.id, AttendeeChange(name="李娜"), now + 2 * LATER)

    first = _read(edition, whole.cursor, now + 2 * LATER)
    second = _read(edition, first.cursor, now + 2 * LATER)
    make_ticket_type(edition, now, "vip")
    anew = [_read(edition, each, now + 4 * LATER).covers for each in (first.cursor, second.cursor, "x-1-2-3")]

    assert (whole.is_whole, whole.left) == (True, 0)
    assert [_ids(each) for each in (first, second)] == [[each.id for each in people][:2], [people[2].id]]
    assert [(each.covers, each.left) for each in (first, second)] == [(None, 1), (None, 0)]
    assert anew == [(0, people[1].id)] * 3
