"""`flask expo …`: the commands of an installation. Each exits 0, 1 (refused, the reason on stderr) or 2 (usage)."""

from flask import Flask
from flask.cli import AppGroup

from expo.cli import api_tokens, badges, demo, emails, exchange, operations, second_factors, serve, tokens

expo_commands = AppGroup("expo", help="Everything that an installation can be told to do.")


def register_commands(app: Flask) -> None:
    """Add `flask expo …` to the application."""
    for commands in (operations, serve, demo, emails, exchange, api_tokens, badges, tokens, second_factors):
        commands.add_commands(expo_commands)
    app.cli.add_command(expo_commands)
