"""Acts on tracks: create, change, move and delete."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from expo.accounts.rules import Actor, Permission, require
from expo.editions.models import Edition
from expo.editions.services import increment_content_version
from expo.errors import Conflict, Missing
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, lock, retried
from expo.program.models import Session, Track
from expo.program.rules import TrackRequest, check_track
from expo.program.services.filters import fill_search_texts
from expo.pure.positions import move_by
from expo.pure.slugs import make_slug
from expo.pure.versions import require_version, version_of


def create_track(actor: Actor, edition_id: int, request: TrackRequest, now: datetime) -> str:
    """Create a track after the others and return its slug. Raises Invalid or Conflict `track_exists`."""
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    request = check_track(request)
    with atomic():
        others = _lock_tracks(edition_id)
        _check_name_is_free(request.name, others)
        slug = make_slug(request.name.get("en") or next(iter(request.name.values())), {each.slug for each in others})
        position = max((each.position for each in others), default=-1) + 1
        track = Track(edition_id=edition_id, slug=slug, name=request.name, position=position)
        db.session.add(track)
        db.session.flush()
        _record(actor, "create", track, now)
        return slug


@retried
def change_track(
    actor: Actor, edition_id: int, slug: str, request: TrackRequest, version: str | None, now: datetime
) -> None:
    """Rename a track; its address stays. Raises Missing `track_missing`, Outdated, Invalid or Conflict."""
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    request = check_track(request)
    with atomic():
        tracks = _lock_tracks(edition_id)
        track = _get_track(tracks, slug, version)
        if track.name == request.name:
            return
        _check_name_is_free(request.name, [each for each in tracks if each is not track])
        track.name = request.name
        db.session.flush()
        fill_search_texts(_sessions_of(track.id))
        _record(actor, "change", track, now, fields=["name"])


def move_track(actor: Actor, edition_id: int, slug: str, steps: int, now: datetime) -> None:
    """Move a track up (negative steps) or down the list. Raises Missing `track_missing`."""
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    with atomic():
        tracks = _lock_tracks(edition_id)
        track = _get_track(tracks, slug, None)
        at = tracks.index(track)
        move_by(tracks, at, steps)
        for position, each in enumerate(tracks):
            each.position = position
        db.session.flush()
        _record(actor, "move", track, now)


@retried
def delete_track(
    actor: Actor, edition_id: int, slug: str, version: str | None, now: datetime, *, with_uses: bool = True
) -> None:
    """Delete a track; its sessions have no track afterwards.

    Raises Missing `track_missing`, Outdated, or Conflict `track_in_use` if it has sessions and `with_uses` is false.
    """
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    with atomic():
        track = _get_track(_lock_tracks(edition_id), slug, version)
        sessions = _sessions_of(track.id)
        if sessions and not with_uses:
            raise Conflict("track_in_use", sessions=len(sessions))
        db.session.execute(
            update(Session)
            .where(Session.id.in_(sessions))
            .values(track_id=None, sequence=Session.sequence + 1, version=Session.version + 1, changed_at=now)
            .execution_options(synchronize_session="fetch")
        )
        db.session.delete(track)
        db.session.flush()
        fill_search_texts(sessions)
        _record(actor, "delete", track, now, sessions=len(sessions))


def _lock_tracks(edition_id: int) -> list[Track]:
    """Return the tracks in order; the edition is locked, as names and positions are compared."""
    lock(Edition, edition_id)
    query = select(Track).where(Track.edition_id == edition_id).order_by(Track.position, Track.id)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def _get_track(tracks: list[Track], slug: str, version: str | None) -> Track:
    track = next((each for each in tracks if each.slug == slug), None)
    if track is None:
        raise Missing("track_missing")
    require_version(version, version_of(track.name))
    return track


def _check_name_is_free(name: dict[str, str], others: list[Track]) -> None:
    taken = {text.casefold() for each in others for text in each.name.values()}
    if any(text.casefold() in taken for text in name.values()):
        raise Conflict("track_exists", field="name")


def _sessions_of(track_id: int) -> list[int]:
    return list(db.session.scalars(select(Session.id).where(Session.track_id == track_id)))


def _record(actor: Actor, act: str, track: Track, now: datetime, **details: Any) -> None:
    record_act(
        actor,
        f"program.{act}_track",
        now,
        edition_id=track.edition_id,
        subject="track",
        subject_id=track.id,
        version=version_of(track.name),
        name=track.name,
        **details,
    )
    increment_content_version(track.edition_id, now)
