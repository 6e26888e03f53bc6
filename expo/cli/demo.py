"""`flask expo demo`: a demo expo to try everything with."""

import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from flask_migrate import upgrade
from sqlalchemy import inspect

from expo.cli.refusals import exit_on_refusal
from expo.demo.load import DemoFacts, load_demo
from expo.demo.staff import PASSWORD
from expo.infra.clock import utcnow
from expo.infra.config import Settings
from expo.infra.db import db

existing_file = click.Path(exists=True, dir_okay=False, path_type=Path)

SIGN_INS_FILE = "demo-sign-ins.txt"


@click.command("demo")
@click.option(
    "--attendees", default=20_000, show_default=True, type=click.IntRange(1, 200_000), help="Number of attendees."
)
@click.option(
    "--seed", default=1, show_default=True, help="Seed of the random generator; the same seed gives the same demo."
)
@click.option("--schedule", type=existing_file, help="Schedule file to use instead of the built-in programme.")
@click.option("--exhibitors", type=existing_file, help="CSV file to use instead of the built-in exhibitors.")
@click.option("--replace", "replace_demo", is_flag=True, help="Delete the existing demo first.")
@exit_on_refusal
def load(attendees: int, seed: int, schedule: Path | None, exhibitors: Path | None, *, replace_demo: bool) -> None:
    """Load the demo expo. It is clearly marked and never replaces real data.

    It lasts three days; the first was yesterday.
    """
    settings: Settings = current_app.config["SETTINGS"]
    create_tables()
    with click.progressbar(
        length=100, label="Loading the demo", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        facts = load_demo(
            utcnow(),
            attendees=attendees,
            seed=seed,
            schedule=schedule.read_bytes() if schedule else None,
            exhibitors=exhibitors.read_bytes() if exhibitors else None,
            replace_demo=replace_demo,
            progress=lambda share: bar.update(int(share * 100) - bar.pos),
        )
    words = describe_sign_ins(facts)
    (settings.data_dir / SIGN_INS_FILE).write_text(words, encoding="utf-8")
    click.echo(
        f"Demo loaded: {facts.attendees} people from {facts.countries} countries, {facts.sessions} sessions, "
        f"{facts.exhibitors} exhibitors, {facts.scans} scans.\n{words}",
        nl=False,
    )


def create_tables() -> None:
    """Create the tables in an empty database."""
    with db.engine.connect() as connection:
        is_empty = not inspect(connection).has_table("edition")
    if is_empty:
        upgrade()


def describe_sign_ins(facts: DemoFacts) -> str:
    """Return who can sign in to the demo, one per line."""
    lines = [f"    {role:<16} {email}" for role, email in facts.sign_ins]
    lines.append(f"    {'kiosk':<16} /kiosk, PIN {facts.kiosk_pin}")
    return "\n".join([f"  Demo sign-ins (password {PASSWORD}):", *lines, ""])


def add_commands(group: AppGroup) -> None:
    """Add this command to `flask expo`."""
    group.add_command(load)
