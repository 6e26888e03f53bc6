"""Decisions about companies, with the e-mails that tell their owners."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from expo.accounts.queries import find_person
from expo.accounts.rules import Actor, Permission, require
from expo.editions.queries import get_edition
from expo.errors import Conflict, Invalid
from expo.exhibitors.queries import CompanyRecord, get_record, list_members
from expo.exhibitors.rules import MemberRole, MemberState
from expo.exhibitors.services import BoothsAgain, approve_company
from expo.infra.addresses import public_url
from expo.infra.db import atomic, retried
from expo.mail.services import queue_email

# How many companies are approved in one request.
MAX_SELECTED = 500


@retried
def approve_exhibitor(
    actor: Actor, edition_id: int, slug: str, package: str | None, version: str | None, now: datetime
) -> BoothsAgain:
    """Approve a company with a package (empty for none, None for the one it had), and tell its owners.

    Returns and raises what `approve_company` does.
    """
    with atomic():
        booths = approve_company(actor, edition_id, slug, package, version, now)
        notify_owners("exhibitors/approved", edition_id, get_record(edition_id, slug), now)
        return booths


def approve_companies(actor: Actor, edition_id: int, slugs: Sequence[str], now: datetime) -> int:
    """Approve several companies, each in its own transaction, and return how many were.

    They get no package, unless they had one before their participation was cancelled and it is left.

    Those that are approved already stay as they are. Raises Invalid `too_many_selected`, ExhibitorMissing.
    """
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    if len(slugs) > MAX_SELECTED:
        raise Invalid("too_many_selected", maximum=MAX_SELECTED)
    approved = 0
    for slug in dict.fromkeys(slugs):
        try:
            approve_exhibitor(actor, edition_id, slug, None, None, now)
        except Conflict:
            continue
        approved += 1
    return approved


def notify_owners(message: str, edition_id: int, company: CompanyRecord, now: datetime, **details: Any) -> None:
    """Queue an e-mail to each active owner of a company, in their language."""
    edition = get_edition(edition_id)
    for member in list_members(company.id):
        person = find_person(member.person_id) if member.person_id is not None else None
        if member.role is not MemberRole.OWNER or member.state is not MemberState.ACTIVE or person is None:
            continue
        queue_email(
            message,
            to_email=person.email,
            language=person.language,
            now=now,
            edition_id=edition.id,
            person_id=person.id,
            details={
                "edition_title": edition.title,
                "contact_email": edition.contact_email,
                "time_zone": edition.time_zone,
                "company": company.name,
                "company_link": public_url(f"/exhibitor/{company.slug}", person.language),
                **details,
            },
        )
