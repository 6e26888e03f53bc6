"""`flask expo check`, `backup` and `restore`, on both databases."""

import io
import tarfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from flask_migrate import stamp
from sqlalchemy import text

from expo.accounts.rules import SYSTEM
from expo.app import create_app
from expo.badges.services import create_signing_key
from expo.cli.operations import CHECKS
from expo.editions.queries import EditionFacts, list_editions
from expo.flows.registration import register
from expo.flows.tickets import create_quota
from expo.infra.config import ROOT, Settings
from expo.infra.db import atomic, db
from expo.infra.files import find_file_by_key, store_file
from expo.infra.sealing import _open
from expo.tickets.services import create_ticket_type
from tests.conftest import make_edition
from tests.make import attendee_request, order_request
from tests.redis_server import RedisServer


def _run(app: Flask, *arguments: str | Path) -> Result:
    return app.test_cli_runner(catch_exceptions=False).invoke(args=["expo", *map(str, arguments)])


def _write(statement: str, **values: object) -> None:
    with atomic():
        db.session.execute(text(statement), values)


@pytest.fixture
def whole(each_app: Flask, edition: EditionFacts, now: datetime) -> Flask:
    """An installation in which nothing is wrong: compiled texts, a key, a quota."""
    for path in (ROOT / "expo" / "translations").glob("*/LC_MESSAGES/messages.po"):
        assert path.with_suffix(".mo").exists(), "run `make compile` first"
    create_signing_key(SYSTEM, edition.id, now)
    create_ticket_type(SYSTEM, edition.id, code="visitor", name={"en": "Visitor"}, now=now)
    create_quota(SYSTEM, edition.id, "All", 5, ["visitor"], now)
    stamp()
    return each_app


def test_check_when_nothing_is_wrong_then_says_so_for_every_part(whole: Flask) -> None:
    result = _run(whole, "check")

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "".join(f"{part:<10} ok\n" for part in CHECKS)


def test_check_when_a_counter_drifted_then_names_it_and_fails(whole: Flask) -> None:
    _write("UPDATE quota SET taken = 3")

    result = _run(whole, "check")

    assert result.exit_code == 1
    assert result.stderr == "counters: expo-2027: quota All says 3, its attendees are 0\n"


def test_check_when_the_total_of_an_order_is_not_its_lines_then_names_it(
    whole: Flask, edition: EditionFacts, now: datetime
) -> None:
    create_ticket_type(SYSTEM, edition.id, code="paid", name={"en": "Paid"}, price_cents=100_00, now=now)
    pair = order_request(attendee_request("paid"), attendee_request("paid"), source="desk")
    order = register(SYSTEM, edition.id, pair, now)
    before = _run(whole, "check").exit_code
    _write('UPDATE "order" SET total_cents = 10000 WHERE id = :id', id=order.id)

    result = _run(whole, "check")

    assert (before, result.exit_code) == (0, 1)
    assert result.stderr == (f"counters: expo-2027: order {order.code} says 100.00 CNY, its lines are 200.00\n")


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DROP INDEX ix_job_queued", "its schema differs from this version: add_index ix_job_queued"),
        ("ALTER TABLE hall ADD COLUMN forgotten INTEGER", "its schema differs from this version: remove_column"),
    ],
)
def test_check_when_the_tables_are_not_those_of_the_models_then_says_where(
    whole: Flask, statement: str, words: str
) -> None:
    _write(statement)

    result = _run(whole, "check")

    assert (result.exit_code, result.stdout) == (1, "database   WRONG\n")
    assert words in result.stderr


