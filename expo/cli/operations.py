"""Commands that run and maintain an installation."""

import sqlite3
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask.cli import AppGroup
from redis.exceptions import RedisError
from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError

from expo.accounts.rules import SYSTEM
from expo.badges.services import list_broken_keys
from expo.checkin.queries.passages import list_wrong_presences
from expo.checkin.queries.zones import list_wrong_counters, list_zones
from expo.checkin.services.presence import repair_presence
from expo.checkin.services.zones import recount_inside
from expo.cli.refusals import exit_on_refusal
from expo.cli.serve import is_answering
from expo.documents.typefaces import check_fonts
from expo.editions.queries import list_editions
from expo.exhibitors.queries import recount_packages
from expo.infra.audit import record_export
from expo.infra.backups import BackupError, restore_backup, write_backup
from expo.infra.clock import utcnow
from expo.infra.config import ROOT, Settings
from expo.infra.db import db
from expo.infra.jobs import count_failed_jobs, get_queue, run_worker
from expo.infra.processes import close_connections
from expo.registration.queries import recount_quotas
from expo.registration.queries.totals import list_wrong_totals
from expo.schema import metadata


@click.command("worker")
def work() -> None:
    """Run background jobs until interrupted."""
    settings: Settings = current_app.config["SETTINGS"]
    run_worker(current_app._get_current_object(), settings.job_threads)  # type: ignore[attr-defined]  # noqa: SLF001


@click.command("check")
@click.option("--repair", is_flag=True, help="Recalculate presence in the zones and its counters from the scans first.")
@exit_on_refusal
def check(*, repair: bool) -> None:
    """Check configuration, database, queue, fonts, keys, presence and counters; exit code 1 if anything is wrong."""
    if repair and not _check_database():
        _repair_doors()
    wrong = 0
    for part, find_faults in CHECKS.items():
        faults = find_faults()
        wrong += len(faults)
        click.echo(f"{part:<10} {'ok' if not faults else 'WRONG'}")
        for fault in faults:
            click.echo(f"{part}: {fault}", err=True)
        if faults and find_faults is _check_database:
            break  # nothing else can be checked without it
    if wrong:
        raise SystemExit(1)


def _check_database() -> list[str]:
    wanted = ScriptDirectory(str(ROOT / "migrations")).get_current_head()
    try:
        with db.engine.connect() as connection:
            found = MigrationContext.configure(connection).get_current_revision()
            answer = "ok"
            if connection.dialect.name == "sqlite":
                answer = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar())
    except DBAPIError as error:
        return [f"it is not responding: {str(error.orig).strip().splitlines()[0]}"]
    faults = [] if answer == "ok" else [f"it is damaged: {answer.splitlines()[-1]}"]
    if found != wanted:
        faults.append(f"it is at version {found}, this version needs {wanted}; run `flask db upgrade`")
        return faults
    return faults + list_differences()


