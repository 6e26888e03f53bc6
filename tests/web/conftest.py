"""Fixtures of the pages, which are tested on both databases unless only SQLite is asked for."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import _fresh

HERE = Path(__file__).parent
KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test of a page once per kind of database, and one in the browser on SQLite."""
    if "app" in metafunc.fixturenames:
        is_in_browser = metafunc.definition.get_closest_marker("browser") is not None
        metafunc.parametrize("app", KINDS[:1] if is_in_browser else KINDS, indirect=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of the cases of a test run only the first on PostgreSQL too, unless all are asked for.

    The cases of a page differ in roles, words and forms, seldom in what they ask of the database.
    """
    seen = set[str]()
    spared: list[pytest.Item] = []
    for item in items:
        if item.path.is_relative_to(HERE) and _kind(item) == "postgresql":
            name = item.nodeid.partition("[")[0]
            if name in seen and not item.get_closest_marker("each_case_on_postgresql"):
                spared.append(item)
            seen.add(name)
    if spared:
        config.hook.pytest_deselected(items=spared)
        chosen = set(spared)
        items[:] = [item for item in items if item not in chosen]


def _kind(item: pytest.Item) -> object:
    """Return the kind of database that a test runs on; None where it has no choice."""
    return item.callspec.params.get("app") if isinstance(item, pytest.Function) and hasattr(item, "callspec") else None


@pytest.fixture
def pages_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists have two rows a page."""
    monkeypatch.setattr("expo.web.kit.list_pages.PAGE_SIZE", 2)


@pytest.fixture
def app(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application on a fresh database of each kind, within an application context."""
    application = request.getfixturevalue(f"_{'sqlite' if request.param == 'sqlite' else 'postgres'}_app")
    database = request.getfixturevalue(f"_{'sqlite' if request.param == 'sqlite' else 'postgres'}")
    yield from _fresh(application, database)