def test_check_when_the_secret_key_changed_then_names_the_signing_key(
    whole: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    _open.cache_clear()
    monkeypatch.setitem(whole.config, "SECRET_KEY", "y" * 32)

    result = _run(whole, "check")

    assert result.exit_code == 1
    assert result.stderr == "keys: expo-2027: key 0 cannot sign; was SECRET_KEY changed?\n"


def test_check_when_the_tables_are_not_migrated_then_stops_there(whole: Flask) -> None:
    _write("UPDATE alembic_version SET version_num = '0000'")

    result = _run(whole, "check")

    assert result.exit_code == 1
    assert result.stdout == "database   WRONG\n"
    assert "it is at version 0000" in result.stderr


def test_check_when_jobs_were_given_up_then_counts_them(whole: Flask, now: datetime) -> None:
    _write(
        "INSERT INTO job (kind, payload, state, attempts, run_after, created_at) "
        "VALUES ('mail.send', '{}', 'failed', 8, :now, :now)",
        now=now.replace(tzinfo=None),
    )

    result = _run(whole, "check")

    assert result.exit_code == 1
    assert result.stderr == "queue: mail.send: 1 jobs failed permanently\n"


def test_restore_when_data_was_lost_then_brings_it_back_whole(whole: Flask, tmp_path: Path, now: datetime) -> None:
    file = tmp_path / "kept.tar.gz"
    secret = Path(whole.config["SETTINGS"].data_dir) / "secret_key"
    secret.write_text("the secret of this installation")
    stored = store_file(io.BytesIO(b"slides"), "slides.pdf", "application/pdf", now)
    make_edition(now, "expo-2028", 2028)
    assert _run(whole, "backup", file).exit_code == 0
    _write("UPDATE edition SET slug = 'spoilt' WHERE slug = 'expo-2027'")
    secret.write_text("another")
    stored.path.unlink()

    result = _run(whole, "restore", file, "--replace")

    assert result.exit_code == 0, result.output
    assert sorted(edition.slug for edition in list_editions()) == ["expo-2027", "expo-2028"]
    assert secret.read_text() == "the secret of this installation"
    assert find_file_by_key(stored.key).path.read_bytes() == b"slides"
    assert _run(whole, "check").exit_code == 0
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    secret.unlink()


def test_backup_when_written_then_only_its_owner_may_read_it(whole: Flask, tmp_path: Path) -> None:
    file = tmp_path / "kept.tar.gz"

    _run(whole, "backup", file)

    assert file.stat().st_mode & 0o777 == 0o600


def test_backup_when_the_file_exists_then_is_refused_and_leaves_it(whole: Flask, tmp_path: Path) -> None:
    file = tmp_path / "kept.tar.gz"
    file.write_text("precious")

    result = _run(whole, "backup", file)

    assert result.exit_code == 1
    assert "exists" in result.stderr
    assert file.read_text() == "precious"


def test_restore_when_there_is_data_then_is_refused_without_a_word_for_it(whole: Flask, tmp_path: Path) -> None:
    file = tmp_path / "kept.tar.gz"
    _run(whole, "backup", file)

    result = _run(whole, "restore", file)

    assert result.exit_code == 1
    assert "--replace" in result.stderr
    assert [edition.slug for edition in list_editions()] == ["expo-2027"]


@pytest.mark.parametrize("content", [None, b"", b"no archive", b"\x1f\x8b\x08\x00"])
def test_restore_when_the_file_is_no_backup_then_is_refused_and_nothing_changes(
    whole: Flask, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "kept.tar.gz"
    if content is not None:
        file.write_bytes(content)

    result = _run(whole, "restore", file, "--replace")

    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: {file} ")
    assert "is not a backup" in result.stderr
    assert [edition.slug for edition in list_editions()] == ["expo-2027"]


def test_restore_when_the_backup_is_cut_off_then_is_refused_and_nothing_changes(whole: Flask, tmp_path: Path) -> None:
    file = tmp_path / "kept.tar.gz"
    _run(whole, "backup", file)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])

    result = _run(whole, "restore", file, "--replace")

    assert result.exit_code == 1
    assert [edition.slug for edition in list_editions()] == ["expo-2027"]


def test_restore_when_the_backup_is_of_another_kind_of_database_then_is_refused(whole: Flask, tmp_path: Path) -> None:
    file = tmp_path / "kept.tar.gz"
    (tmp_path / "about.json").write_text('{"format": 1, "product": "expo"}')
    with tarfile.open(file, "w:gz") as tar:
        tar.add(tmp_path / "about.json", "about.json")

    result = _run(whole, "restore", file, "--replace")

    assert result.exit_code == 1
    assert "another kind of database" in result.stderr


def test_restore_when_an_archive_leads_out_of_its_folder_then_nothing_is_written_there(
    whole: Flask, tmp_path: Path
) -> None:
    settings: Settings = whole.config["SETTINGS"]
    file = tmp_path / "kept.tar.gz"
    (tmp_path / "about.json").write_text('{"format": 1, "product": "expo"}')
    with tarfile.open(file, "w:gz") as tar:
        tar.add(tmp_path / "about.json", "about.json")
        tar.add(tmp_path / "about.json", "../escaped")

    assert _run(whole, "restore", file, "--replace").exit_code == 1
    assert list(settings.data_dir.rglob("escaped")) == []
    assert list(settings.data_dir.parent.glob("escaped")) == []


def test_check_when_redis_is_gone_then_names_the_queue(
    app: Flask, redis: RedisServer, tmp_path: Path, now: datetime
) -> None:
    settings: Settings = app.config["SETTINGS"]
    stamp()
    other = create_app(replace(settings, redis_url=redis.url, data_dir=tmp_path))
    with other.app_context():
        whole = _run(other, "check")
        redis.stop()
        broken = _run(other, "check")
        db.session.remove()
        db.engine.dispose()
    redis.start()

    assert "queue      ok" in whole.stdout
    assert broken.exit_code == 1
    assert broken.stderr.startswith("queue: it is not responding: ")
