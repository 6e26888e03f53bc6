"""The same form with the same content is one order; with other content it is another."""

from dataclasses import replace
from datetime import datetime

from flask import Flask

from expo.accounts.rules import ANONYMOUS, SYSTEM
from expo.editions.queries import EditionFacts
from expo.flows.registration import cancel_whole_order, register
from expo.registration.queries import AttendeeFilter, search_attendees
from expo.registration.rules import OrderRequest, digest_of
from tests.make import attendee_request, make_ticket_type, order_request


def keyed(name: str, email: str) -> OrderRequest:
    return replace(order_request(attendee_request(name=name), email=email), client_key="one form")


def test_register_when_the_key_comes_with_another_person_then_both_are_registered(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)

    first = register(ANONYMOUS, edition.id, keyed("张伟", "wei@example.org"), now)
    second = register(ANONYMOUS, edition.id, keyed("李娜", "na@example.org"), now)

    assert (first.is_new, second.is_new, second.email) == (True, True, "na@example.org")
    assert [row.name for row in search_attendees(edition.id, AttendeeFilter()).rows] == ["李娜", "张伟"]


def test_register_when_key_and_content_are_the_same_then_the_order_is_found(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)

    first = register(ANONYMOUS, edition.id, keyed("张伟", "wei@example.org"), now)
    again = register(ANONYMOUS, edition.id, keyed(" 张伟 ", "Wei@Example.org "), now)

    assert (again.id, again.is_new) == (first.id, False)


def test_register_when_the_order_was_cancelled_then_the_same_form_registers_again(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)
    first = register(ANONYMOUS, edition.id, keyed("张伟", "wei@example.org"), now)
    cancel_whole_order(SYSTEM, edition.id, first.id, now)

    again = register(ANONYMOUS, edition.id, keyed("张伟", "wei@example.org"), now)

    assert (again.is_new, again.id != first.id) == (True, True)


def test_digest_when_any_part_differs_then_another() -> None:
    request = keyed("张伟", "wei@example.org")
    person = request.attendees[0]
    others = [
        replace(request, email="other@example.org"),
        replace(request, language="zh"),
        replace(request, attendees=(person, person)),
        *(
            replace(request, attendees=(other,))
            for other in (
                replace(person, ticket_type_code="x"),
                replace(person, name="x"),
                replace(person, latin_name="x"),
                replace(person, email="x"),
                replace(person, country="x"),
                replace(person, company="x"),
                replace(person, job_title="x"),
            )
        ),
    ]

    digests = {digest_of(each) for each in [request, *others]}

    assert len(digests) == len(others) + 1
    assert digest_of(replace(request, client_key="another form")) == digest_of(request)