def list_differences() -> list[str]:
    """Return the differences between the database's tables and the models."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = compare_metadata(context, metadata)
    return [f"its schema differs from this version: {_describe(each)}" for each in found]


def _describe(difference: Any) -> str:
    """Describe a difference found by Alembic, such as `remove_index ix_job_queued`."""
    if isinstance(difference, list):
        return "; ".join(_describe(each) for each in difference)
    names = [getattr(part, "name", part) for part in difference[1:4] if part is not None]
    return " ".join(str(part) for part in (difference[0], *names))


def _check_queue() -> list[str]:
    try:
        if not get_queue().carries():
            return ["stored values cannot be read back; is its disk or memory full?"]
    except (OSError, RedisError, sqlite3.Error) as error:
        return [f"it is not responding: {error}"]
    return [f"{kind}: {count} jobs failed permanently" for kind, count in count_failed_jobs().items()]


def _check_fonts() -> list[str]:
    return [f"{name} is missing or cannot be read" for name in check_fonts()]


def _check_texts() -> list[str]:
    catalogues = (ROOT / "expo" / "translations").glob("*/LC_MESSAGES/messages.po")
    missing = sorted(path.parts[-3] for path in catalogues if not path.with_suffix(".mo").exists())
    return [f"{name} is not compiled; run `make compile`" for name in missing]


def _check_keys() -> list[str]:
    return [
        f"{edition.slug}: key {key_id} cannot sign; was SECRET_KEY changed?"
        for edition in list_editions()
        for key_id in list_broken_keys(edition.id)
    ]


def _check_counters() -> list[str]:
    faults = []
    for edition in list_editions():
        faults += [
            f"{edition.slug}: quota {quota.name} says {quota.taken}, its attendees are {quota.counted}"
            for quota in recount_quotas(edition.id)
            if quota.taken != quota.counted
        ]
        faults += [
            f"{edition.slug}: package {package.slug} says {package.taken}, its companies are {package.counted}"
            for package in recount_packages(edition.id)
            if not package.agrees
        ]
        faults += [
            f"{edition.slug}: order {order.code} says {order.total_cents / 100:.2f} {order.currency}, its lines are "
            f"{order.sum_of_lines / 100:.2f}"
            for order in list_wrong_totals(edition.id)
        ]
        faults += [
            f"{edition.slug}: zone {code} says {recorded} inside, its scans say {counted}"
            for code, (recorded, counted) in list_wrong_counters(edition.id).items()
        ]
    return faults


def _check_presence() -> list[str]:
    faults = []
    for edition in list_editions():
        codes = {each.id: each.code for each in list_zones(edition.id)}
        counts = Counter(codes[each.zone_id] for each in list_wrong_presences(edition, utcnow()))
        faults += [
            f"{edition.slug}: in zone {code} the scans of {count} people do not match their recorded presence; "
            "run `flask expo check --repair`"
            for code, count in sorted(counts.items())
        ]
    return faults


def _repair_doors() -> None:
    for edition in list_editions():
        people = repair_presence(SYSTEM, edition.id, utcnow())
        counters = recount_inside(SYSTEM, edition.id, utcnow())
        if people or counters:
            click.echo(f"{edition.slug}: corrected the presence of {people} people and {len(counters)} other counters")


CHECKS: dict[str, Callable[[], list[str]]] = {
    "database": _check_database,
    "queue": _check_queue,
    "fonts": _check_fonts,
    "texts": _check_texts,
    "keys": _check_keys,
    "presence": _check_presence,
    "counters": _check_counters,
}


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Overwrite an existing file.")
def backup(file: Path, *, replace: bool) -> None:
    """Back up the database and the secret key to FILE, without downtime."""
    try:
        size = write_backup(current_app.config["SETTINGS"], file, utcnow(), replace=replace)
    except BackupError as error:
        raise click.ClickException(str(error)) from None
    record_export(SYSTEM, "backup", utcnow(), None)
    click.echo(f"{file}: {size / 1e6:.1f} MB. It contains personal data and the secret key: keep it safe.")


@click.command("restore")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Delete the existing data.")
def restore(file: Path, *, replace: bool) -> None:
    """Replace the database with the backup FILE. Stop the server first."""
    settings: Settings = current_app.config["SETTINGS"]
    if not replace and _holds_data():
        raise click.ClickException("The database already contains data. Back it up, then use --replace to delete it.")
    if is_answering(settings.host, settings.port):
        raise click.ClickException(f"A server is running on port {settings.port}. Stop it first.")
    close_connections(current_app._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001
    try:
        restore_backup(settings, file)
    except BackupError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{file} has been restored. The next start upgrades its schema to this version.")


def _holds_data() -> bool:
    """Return whether there may be data to lose; an unreadable database may contain some."""
    try:
        return inspect(db.engine).has_table("edition") and bool(list_editions())
    except DBAPIError:
        return True


def add_commands(group: AppGroup) -> None:
    """Add these commands to `flask expo`."""
    for command in (check, backup, restore):
        group.add_command(command)
    group.add_command(work)
