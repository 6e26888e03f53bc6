"""Create and change sessions, and update their topics for recommendations."""

from datetime import datetime

from expo.accounts.rules import Actor
from expo.infra.db import atomic, retried
from expo.matchmaking.services import tag_sessions
from expo.program import services
from expo.program.rules import SessionRequest, TrackRequest


@retried
def create_session(actor: Actor, edition_id: int, request: SessionRequest, now: datetime) -> str:
    """Create a session as a draft and return its slug. Raises Invalid."""
    with atomic():
        slug = services.create_session(actor, edition_id, request, now)
        tag_sessions(actor, edition_id, now, slug)
        return slug


@retried
def change_session(
    actor: Actor, edition_id: int, slug: str, request: SessionRequest, version: str | None, now: datetime
) -> None:
    """Change a session. Raises SessionMissing, Invalid or Outdated."""
    with atomic():
        services.change_session(actor, edition_id, slug, request, version, now)
        tag_sessions(actor, edition_id, now, slug)


@retried
def duplicate_session(actor: Actor, edition_id: int, slug: str, now: datetime) -> str:
    """Create a draft with the values of a session and return its slug. Raises SessionMissing."""
    with atomic():
        copy = services.duplicate_session(actor, edition_id, slug, now)
        tag_sessions(actor, edition_id, now, copy)
        return copy


@retried
def change_track(
    actor: Actor, edition_id: int, slug: str, request: TrackRequest, version: str | None, now: datetime
) -> None:
    """Rename a track. Raises Missing `track_missing`, Outdated, Invalid or Conflict."""
    with atomic():
        services.change_track(actor, edition_id, slug, request, version, now)
        tag_sessions(actor, edition_id, now)


@retried
def delete_track(
    actor: Actor, edition_id: int, slug: str, version: str | None, now: datetime, *, with_uses: bool = True
) -> None:
    """Delete a track. Raises Missing `track_missing`, Outdated or Conflict `track_in_use`."""
    with atomic():
        services.delete_track(actor, edition_id, slug, version, now, with_uses=with_uses)
        tag_sessions(actor, edition_id, now)
