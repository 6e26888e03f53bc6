"""Change the texts of a company, and find the topics in them immediately, so that visitors find it by them."""

from datetime import datetime

from expo.accounts.rules import SYSTEM, Actor
from expo.exhibitors import services
from expo.exhibitors.rules import CompanyDetails, PageRequest
from expo.infra.db import atomic, retried
from expo.matchmaking.services import tag_exhibitors


@retried
def save_page(actor: Actor, edition_id: int, slug: str, request: PageRequest, now: datetime) -> None:
    """Save a company's page and the topics found in it; see the service of the same name."""
    with atomic():
        services.save_page(actor, edition_id, slug, request, now)
        _tag(edition_id, slug, now)


@retried
def create_company(actor: Actor, edition_id: int, details: CompanyDetails, now: datetime) -> str:
    """Add an approved company and the topics found in its text, and return its slug; see the service."""
    with atomic():
        slug = services.create_company(actor, edition_id, details, now)
        _tag(edition_id, slug, now)
        return slug


@retried
def change_company(
    actor: Actor, edition_id: int, slug: str, details: CompanyDetails, version: str | None, now: datetime
) -> None:
    """Change a company and the topics found in its text; see the service of the same name."""
    with atomic():
        services.change_company(actor, edition_id, slug, details, version, now)
        _tag(edition_id, slug, now)


def _tag(edition_id: int, slug: str, now: datetime) -> None:
    """Tag as the system: people who may change a page need not be allowed to manage exhibitors."""
    tag_exhibitors(SYSTEM, edition_id, now, slug)
