"""Commands for accounts: creating the first administrator, and sign-in links without a mail server."""

import click
from flask.cli import AppGroup

from expo.accounts.queries import find_person_by_email
from expo.accounts.rules import SYSTEM, check_password_strength
from expo.accounts.services import create_admin, issue_sign_in_link, set_password
from expo.cli.refusals import exit_on_refusal
from expo.errors import Missing
from expo.infra.clock import utcnow
from expo.infra.db import atomic


@click.command("create-admin")
@click.argument("email")
@click.option("--password", "asks_password", is_flag=True, help="Prompt for a password.")
@exit_on_refusal
def create_admin_command(email: str, *, asks_password: bool) -> None:
    """Make the person with this EMAIL an administrator of all expos and print a one-time sign-in link."""
    password = _prompt_password() if asks_password else None
    with atomic():
        person_id = create_admin(SYSTEM, email, utcnow())
        if password is not None:
            set_password(SYSTEM, person_id, password, utcnow())
        # Issued after setting the password, because a new password revokes earlier links.
        link = issue_sign_in_link(SYSTEM, person_id, utcnow())
    click.echo(f"{email} is an administrator.")
    if password is not None:
        click.echo("Password set.")
    _print_link(link)


@click.command("sign-in-link")
@click.argument("email")
@exit_on_refusal
def print_sign_in_link(email: str) -> None:
    """Print a new one-time sign-in link for the person with this EMAIL."""
    person = find_person_by_email(email)
    if person is None:
        raise Missing("person_missing")
    _print_link(issue_sign_in_link(SYSTEM, person.id, utcnow()))


def _prompt_password() -> str:
    password = str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    check_password_strength(password)
    return password


def _print_link(link: str) -> None:
    click.echo("Open this link to sign in. It is valid for one hour and can be used once:")
    click.echo(link)


def add_commands(group: AppGroup) -> None:
    """Add these commands to `flask expo`."""
    group.add_command(create_admin_command)
    group.add_command(print_sign_in_link)
