"""Attendees in an order of the reader's choice, on both databases."""

from datetime import datetime

from flask import Flask

from expo.editions.queries import EditionFacts
from expo.registration.queries import AttendeeFilter, search_attendees
from expo.registration.queries.sorting import AttendeeOrder, OrderKey
from tests.make import make_attendee


def test_sorted_when_read_page_by_page_then_each_once(each_app: Flask, edition: EditionFacts, now: datetime) -> None:
    for number in range(5):
        make_attendee(
            edition, now, name=f"N{number % 2}", email=f"{number}@example.org", country=("FR", "CN")[number % 2]
        )
    everyone = {row.id for row in search_attendees(edition.id, AttendeeFilter()).rows}
    for key in OrderKey:
        for is_descending in (False, True):
            order = AttendeeOrder(key, is_descending, ("CN", "FR"))
            whole = [row.id for row in search_attendees(edition.id, AttendeeFilter(), order=order).rows]
            paged: list[int] = []
            cursor = None
            while True:
                page = search_attendees(edition.id, AttendeeFilter(), cursor=cursor, limit=2, order=order)
                paged += [row.id for row in page.rows]
                cursor = page.next_cursor
                if cursor is None:
                    break
            assert (paged, set(paged)) == (whole, everyone), key
