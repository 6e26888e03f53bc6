"""Messages between companies and organizers: stored in the company's thread and e-mailed to the other side.

A side that answers has read what the other side wrote.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from expo.accounts.rules import Actor, Permission, require
from expo.editions.queries import EditionFacts, get_edition
from expo.exhibitors.queries import Recipient, list_addressees, list_recipients, require_member
from expo.exhibitors.rules import MessageFilter, TeamAction
from expo.exhibitors.services import add_company_message, add_organizer_messages, mark_read
from expo.flows.contact_address import contact_language
from expo.infra.addresses import public_url
from expo.infra.db import atomic, retried
from expo.mail.services import queue_email


@retried
def write_as_company(actor: Actor, edition_id: int, slug: str, text: str, now: datetime) -> None:
    """Send a company's message to the organizers.

    Without a contact address of the expo it only waits in the organizers' pages. Raises ExhibitorMissing,
    PermissionMissing, Invalid `message_empty` or `text_too_long`.
    """
    with atomic():
        member = add_company_message(actor, edition_id, slug, text, now)
        mark_read(member.exhibitor_id, now, from_organizers=True)
        edition = get_edition(edition_id)
        if not edition.contact_email:
            return
        language = contact_language(edition)
        queue_email(
            "exhibitors/message_from_company",
            to_email=edition.contact_email,
            language=language,
            now=now,
            edition_id=edition_id,
            details={
                **_details_of(edition),
                "company": member.name,
                "sender": actor.label,
                "text": text.strip(),
                "thread_page": public_url(f"/organizer/exhibitors/messages/{slug}", language),
            },
        )


@retried
def write_to_company(actor: Actor, edition_id: int, slug: str, text: str, now: datetime) -> int:
    """Send the organizers' message to a company, and return how many of its team receive an e-mail.

    Raises ExhibitorMissing, PermissionMissing, Invalid `message_empty` or `text_too_long`.
    """
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    member = require_member(actor, edition_id, slug, TeamAction.EDIT_PAGE)
    with atomic():
        mark_read(member.exhibitor_id, now, from_organizers=False)
        return _write(actor, edition_id, [member.exhibitor_id], text, now)


@retried
def write_to_companies(actor: Actor, edition_id: int, filters: MessageFilter, text: str, now: datetime) -> int:
    """Send the organizers' message to every company that matches, and return how many those are.

    Raises PermissionMissing, Invalid `message_empty` or `text_too_long`.
    """
    with atomic():
        exhibitor_ids = [exhibitor_id for exhibitor_id, _ in list_addressees(edition_id, filters)]
        _write(actor, edition_id, exhibitor_ids, text, now)
        return len(exhibitor_ids)


def email_team(
    message: str, edition: EditionFacts, recipient: Recipient, details: Mapping[str, Any], now: datetime
) -> None:
    """Queue an e-mail to a member of a team about their company."""
    queue_email(
        message,
        to_email=recipient.email,
        language=recipient.language,
        now=now,
        edition_id=edition.id,
        person_id=recipient.person_id,
        details={
            **_details_of(edition),
            "company": recipient.company,
            "company_pages": public_url(f"/exhibitor/{recipient.slug}", recipient.language),
            **details,
        },
    )


def _write(actor: Actor, edition_id: int, exhibitor_ids: Sequence[int], text: str, now: datetime) -> int:
    with atomic():
        add_organizer_messages(actor, edition_id, exhibitor_ids, text, now)
        edition = get_edition(edition_id)
        recipients = list_recipients(list(exhibitor_ids), TeamAction.EDIT_PAGE)
        for each in recipients:
            email_team("exhibitors/message_from_organizers", edition, each, {"text": text.strip()}, now)
        return len(recipients)


def _details_of(edition: EditionFacts) -> dict[str, Any]:
    return {
        "edition_title": edition.title,
        "contact_email": edition.contact_email,
        "time_zone": edition.time_zone,
    }
