"""Commands that run an installation."""

import os
import signal

import click
from flask import current_app
from flask.cli import AppGroup

from expo.accounts.rules import SYSTEM
from expo.accounts.services import create_admin
from expo.cli.refusals import refusing
from expo.infra.clock import utcnow
from expo.infra.config import Settings
from expo.infra.jobs import run_worker
from expo.infra.processes import watch_parent


@click.command("worker")
def work() -> None:
    """Do background jobs until interrupted."""
    settings: Settings = current_app.config["SETTINGS"]
    # When the set-up that began this worker is killed, nothing would end it otherwise.
    watch_parent(lambda: os.kill(os.getpid(), signal.SIGTERM))
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
