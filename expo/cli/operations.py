"""Commands that run an installation."""

import click
from flask import current_app
from flask.cli import AppGroup

from expo.accounts.rules import SYSTEM
from expo.accounts.services import create_admin
from expo.cli.refusals import refusing
from expo.infra.clock import utcnow
from expo.infra.config import Settings
from expo.infra.jobs import run_worker


@click.command("worker")
def work() -> None:
    """Do background jobs until interrupted."""
    settings: Settings = current_app.config["SETTINGS"]
    run_worker(current_app._get_current_object(), settings.job_threads)  # type: ignore[attr-defined]  # noqa: SLF001


@click.command("create-admin")
@click.argument("email")
@refusing
def make_admin(email: str) -> None:
    """Make the person with this EMAIL an administrator of every edition."""
    create_admin(SYSTEM, email, utcnow())
    click.echo(f"{email} is an administrator. Sign in with a link by e-mail at /sign-in.")


def add_commands(group: AppGroup) -> None:
    """Add these commands to `flask expo`."""
    group.add_command(work)
    group.add_command(make_admin)
