"""Reads of tracks for organizers."""

from dataclasses import dataclass

from sqlalchemy import func, select

from expo.errors import Missing
from expo.infra.db import db
from expo.program.models import Session, Track
from expo.pure.versions import version_of


@dataclass(frozen=True)
class TrackRow:
    """A track as listed, with its number of sessions in all states."""

    id: int
    slug: str
    name: dict[str, str]
    position: int
    session_count: int

    @property
    def version(self) -> str:
        """The version that a change of it must name."""
        return version_of(self.name)


def list_all_tracks(edition_id: int) -> list[TrackRow]:
    """Return the tracks of an edition in order."""
    count = select(func.count()).where(Session.track_id == Track.id).correlate(Track).scalar_subquery()
    rows = db.session.execute(
        select(Track.id, Track.slug, Track.name, Track.position, count)
        .where(Track.edition_id == edition_id)
        .order_by(Track.position, Track.id)
    )
    return [TrackRow(*row) for row in rows]


def get_track(edition_id: int, slug: str) -> TrackRow:
    """Return one track. Raises Missing `track_missing`."""
    found = next((each for each in list_all_tracks(edition_id) if each.slug == slug), None)
    if found is None:
        raise Missing("track_missing")
    return found
