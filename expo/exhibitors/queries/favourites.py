"""Reads of attendees' favourite exhibitors."""

from sqlalchemy import func, select

from expo.exhibitors.models import Exhibitor, ExhibitorFavourite
from expo.exhibitors.queries.companies import is_listed
from expo.infra.db import db


def list_favourite_slugs(edition_id: int, attendee_id: int) -> list[str]:
    """Return the attendee's favourites that visitors may see, in the order of their marking."""
    return list(
        db.session.scalars(
            select(Exhibitor.slug)
            .join(ExhibitorFavourite, ExhibitorFavourite.exhibitor_id == Exhibitor.id)
            .where(is_listed(edition_id), ExhibitorFavourite.attendee_id == attendee_id)
            .order_by(ExhibitorFavourite.added_at, Exhibitor.id)
        )
    )


def count_favourites(exhibitor_id: int) -> int:
    """Return how many attendees marked a company as a favourite."""
    query = select(func.count()).where(ExhibitorFavourite.exhibitor_id == exhibitor_id)
    return db.session.scalar(query) or 0
