"""How pages are stored, and how often the version of the content is read."""

from datetime import UTC, datetime

import pytest

from expo.editions.queries import ContentVersion
from expo.web.kit.page_cache import VersionReader
from expo.web.kit.page_store import PageStore, StoredPage, prepare_page
from tests.web.page_caching import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_store_when_it_is_full_then_the_page_not_asked_for_the_longest_goes() -> None:
    pages = {name: make_page(name * 3000) for name in "abc"}
    store = PageStore(max_bytes=pages["a"].size * 2, max_page_bytes=pages["a"].size)
    store.set("a", pages["a"])
    store.set("b", pages["b"])
    store.get("a")
    store.set("c", pages["c"])
    store.set("huge", make_page("x" * 6000))

    assert [name for name in ("a", "b", "c", "huge") if store.get(name)] == ["a", "c"]
    assert store.bytes_used == pages["a"].size + pages["c"].size


def make_page(text: str) -> StoredPage:
    return prepare_page(
        ContentVersion(1, 1), datetime(2027, 1, 1, tzinfo=UTC), [("Content-Type", "image/png")], text.encode()
    )


def test_version_when_asked_within_a_second_then_read_once(clock: Clock) -> None:
    answers = iter([ContentVersion(1, 1), ContentVersion(1, 2)])
    reader = VersionReader(lambda: next(answers), clock=clock)

    seen = [reader.read(), reader.read()]
    clock.seconds += 1
    seen.append(reader.read())

    assert seen == [ContentVersion(1, 1), ContentVersion(1, 1), ContentVersion(1, 2)]


def test_version_when_reading_it_takes_long_then_its_second_counts_from_the_beginning(clock: Clock) -> None:
    def read() -> ContentVersion:
        clock.seconds += 0.7
        return ContentVersion(1, round(clock.seconds))

    reader = VersionReader(read, clock=clock)
    first = reader.read()
    clock.seconds += 0.3

    assert reader.read() != first
