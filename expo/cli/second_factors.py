"""Commands for people who lost their second factor."""

import click
from flask.cli import AppGroup

from expo.accounts.queries import find_person_by_email
from expo.accounts.rules import SYSTEM
from expo.accounts.services.second_factors import reset_second_factors
from expo.cli.refusals import exit_on_refusal
from expo.errors import Missing
from expo.infra.clock import utcnow


@click.command("reset-second-factors")
@click.argument("email")
@exit_on_refusal
def reset(email: str) -> None:
    """Remove all passkeys, the authenticator app and the recovery codes of the person with this EMAIL.

    Verify their identity first. They are signed out on all devices.
    """
    person = find_person_by_email(email)
    if person is None:
        raise Missing("person_missing")
    reset_second_factors(SYSTEM, person.id, utcnow())
    click.echo(f"{person.email} no longer has a second factor and has been signed out on all devices.")


def add_commands(group: AppGroup) -> None:
    """Add these commands to `flask expo`."""
    group.add_command(reset)
