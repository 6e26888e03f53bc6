"""Acts of speakers on their own profile."""

from datetime import datetime
from typing import IO

from expo.accounts.rules import Actor
from expo.errors import Missing, Refused
from expo.infra.audit import record_act
from expo.infra.db import atomic, db
from expo.infra.files import delete_file, store_file
from expo.proposals.models import SpeakerProfile
from expo.proposals.rules import ProfileRequest, check_profile
from expo.proposals.rules.profiles import absences_to_json


def save_profile(actor: Actor, request: ProfileRequest, zone: str, now: datetime) -> None:
    """Save the actor's own profile; absences are whole days in `zone`. Raises Invalid."""
    check_profile(request)
    with atomic():
        profile = _lock_profile(actor, request.name, now)
        profile.name = request.name.strip()
        profile.biography = dict(request.biography)
        profile.country = request.country
        profile.company = request.company.strip()
        profile.links = [{"url": url, "title": title} for url, title in request.links]
        profile.unavailable = absences_to_json(request.absences, zone)
        profile.accessibility_needs = request.accessibility_needs.strip()
        profile.travel_needs = request.travel_needs.strip()
        profile.changed_at = now
        db.session.flush()
        _record(actor, "proposals.save_profile", now)


def set_photo(actor: Actor, photo: IO[bytes], name: str, now: datetime) -> None:
    """Replace the photo of the actor's profile by one that was cropped and written by us. Raises Missing."""
    with atomic():
        profile = _lock_profile(actor, name, now)
        before = profile.photo_id
        profile.photo_id = store_file(photo, "photo.jpg", "image/jpeg", now).id
        profile.changed_at = now
        db.session.flush()
        if before is not None:
            delete_file(before)
        _record(actor, "proposals.set_photo", now)


def remove_photo(actor: Actor, now: datetime) -> None:
    """Remove the photo of the actor's profile. Raises Missing `profile_missing`."""
    with atomic():
        profile = _get_locked(actor)
        before, profile.photo_id = profile.photo_id, None
        db.session.flush()
        if before is not None:
            delete_file(before)
        _record(actor, "proposals.remove_photo", now)


def delete_profile(actor: Actor, now: datetime) -> None:
    """Delete the actor's own profile with its photo; proposals and sessions stay. Raises Missing `profile_missing`."""
    with atomic():
        profile = _get_locked(actor)
        photo_id = profile.photo_id
        db.session.delete(profile)
        db.session.flush()
        if photo_id is not None:
            delete_file(photo_id)
        _record(actor, "proposals.delete_profile", now)


def _lock_profile(actor: Actor, name: str, now: datetime) -> SpeakerProfile:
    if actor.kind != "person" or actor.id is None:
        raise Refused("permission_missing", permission="profile")
    if db.session.get(SpeakerProfile, actor.id) is None:
        _insert_profile(actor.id, name, now)
    return _get_locked(actor)


def _insert_profile(person_id: int, name: str, now: datetime) -> None:
    db.session.add(SpeakerProfile(person_id=person_id, name=name, changed_at=now))
    db.session.flush()


def _get_locked(actor: Actor) -> SpeakerProfile:
    profile = db.session.get(SpeakerProfile, actor.id, populate_existing=True, with_for_update=True)
    if profile is None:
        raise Missing("profile_missing")
    return profile


def _record(actor: Actor, action: str, now: datetime) -> None:
    record_act(actor, action, now, edition_id=None, subject="person", subject_id=actor.id)
