"""Commands that show stored e-mails with their links; for operators only."""

import click
from flask.cli import AppGroup

from expo.accounts.rules import SYSTEM
from expo.cli.refusals import exit_on_refusal
from expo.flows.email_links import show_email_with_links
from expo.infra.clock import utcnow
from expo.mail.queries import EmailRow, list_newest_emails


@click.group("emails")
def emails() -> None:
    """List e-mails, or print one with its links (which pages never show)."""


@emails.command("list")
@click.argument("address", default="")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 500), help="Maximum number.")
def list_emails(address: str, limit: int) -> None:
    """List the latest e-mails, or those to ADDRESS, newest first."""
    for row in list_newest_emails(address.strip().casefold(), limit):
        click.echo(_line(row))


@emails.command("show")
@click.argument("number_or_address")
@exit_on_refusal
def show_email(number_or_address: str) -> None:
    """Print the e-mail with this number, or the latest one to this address, with working links.

    Anyone who has the links can use them: share them only with the recipient.
    """
    email = show_email_with_links(SYSTEM, number_or_address, utcnow())
    click.echo(f"{_line(email.row)}\n\n{email.text}", nl=False)


def _line(row: EmailRow) -> str:
    return f"{row.id}  {row.created_at:%Y-%m-%d %H:%M}  {row.state.value:<8} {row.to_email}  {row.subject}"


def add_commands(group: AppGroup) -> None:
    """Add these commands to `flask expo`."""
    group.add_command(emails)
