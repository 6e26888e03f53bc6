"""Commands for the tokens in badges' QR codes."""

import click
from flask.cli import AppGroup

from expo.accounts.rules import SYSTEM
from expo.badges.queries import find_badge, list_valid_tokens, public_keys
from expo.cli.refusals import exit_on_refusal
from expo.editions.queries import EditionFacts, get_current_edition, list_editions
from expo.infra.audit import record_export
from expo.infra.clock import utcnow
from expo.pure.door_days import DayRange
from expo.pure.tokens import (
    BadgeToken,
    MalformedToken,
    TokenError,
    UnknownKey,
    UnknownVersion,
    parse_token,
    read_day,
    verify_token,
)
from expo.tickets.queries import get_ticket_type, list_ticket_types

token_commands = AppGroup("token", help="Inspect the QR codes of badges.")


@token_commands.command("inspect")
@click.argument("text")
@exit_on_refusal
def inspect(text: str) -> None:
    """Show the contents of a badge's QR TEXT and verify its signature (exit code 1 if it is invalid)."""
    try:
        token = parse_token(text).token
    except UnknownVersion as error:
        click.echo(f"This is a badge token of version {error}, which is not supported.", err=True)
        raise SystemExit(1) from None
    except MalformedToken:
        click.echo("This is not a badge token: a token has 122 characters from A–Z and 2–7.", err=True)
        raise SystemExit(1) from None
    edition = next((each for each in list_editions() if each.number == token.edition), None)
    for label, value in _describe(token, edition):
        click.echo(f"{label + ':':<16} {value}")
    verdict = _signature_problem(text, edition)
    click.echo(f"{'Signature:':<16} {verdict or 'valid'}")
    if verdict:
        click.echo(f"Do not trust this badge: its signature {verdict}.", err=True)
        raise SystemExit(1)


@token_commands.command("list")
@click.option("--type", "ticket_type", help="Only badges with this ticket type code.")
@click.option("--limit", type=click.IntRange(min=1), help="Maximum number.")
@exit_on_refusal
def list_tokens(ticket_type: str | None, limit: int | None) -> None:
    """Print the QR texts of the valid badges of the current expo, one per line."""
    edition = get_current_edition()
    if ticket_type is not None:
        get_ticket_type(edition.id, ticket_type, utcnow())
    record_export(SYSTEM, "tokens", utcnow(), edition.id, ticket_type=ticket_type or "all")
    for text in list_valid_tokens(edition.id, ticket_type=ticket_type, limit=limit):
        click.echo(text)


def _describe(token: BadgeToken, edition: EditionFacts | None) -> list[tuple[str, str]]:
    if edition is None:
        return [
            ("Version", "1"),
            ("Key", str(token.key_id)),
            ("Expo", f"{token.edition}, unknown here"),
            ("Serial", str(token.serial)),
            ("Ticket type", str(token.ticket_type)),
            ("Issue", str(token.issue)),
            ("Valid", f"{token.days} days from day {token.first_day + 1} of the expo"),
        ]
    types = {each.number: each for each in list_ticket_types(edition.id, utcnow())}
    ticket_type = types.get(token.ticket_type)
    first = read_day(edition.day_zero, token.first_day, edition.starts_on)
    printed = DayRange.of(first, token.days)
    return [
        ("Version", "1"),
        ("Key", str(token.key_id)),
        ("Expo", f"{token.edition}, {edition.slug}"),
        ("Serial", str(token.serial)),
        ("Ticket type", f"{token.ticket_type}, {ticket_type.code if ticket_type else 'unknown here'}"),
        ("Issue", f"{token.issue}{_badge_status(token, edition)}"),
        ("Valid", f"from {printed.first} to {printed.last}{_moved_dates(token, edition, printed)}"),
    ]


def _moved_dates(token: BadgeToken, edition: EditionFacts, printed: DayRange) -> str:
    """Return the accepted dates if the expo was moved after the badge was signed."""
    badge = find_badge(edition.id, token.serial)
    if badge is None or badge.issue != token.issue:
        return ""
    accepted = DayRange.of(badge.valid_from, badge.valid_days)
    return (
        ""
        if accepted == printed
        else f" according to its text; the expo was moved, and it is accepted from {accepted.first} to {accepted.last}"
    )


def _badge_status(token: BadgeToken, edition: EditionFacts) -> str:
    badge = find_badge(edition.id, token.serial)
    if badge is None:
        return " (not issued here)"
    if badge.issue != token.issue:
        return f" (replaced: the current issue is {badge.issue})"
    return " (revoked)" if badge.revoked_at else ""


def _signature_problem(text: str, edition: EditionFacts | None) -> str:
    """Return why the signature is not trusted, or an empty text."""
    try:
        verify_token(text, public_keys(edition.id) if edition else {})
    except UnknownKey:
        return "was made with a key that is not trusted"
    except TokenError:
        return "does not match its contents"
    return ""


def add_commands(group: AppGroup) -> None:
    """Add these commands to `flask expo`."""
    group.add_command(token_commands)
