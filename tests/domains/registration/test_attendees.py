from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import ANONYMOUS, SYSTEM, Actor
from expo.badges.queries import find_badge_of
from expo.editions.queries import EditionFacts
from expo.errors import Invalid
from expo.registration.errors import AttendeeMissing, OrderMissing
from expo.registration.queries import (
    AttendeeFilter,
    attendee_history,
    count_attendees,
    get_attendee,
    get_attendee_by_id,
    get_order,
    list_attendees_of_person,
    search_attendees,
)
from expo.registration.rules import AttendeeChange, AttendeeState
from expo.registration.services import change_attendee, record_payment
from tests.conftest import make_edition
from tests.make import make_attendee


def names(edition: EditionFacts, **wanted: Any) -> list[str]:
    found = AttendeeFilter(**wanted)
    rows = search_attendees(edition.id, found).rows
    assert count_attendees(edition.id, found) == len(rows)
    return [row.name for row in rows]


def test_search_when_asked_in_any_way_then_only_this_edition_answers(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    other = make_edition(now, "expo-2028", 2028)
    made = make_attendee(edition, now, name="张伟", company="贵州大数据", email="z.wei@example.org")
    make_attendee(edition, now + timedelta(hours=1), "press", name="Jürgen Müller", country="DE")
    make_attendee(other, now, name="张伟", company="贵州大数据")

    assert names(edition, q="zhang") == ["张伟"]
    assert names(edition, q="大数据") == ["张伟"]
    assert names(edition, q=made.code.lower()) == ["张伟"]
    assert names(edition, q=f"{made.code[:4]}-{made.code[4:]}") == ["张伟"]
    assert names(edition, q="z.wei@example.org") == ["张伟"]
    assert names(edition, q="mueller jur") == ["Jürgen Müller"]
    assert names(edition, q="%") == []
    assert names(edition) == ["Jürgen Müller", "张伟"]
    assert names(edition, ticket_type="press") == ["Jürgen Müller"]
    assert names(edition, country="de") == ["Jürgen Müller"]
    assert names(edition, state=AttendeeState.CANCELLED) == []
    assert names(edition, updated_since=now + timedelta(minutes=1)) == ["Jürgen Müller"]


def test_search_when_more_than_a_page_then_each_is_seen_once(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    made = [make_attendee(edition, now).code for _ in range(5)]

    seen, cursor = [], None
    for _ in range(3):
        page = search_attendees(edition.id, AttendeeFilter(), cursor=cursor, limit=2)
        seen += [row.code for row in page.rows]
        cursor = page.next_cursor

    assert seen == made[::-1]
    assert cursor is None


def test_reads_when_of_another_edition_then_missing(each_app: Flask, edition: EditionFacts, now: datetime) -> None:
    other = make_edition(now, "expo-2028", 2028)
    made = make_attendee(edition, now)
    make_attendee(other, now)

    with pytest.raises(AttendeeMissing):
        get_attendee(other.id, made.code)
    with pytest.raises(AttendeeMissing):
        get_attendee_by_id(other.id, made.id)
    with pytest.raises(OrderMissing):
        get_order(other.id, made.attendee.order_code)
    with pytest.raises(AttendeeMissing):
        change_attendee(SYSTEM, other.id, made.id, AttendeeChange(name="x"), now)
    with pytest.raises(OrderMissing):
        record_payment(SYSTEM, other.id, made.attendee.order_id, now)
    assert list_attendees_of_person(made.attendee.person_id, other.id) == []
    assert [row.id for row in list_attendees_of_person(made.attendee.person_id, edition.id)] == [made.id]


def test_change_when_name_is_another_then_found_by_it_and_the_badge_stays(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    made = make_attendee(edition, now, name="张伟")
    own = Actor("person", made.attendee.person_id, edition_id=edition.id)
    later = now + timedelta(hours=1)

    changed = change_attendee(own, edition.id, made.id, AttendeeChange(name="  李\u202e娜 ", company="Aïcha SA"), later)

    assert (changed.name, changed.company, changed.country, changed.updated_at) == ("李娜", "Aïcha SA", "CN", later)
    assert names(edition, q="li aicha") == ["李娜"]
    assert names(edition, q="zhang") == []
    assert find_badge_of(made.id) == made.badge
    assert [act.action for act in attendee_history(edition.id, made.id)] == [
        "registration.change_attendee",
        "badges.issue",
        "registration.place_order",
    ]
    with pytest.raises(PermissionMissing):
        change_attendee(ANONYMOUS, edition.id, made.id, AttendeeChange(name="x"), later)
    with pytest.raises(Invalid) as refused:
        change_attendee(own, edition.id, made.id, AttendeeChange(name="😀 x"), later)
    assert (refused.value.code, refused.value.params["field"]) == ("text_unprintable", "name")
