"""Speakers' own profiles, the entries of the programme that follow them, and the tickets that wait for them."""

from datetime import datetime
from io import BytesIO

from expo.accounts.rules import Actor
from expo.flows.speaker_tickets import issue_promised_tickets
from expo.infra.db import atomic, retried
from expo.program.queries import OwnProfile, find_own_profile
from expo.program.services import follow_profile
from expo.proposals import services
from expo.proposals.rules import ProfileRequest


def save_profile(actor: Actor, edition_id: int, request: ProfileRequest, zone: str, now: datetime) -> None:
    """Save the actor's own profile, and issue the ticket that was waiting for it. Raises Invalid with the field."""
    _save(actor, edition_id, request, zone, now)
    if actor.id is not None:
        issue_promised_tickets(edition_id, [actor.id], now)


@retried
def set_photo(actor: Actor, edition_id: int, photo: bytes, name: str, now: datetime) -> None:
    """Replace the photo of the actor's profile by one that `crop_photo` returned."""
    with atomic():
        before = _find(actor)
        services.set_photo(actor, BytesIO(photo), name, now)
        _follow(actor, edition_id, before, now)


@retried
def remove_photo(actor: Actor, edition_id: int, now: datetime) -> None:
    """Remove the photo of the actor's profile, also from the programme. Raises Missing `profile_missing`."""
    with atomic():
        before = _find(actor)
        services.remove_photo(actor, now)
        _follow(actor, edition_id, before, now)


@retried
def _save(actor: Actor, edition_id: int, request: ProfileRequest, zone: str, now: datetime) -> None:
    with atomic():
        before = _find(actor)
        services.save_profile(actor, request, zone, now)
        _follow(actor, edition_id, before, now)


def _find(actor: Actor) -> OwnProfile | None:
    return find_own_profile(actor.id) if actor.id is not None else None


def _follow(actor: Actor, edition_id: int, before: OwnProfile | None, now: datetime) -> None:
    after = _find(actor)
    if after is not None:
        follow_profile(actor, edition_id, before, after, now)
