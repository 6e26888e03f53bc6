"""Fixtures of the pages, which are tested on both databases."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.conftest import _fresh


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def app(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application on a fresh database of each kind, within an application context."""
    application = request.getfixturevalue(f"_{'sqlite' if request.param == 'sqlite' else 'postgres'}_app")
    database = request.getfixturevalue(f"_{'sqlite' if request.param == 'sqlite' else 'postgres'}")
    yield from _fresh(application, database)
