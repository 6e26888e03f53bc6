"""Numbers about an edition for the home page."""

from dataclasses import dataclass

from sqlalchemy import func, select

from expo.exhibitors.models import Exhibitor
from expo.exhibitors.queries import is_listed
from expo.infra.db import db
from expo.program.models import Session, Speaker
from expo.program.queries import is_public
from expo.registration.models import Attendee


@dataclass(frozen=True)
class PublicFigures:
    """The count of each."""

    attendees: int
    countries: int
    sessions: int
    speakers: int
    exhibitors: int


def get_public_figures(edition_id: int) -> PublicFigures:
    """Return the numbers in one query."""
    coming = (Attendee.edition_id == edition_id, Attendee.state == "confirmed")
    row = db.session.execute(
        select(
            select(func.count()).select_from(Attendee).where(*coming).scalar_subquery(),
            select(func.count(Attendee.country.distinct())).where(*coming).scalar_subquery(),
            select(func.count()).select_from(Session).where(*is_public(edition_id)).scalar_subquery(),
            select(func.count())
            .select_from(Speaker)
            .where(Speaker.edition_id == edition_id, Speaker.is_public)
            .scalar_subquery(),
            select(func.count()).select_from(Exhibitor).where(is_listed(edition_id)).scalar_subquery(),
        )
    ).one()
    return PublicFigures(*row)
