"""A list of attendees with a column of add-ons, and our own export imported again."""

from datetime import datetime

import pytest
from flask import Flask

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts
from expo.formats.tables import write_csv
from expo.imports.queries import get_run, list_faults
from expo.imports.rules import Counts
from expo.registration.queries import (
    AttendeeFilter,
    get_order,
    list_add_ons_of,
    recount_quotas,
    search_attendees,
)
from expo.reports.people import COLUMNS, export_people
from tests.flows.attendee_import.test_importing import import_, upload
from tests.make import make_add_on, make_ticket_type

HEAD = "name,email,country,ticket_type,add-ons\n"


@pytest.fixture
def offered(edition: EditionFacts, now: datetime) -> None:
    make_ticket_type(edition, now)
    make_add_on(edition, now, "dinner", 2, price_cents=300, name={"en": "Gala dinner", "zh": "晚宴"})
    make_add_on(edition, now, "parking", max_per_attendee=3)


def booked(edition: EditionFacts) -> dict[str, dict[str, int]]:
    people = search_attendees(edition.id, AttendeeFilter()).rows
    held = list_add_ons_of([each.id for each in people])
    return {each.name: {add_on.code: add_on.quantity for add_on in held.get(each.id, ())} for each in people}


def test_import_when_add_ons_are_named_in_any_way_then_booked_with_places_and_price(
    app: Flask, edition: EditionFacts, now: datetime, offered: None
) -> None:
    content = (
        f"{HEAD}Ada,a@example.org,CN,visitor,Gala Dinner; parking × 2\n"
        'Bo,b@example.org,CN,visitor,"晚宴，parking,parking"\n'
        "Cy,c@example.org,CN,visitor,\n"
    )

    run = import_(edition, now, content)

    assert run.counts == Counts(added=3)
    assert booked(edition) == {"Ada": {"dinner": 1, "parking": 2}, "Bo": {"dinner": 1, "parking": 2}, "Cy": {}}
    [ada] = search_attendees(edition.id, AttendeeFilter(q="Ada")).rows
    assert get_order(edition.id, ada.order_code).total_cents == 300
    assert [(each.taken, each.counted) for each in recount_quotas(edition.id)] == [(2, 2)]


def test_import_when_an_add_on_is_unknown_too_many_or_sold_out_then_the_row_is_named(
    app: Flask, edition: EditionFacts, now: datetime, offered: None
) -> None:
    content = (
        f"{HEAD}Ada,a@example.org,CN,visitor,cinema\n"
        "Bo,b@example.org,CN,visitor,parking x 4\n"
        "Cy,c@example.org,CN,visitor,dinner\n"
        "Di,d@example.org,CN,visitor,dinner\n"
        "Ed,e@example.org,CN,visitor,dinner\n"
    )

    preview = get_run(edition.id, upload(edition, now, content))
    run = import_(edition, now, content)

    codes = ["add_on_not_known", "too_many_of_add_on", "add_on_sold_out"]
    assert [each.code for each in list_faults(preview.id)] == codes
    assert [(each.code, each.column) for each in list_faults(run.id)] == [(code, "add-ons") for code in codes]
    assert (preview.counts, run.counts) == (Counts(added=2, faulted=3), Counts(added=2, faulted=3))
    assert booked(edition) == {"Cy": {"dinner": 1}, "Di": {"dinner": 1}}


def test_import_when_the_file_is_our_own_export_of_another_edition_then_add_ons_come_along(
    app: Flask, edition: EditionFacts, now: datetime, offered: None
) -> None:
    import_(edition, now, f"{HEAD}Ada,a@example.org,CN,visitor,parking x 2\n")

    content = write_csv(COLUMNS, export_people(SYSTEM, edition, AttendeeFilter(), now)).replace(b"a@", b"z@")
    # Under its code, the row would be recognized.
    run = import_(edition, now, content.replace(b"Ada", b"Zoe").replace(b"code", b"id", 1))

    assert run.counts == Counts(added=1)
    assert booked(edition)["Zoe"] == {"parking": 2}
