"""`flask expo …`: the administration commands. Exit codes: 0, 1 (refused, reason on stderr) or 2 (usage)."""

import click
from flask import Flask
from flask.cli import AppGroup, with_appcontext

from expo.cli import (
    accounts,
    api_tokens,
    attendee_import,
    badges,
    demo,
    emails,
    hub,
    import_export,
    operations,
    second_factors,
    serve,
    tokens,
)
from expo.infra.db import db
from expo.infra.engine import lift_time_limits

# It serves requests, which must be short.
SERVING = {"serve", "hub"}


def _lift_time_limits() -> None:
    """Lift the statement time limits, because commands may take long."""
    if click.get_current_context().invoked_subcommand not in SERVING:
        lift_time_limits(db.engine)


expo_commands = AppGroup(
    "expo", help="Set up, run and maintain this installation.", callback=with_appcontext(_lift_time_limits)
)


def register_commands(app: Flask) -> None:
    """Add `flask expo …` to the application."""
    for commands in (
        accounts,
        operations,
        serve,
        hub,
        demo,
        emails,
        import_export,
        attendee_import,
        api_tokens,
        badges,
        tokens,
        second_factors,
    ):
        commands.add_commands(expo_commands)
    app.cli.add_command(expo_commands)
