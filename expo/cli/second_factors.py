"""Commands for people who lost their second factor."""

import click
from flask.cli import AppGroup

from expo.accounts.queries import find_person_by_email
from expo.accounts.rules import SYSTEM
from expo.accounts.services.second_factors import reset_second_factors
from expo.cli.refusals import refusing
from expo.errors import Missing
from expo.infra.clock import utcnow


@click.command("reset-second-factors")
@click.argument("email")
@refusing
def reset(email: str) -> None:
    """Remove every passkey, authenticator app and recovery code of the person with this EMAIL, who lost them all.

    Make sure first that it is them who ask. They are signed out everywhere.
    """
    person = find_person_by_email(email)
    if person is None:
        raise Missing("person_missing")
    reset_second_factors(SYSTEM, person.id, utcnow())
    click.echo(f"{person.email} has no second factor any more and is signed out everywhere.")


def add_commands(group: AppGroup) -> None:
    """Add these commands to `flask expo`."""
    group.add_command(reset)
