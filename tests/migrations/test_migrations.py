"""The migrations lead to the tables of the models, up and down, on both databases."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from expo.app import create_app
from expo.cli.operations import list_differences
from expo.infra.config import ROOT, Settings
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


def test_first_migration_when_read_then_is_as_it_was_released() -> None:
    """Installations have run it: every change is a new migration."""
    [file] = (ROOT / "migrations" / "versions").glob("0001_*.py")
    assert sha256(file.read_bytes()).hexdigest() == "9f96944578fc237c03d71058d8998630b58e996058a907844ca30732ac4dac78"


def test_migrations_when_listed_then_one_follows_the_other() -> None:
    script = ScriptDirectory(str(ROOT / "migrations"))
    chain = list(script.walk_revisions())
    assert len(script.get_heads()) == 1
    assert [each.down_revision for each in chain] == [*(each.revision for each in chain[1:]), None]


def test_check_when_a_table_is_not_that_of_the_models_then_says_which(bare_app: Flask) -> None:
    upgrade()
    assert list_differences() == []
    with db.engine.begin() as connection:
        connection.exec_driver_sql("DROP INDEX ix_job_queued")
    assert list_differences() == ["its schema differs from this version: add_index ix_job_queued"]
