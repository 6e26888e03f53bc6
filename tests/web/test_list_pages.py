"""Lists cut into pages: the page in the address, and the addresses of the others."""

import pytest
from flask import Flask

from expo.web.kit.list_pages import ListPage, page_of_request

ROWS = list(range(120))


@pytest.mark.parametrize(
    ("asked", "number", "rows"),
    [
        ("", 1, (0, 49)),
        ("?page=2", 2, (50, 99)),
        ("?page=3", 3, (100, 119)),
        ("?page=9999", 3, (100, 119)),
        ("?page=0", 1, (0, 49)),
        ("?page=-7", 1, (0, 49)),
        ("?page=last", 1, (0, 49)),
    ],
)
def test_page_when_asked_for_then_there_or_the_nearest(
    app: Flask, asked: str, number: int, rows: tuple[int, int]
) -> None:
    with app.test_request_context(f"/organizer/attendees{asked}"):
        page = page_of_request(len(ROWS))

        assert (page.number, page.pages) == (number, 3)
        assert (page.cut(ROWS)[0], page.cut(ROWS)[-1]) == rows


def test_page_when_it_has_a_filter_then_every_address_keeps_it(app: Flask) -> None:
    with app.test_request_context("/organizer/attendees/ABCD?page=2"):
        page = page_of_request(len(ROWS), {"q": "a&b"}, anchor="list")

        assert page.url(3) == "/organizer/attendees/ABCD?q=a%26b&page=3#list"
        assert page.url(1) == "/organizer/attendees/ABCD?q=a%26b#list"
        assert page.to_query == {"q": "a&b", "page": "2"}


def test_page_when_there_are_no_rows_then_the_only_one_is_empty(app: Flask) -> None:
    with app.test_request_context("/organizer/attendees?page=4"):
        assert page_of_request(0) == ListPage(1, 0, 50)
