"""A checkpoint that asks for an add-on: the server, the try-out and what a device gets say the same."""

from datetime import datetime

import pytest
from flask import Flask

from expo.accounts.rules import SYSTEM
from expo.checkin.queries.facts import find_facts
from expo.checkin.queries.scans import RequiredItem
from expo.checkin.queries.snapshots import read_snapshot
from expo.checkin.rules import Direction, Reason
from expo.checkin.rules.facts import Need, Rule
from expo.checkin.rules.judging import judge
from expo.checkin.rules.needs import list_sufficient
from expo.checkin.rules.trees import list_required_add_ons
from expo.editions.queries import EditionFacts
from expo.flows.add_ons import change_add_ons
from expo.flows.registration import cancel_registration
from expo.infra.db import db
from expo.registration.queries import get_attendee_by_id
from tests.domains.checkin.devices import read_record
from tests.domains.checkin.doors import OPENING, make_checkpoint, scan_once
from tests.make import MadeAttendee, make_add_on, make_attendee, make_ticket_type

ADD_ONS = 13


def tried(edition: EditionFacts, attendee: MadeAttendee) -> str | None:
    row = get_attendee_by_id(edition.id, attendee.id)
    return judge(find_facts(edition, "main", row, Direction.ENTRY, OPENING))["reason"]


def test_scan_when_the_rule_asks_for_an_add_on_then_only_those_who_booked_it_enter(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_add_on(edition, now, "dinner")
    make_add_on(edition, now, "lunch")
    make_checkpoint(edition, now, rule={"add_on": ["dinner"]})
    make_checkpoint(edition, now, "free")
    make_ticket_type(edition, now, "vip")
    make_checkpoint(edition, now, "either", rule={"any": [{"ticket_type": ["vip"]}, {"add_on": ["dinner"]}]})
    booked = make_attendee(edition, now, email="a@example.org", add_ons=("dinner", "lunch"))
    other = make_attendee(edition, now, email="b@example.org", add_ons=("lunch",))

    assert [tried(edition, each) for each in (booked, other)] == [None, "rule"]
    answers = [scan_once(edition, each.token, scan_id=each.code) for each in (booked, other)]
    assert [each.reason for each in answers] == [None, Reason.RULE]
    dinner = (RequiredItem("dinner", {"en": "Dinner", "zh": "dinner（中文）"}),)
    assert [(each.add_ons, each.missing_add_ons) for each in answers] == [(dinner, ()), ((), dinner)]
    assert [scan_once(edition, each.token, scan_id=each.code) for each in (booked, other)] == answers
    free = scan_once(edition, other.token, "free")
    assert (free.reason, free.add_ons) == (None, ())
    vip = (RequiredItem("vip", {"en": "Vip", "zh": "观众"}),)
    either = scan_once(edition, other.token, "either")
    assert (either.reason, either.missing_ticket_types, either.missing_add_ons) == (Reason.RULE, vip, dinner)
    assert either.needed == {"any": [{"ticket_type": ["vip"]}, {"add_on": ["dinner"]}]}
    assert scan_once(edition, booked.token, "either").reason is None
    assert read_snapshot(edition.id, None, now).content["add_ons"] == [
        {"code": "dinner", "name": {"en": "Dinner", "zh": "dinner（中文）"}}
    ]


# Rules, and what they ask for. The scanner's script has the same answers.
ASKED: list[tuple[Rule | None, list[str]]] = [
    ({"add_on": ["a", "b"]}, ["a", "b"]),
    ({"all": [{"all": [{"add_on": ["a"]}]}, {"add_on": ["b", "a"]}]}, ["a", "b"]),
    ({"any": [{"add_on": ["a"]}, {"between": ["09:00", "10:00"]}]}, ["a"]),
    ({"not": {"add_on": ["a"]}}, []),
    (None, []),
]


@pytest.mark.parametrize(("rule", "asked"), ASKED)
def test_rule_when_it_asks_for_add_ons_then_all_of_them_are_listed(rule: Rule | None, asked: list[str]) -> None:
    assert list_required_add_ons(rule) == asked


@pytest.mark.parametrize(
    ("need", "ticket_types", "add_ons"),
    [
        ({"add_on": ["a", "b"]}, (), ("a", "b")),
        ({"any": [{"ticket_type": ["vip"]}, {"add_on": ["a"]}]}, ("vip",), ("a",)),
        ({"all": [{"from": "2027-05-27T14:00"}, {"ticket_type": ["vip", "press"]}]}, ("vip", "press"), ()),
        ({"any": [{"from": "2027-05-27T14:00"}, {"add_on": ["a"]}]}, (), ()),
        (None, (), ()),
    ],
)
def test_need_when_a_ticket_or_an_add_on_is_enough_then_all_that_are_enough_are_listed(
    need: Need | None, ticket_types: tuple[str, ...], add_ons: tuple[str, ...]
) -> None:
    assert list_sufficient(need) == (ticket_types, add_ons)


def test_scan_when_add_ons_change_then_judged_by_what_is_booked_now(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_add_on(edition, now, "dinner")
    make_checkpoint(edition, now, rule={"not": {"add_on": ["dinner"]}})
    attendee = make_attendee(edition, now, add_ons=("dinner",))
    refused = scan_once(edition, attendee.token).reason

    change_add_ons(SYSTEM, edition.id, attendee.id, {}, now)

    assert (refused, tried(edition, attendee)) == (Reason.RULE, None)
    assert scan_once(edition, attendee.token).reason is None


def test_record_when_somebody_is_cancelled_then_has_no_add_on(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_add_on(edition, now, "dinner")
    attendee = make_attendee(edition, now, add_ons=("dinner",))
    before = read_record(read_snapshot(edition.id, None, now).content, attendee.token)

    cancel_registration(SYSTEM, edition.id, attendee.id, now)
    db.session.rollback()

    after = read_record(read_snapshot(edition.id, None, now).content, attendee.token)
    assert before is not None
    assert after is not None
    assert (before[ADD_ONS], after[ADD_ONS]) == (["dinner"], [])
