"""Commands that print badges."""

import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from expo.accounts.rules import SYSTEM
from expo.cli.refusals import exit_on_refusal
from expo.editions.queries import get_current_edition
from expo.flows.badges import write_badges
from expo.infra.audit import record_export
from expo.infra.clock import utcnow
from expo.registration.queries import list_confirmed_ids
from expo.tickets.queries import get_ticket_type

SHEETS = ("a6",)

badge_commands = AppGroup("badges", help="Print badges.")


@badge_commands.command("render")
@click.option(
    "-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="PDF file to write."
)
@click.option("--limit", type=click.IntRange(min=1), help="Maximum number of badges.")
@click.option("--type", "ticket_type", help="Only badges with this ticket type code.")
@click.option("--sheet", type=click.Choice(SHEETS), default="a6", show_default=True, help="Paper size.")
@click.option(
    "--jobs", type=click.IntRange(min=1), default=1, help="Maximum number of processes; currently only one is used."
)
@exit_on_refusal
def render(output: Path, limit: int | None, ticket_type: str | None, sheet: str, jobs: int) -> None:  # noqa: ARG001
    """Write the valid badges of the current expo to a PDF for printing."""
    edition = get_current_edition()
    if ticket_type is not None:
        get_ticket_type(edition.id, ticket_type, utcnow())
    attendee_ids = list_confirmed_ids(edition.id, ticket_type=ticket_type, limit=limit)
    if not attendee_ids:
        click.echo("There are no badges to print.", err=True)
        raise SystemExit(1)
    record_export(SYSTEM, "badges", utcnow(), edition.id, badges=len(attendee_ids), ticket_type=ticket_type or "all")
    unfinished = output.with_name(f".{output.name}.unfinished")
    try:
        with (
            unfinished.open("wb") as out,
            click.progressbar(
                length=len(attendee_ids), label="Badges", file=sys.stderr, hidden=not sys.stderr.isatty()
            ) as bar,
        ):
            count = write_badges(edition.id, attendee_ids, out, lambda done: bar.update(done - bar.pos))
        unfinished.replace(output)
    except OSError as error:
        click.echo(f"{output} cannot be written: {error.strerror}.", err=True)
        raise SystemExit(1) from None
    finally:
        unfinished.unlink(missing_ok=True)
    click.echo(f"{count} badges in {output}")


def add_commands(group: AppGroup) -> None:
    """Add these commands to `flask expo`."""
    group.add_command(badge_commands)
