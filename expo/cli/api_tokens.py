"""Commands for API tokens."""

import click
from flask.cli import AppGroup

from expo.accounts.rules import SYSTEM, Permission
from expo.accounts.services import create_api_token
from expo.cli.refusals import exit_on_refusal
from expo.editions.queries import EditionFacts, get_current_edition, list_editions
from expo.errors import Missing
from expo.infra.clock import utcnow

_PERMISSIONS = "Permissions: " + ", ".join(permission.value for permission in Permission) + "."


@click.command("create-api-token", epilog=_PERMISSIONS)
@click.argument("name")
@click.option(
    "--permission",
    "permissions",
    multiple=True,
    required=True,
    type=click.Choice([permission.value for permission in Permission]),
    metavar="P",
    help="Permission of the token; can be given several times.",
)
@click.option("--edition", "slug", help="Short name of the expo; the current one by default.")
@exit_on_refusal
def create_api_token_command(name: str, permissions: tuple[str, ...], slug: str | None) -> None:
    """Create an API token called NAME for an expo and print it. It is shown only once."""
    edition = _find_edition(slug)
    secret = create_api_token(SYSTEM, edition.id, name, [Permission(each) for each in permissions], utcnow())
    click.echo(secret)


def _find_edition(slug: str | None) -> EditionFacts:
    if slug is None:
        return get_current_edition()
    for edition in list_editions():
        if edition.slug == slug:
            return edition
    raise Missing("edition_missing")


def add_commands(group: AppGroup) -> None:
    """Add these commands to `flask expo`."""
    group.add_command(create_api_token_command)
