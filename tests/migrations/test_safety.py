"""A migration keeps what is there: what belongs to a rebuilt table, everything when it fails, order when two run."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from expo.app import create_app
from expo.editions.models import Hall
from expo.errors import Conflict
from expo.infra.config import ROOT, Settings
from expo.infra.db import atomic, db
from expo.infra.inserting import insert_row
from tests.conftest import make_edition
from tests.migrations.test_migrations import bare_app

__all__ = ["bare_app"]

REBUILD = """
    with op.batch_alter_table("edition") as batch:
        batch.add_column(sa.Column("motto", sa.String(80)))
        batch.alter_column("slug", type_=sa.String(80))
"""
FAIL_HALFWAY = """
    op.create_table("half", sa.Column("id", sa.Integer, primary_key=True))
    op.execute("INSERT INTO no_such_table VALUES (1)")
"""
TAKE_LONG = """
    op.execute("SELECT pg_sleep(3)")
"""
ADD_TABLE = """
    op.create_table("thing", sa.Column("id", sa.Integer, primary_key=True))
"""


def _with_a_migration(folder: Path, steps: str) -> Path:
    """The product's migrations, and one more after them."""
    copied = folder / "migrations"
    shutil.copytree(ROOT / "migrations", copied, ignore=shutil.ignore_patterns("__pycache__"))
    head = ScriptDirectory(str(copied)).get_current_head()
    (copied / "versions" / "9000_test.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f'revision = "9000"\ndown_revision = "{head}"\nbranch_labels = None\ndepends_on = None\n\n\n'
        f"def upgrade():{steps}\n\ndef downgrade():\n    pass\n"
    )
    return copied


def test_upgrade_when_it_rebuilds_a_table_then_rows_that_belong_to_it_stay(
    bare_app: Flask, tmp_path: Path, now: datetime
) -> None:
    upgrade()
    edition = make_edition(now)
    with atomic():
        insert_row(Hall, edition_id=edition.id, code="H1", name={"en": "Hall 1"})

    upgrade(directory=str(_with_a_migration(tmp_path, REBUILD)))

    assert db.session.execute(text("SELECT slug, motto FROM edition")).all() == [(edition.slug, None)]
    assert db.session.execute(text("SELECT edition_id, code FROM hall")).all() == [(edition.id, "H1")]
    with pytest.raises(Conflict), atomic():  # and they are guarded again
        insert_row(Hall, edition_id=edition.id + 1, code="H2", name={"en": "Hall 2"})


def test_upgrade_when_it_fails_halfway_then_leaves_the_database_as_it_was(bare_app: Flask, tmp_path: Path) -> None:
    upgrade()
    before = set(inspect(db.engine).get_table_names())

    with pytest.raises(DBAPIError, match="no_such_table"):
        upgrade(directory=str(_with_a_migration(tmp_path, FAIL_HALFWAY)))

    assert set(inspect(db.engine).get_table_names()) == before
    upgrade()  # nothing is still locked


@pytest.mark.parametrize("bare_app", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True)
def test_upgrade_when_two_machines_start_at_once_then_one_waits_for_the_other(bare_app: Flask, tmp_path: Path) -> None:
    settings: Settings = bare_app.config["SETTINGS"]
    folder = _with_a_migration(tmp_path, ADD_TABLE)
    command = [sys.executable, "-m", "flask", "db", "upgrade", "--directory", str(folder)]
    environment = os.environ | {"DATABASE_URL": settings.database_url, "EXPO_DATA_DIR": str(tmp_path)}

    started = [
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for _machine in range(2)
    ]

    said = [each.communicate(timeout=240)[0].decode() for each in started]
    assert [each.returncode for each in started] == [0, 0], said
    assert db.session.scalar(text("SELECT version_num FROM alembic_version")) == "9000"


@pytest.mark.parametrize("bare_app", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True)
def test_upgrade_when_it_takes_longer_than_a_request_may_then_is_not_ended(bare_app: Flask, tmp_path: Path) -> None:
    settings: Settings = bare_app.config["SETTINGS"]
    hasty = create_app(replace(settings, lock_timeout=2, statement_timeout=2))

    with hasty.app_context():
        upgrade(directory=str(_with_a_migration(tmp_path, TAKE_LONG)))

        assert db.session.scalar(text("SELECT version_num FROM alembic_version")) == "9000"
        with db.engine.connect() as connection:  # the one that migrated serves requests now
            names = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
            assert [connection.scalar(text(f"SHOW {name}")) for name in names] == ["2s", "2s", "1min"]
        db.session.remove()
        db.engine.dispose()
