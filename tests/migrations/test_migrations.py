"""The migrations lead to the tables of the models, up and down, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from expo.app import create_app
from expo.infra.config import Settings
from expo.infra.db import db
from expo.schema import metadata
from tests.conftest import skip_or_fail
from tests.databases import empty_database
from tests.postgres import server_url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def bare_app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """The application on a database without any table."""
    url = f"sqlite:///{tmp_path / 'bare.sqlite3'}"
    if request.param == "postgresql":
        server = server_url()
        if server is None:
            skip_or_fail("no PostgreSQL on this machine")
        url = empty_database(str(server), f"expo_migrations_{tmp_path.name.replace('-', '_')[-20:]}")
    app = create_app(Settings(database_url=url, data_dir=tmp_path, secret_key="x" * 32))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def _differences() -> list[object]:
    with db.engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata))


def _tables() -> set[str]:
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def test_upgrade_when_database_is_empty_then_equals_the_models(bare_app: Flask) -> None:
    upgrade()

    assert _tables() == set(metadata.tables)
    assert _differences() == []


def test_downgrade_when_at_head_then_leaves_nothing_and_goes_up_again(bare_app: Flask) -> None:
    upgrade()

    downgrade(revision="base")

    assert _tables() == set()
    upgrade()
    assert _tables() == set(metadata.tables)
