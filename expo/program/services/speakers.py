"""Acts on speakers: create, change, set the photo, merge, remove from their sessions and delete."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime
from io import BytesIO
from typing import Any

from sqlalchemy import delete, func, select, update

from expo.accounts.rules import Actor, Permission, require
from expo.accounts.services import check_email
from expo.editions.models import Edition
from expo.editions.services import increment_content_version
from expo.errors import Conflict
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, lock, retried
from expo.infra.files import delete_file, get_file, store_file
from expo.program.errors import SpeakerMissing
from expo.program.models import Session, SessionSpeaker, Speaker
from expo.program.queries import OwnProfile, get_any_speaker
from expo.program.rules import SpeakerRequest, check_speaker
from expo.program.services.filters import fill_search_texts
from expo.proposals.models import SpeakerProfile
from expo.pure.names import search_text
from expo.pure.periods import read_periods, write_periods
from expo.pure.slugs import make_slug
from expo.pure.versions import require_version

PHOTO_TYPE = "image/jpeg"


def create_speaker(actor: Actor, edition_id: int, request: SpeakerRequest, now: datetime) -> str:
    """Create a speaker, who becomes public with a first session, and return the slug. Raises Invalid."""
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    request = _checked(request)
    with atomic():
        lock(Edition, edition_id)
        taken = set(db.session.scalars(select(Speaker.slug).where(Speaker.edition_id == edition_id)))
        name = request.name.get("en") or next(iter(request.name.values()))
        last = db.session.scalar(select(func.max(Speaker.position)).where(Speaker.edition_id == edition_id))
        speaker = Speaker(
            edition_id=edition_id,
            slug=make_slug(name, taken),
            name=request.name,
            is_public=False,
            position=0 if last is None else last + 1,
        )
        db.session.add(speaker)
        db.session.flush()
        _fill(speaker, request)
        _record(actor, "create", speaker, now)
        return speaker.slug


@retried
def change_speaker(
    actor: Actor, edition_id: int, slug: str, request: SpeakerRequest, version: str | None, now: datetime
) -> None:
    """Change a speaker. Raises SpeakerMissing, Invalid, or Outdated if the version is not `version`."""
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    request = _checked(request)
    with atomic():
        speaker = _lock_speaker(edition_id, slug, version)
        changed = _fill(speaker, request)
        if not changed:
            return
        if "name" in changed:
            fill_search_texts(_sessions_of(speaker.id))
        _record(actor, "change", speaker, now, fields=sorted(changed))


@retried
def set_speaker_photo(
    actor: Actor, edition_id: int, slug: str, photo: bytes | None, now: datetime, version: str | None = None
) -> None:
    """Set or remove the photo of a speaker; `photo` is the result of `crop_photo`. Raises SpeakerMissing, Outdated."""
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    with atomic():
        speaker = _lock_speaker(edition_id, slug, version)
        former = speaker.photo_id
        if photo is None and former is None:
            return
        stored = store_file(BytesIO(photo), "photo.jpg", PHOTO_TYPE, now, edition_id) if photo else None
        speaker.photo_id = stored.id if stored else None
        db.session.flush()
        _delete_photo(former)
        _record(actor, "change", speaker, now, fields=["photo"])


@retried
def merge_speakers(actor: Actor, edition_id: int, slug: str, other_slug: str, now: datetime) -> None:
    """Move the sessions of another speaker to this one, fill what is empty from the other, and delete the other.

    Raises SpeakerMissing, or Conflict `same_speaker`.
    """
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    if slug == other_slug:
        raise Conflict("same_speaker", field="other")
    with atomic():
        first, second = sorted((slug, other_slug))
        locked = {each: _lock_speaker(edition_id, each, None) for each in (first, second)}
        speaker, other = locked[slug], locked[other_slug]
        sessions = _move_sessions(other, speaker)
        unused_photo = _fill_from(speaker, other)
        details = {"other": other.name, "moved": len(sessions)}
        db.session.delete(other)
        db.session.flush()
        _delete_photo(unused_photo)
        fill_search_texts(_sessions_of(speaker.id))
        _record(actor, "merge", speaker, now, **details)


@retried
def remove_from_sessions(actor: Actor, edition_id: int, slug: str, version: str | None, now: datetime) -> None:
    """Remove somebody who no longer takes part from all their sessions; the entry stays, but is not public.

    Raises SpeakerMissing, Outdated, or Conflict `speaker_without_sessions`.
    """
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    with atomic():
        speaker = _lock_speaker(edition_id, slug, version)
        sessions = _sessions_of(speaker.id)
        if not sessions:
            raise Conflict("speaker_without_sessions")
        db.session.execute(delete(SessionSpeaker).where(SessionSpeaker.speaker_id == speaker.id))
        # People who have a form of these sessions open are warned when they save.
        db.session.execute(
            update(Session).where(Session.id.in_(sessions)).values(version=Session.version + 1, changed_at=now)
        )
        speaker.is_public = False
        db.session.flush()
        fill_search_texts(sessions)
        _record(actor, "cancel", speaker, now, sessions=sorted(sessions))


@retried
def delete_speaker(
    actor: Actor, edition_id: int, slug: str, version: str | None, now: datetime, *, with_uses: bool = True
) -> None:
    """Delete a speaker, who is removed from their sessions; an account or registration stays.

    Raises SpeakerMissing, Outdated, or Conflict `speaker_in_use` if they have sessions and `with_uses` is false.
    """
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    with atomic():
        speaker = _lock_speaker(edition_id, slug, version)
        sessions = _sessions_of(speaker.id)
        if sessions and not with_uses:
            raise Conflict("speaker_in_use", sessions=len(sessions))
        db.session.execute(delete(SessionSpeaker).where(SessionSpeaker.speaker_id == speaker.id))
        photo_id = speaker.photo_id
        details = {"name": speaker.name, "sessions": len(sessions)}
        db.session.delete(speaker)
        db.session.flush()
        _delete_photo(photo_id)
        fill_search_texts(sessions)
        record_act(
            actor,
            "program.delete_speaker",
            now,
            edition_id=edition_id,
            subject="speaker",
            subject_id=speaker.id,
            **details,
        )
        increment_content_version(edition_id, now)


def follow_profile(actor: Actor, edition_id: int, before: OwnProfile | None, after: OwnProfile, now: datetime) -> None:
    """Bring the actor's own entries in an edition's programme up to date with their profile.

    What organizers have edited stays: a value changes only with the profile, and if it is empty or as `before`.
    """
    with atomic():
        own = select(Speaker.id).where(Speaker.edition_id == edition_id, Speaker.person_id == actor.id)
        for speaker_id in db.session.scalars(own.order_by(Speaker.id)).all():
            speaker = lock(Speaker, speaker_id)
            changed = fill_from_profile(speaker, before, after, now) if speaker else set()
            if speaker is None or not changed:
                continue
            if "name" in changed:
                fill_search_texts(_sessions_of(speaker.id))
            _record(actor, "change", speaker, now, fields=sorted(changed))


def fill_from_profile(speaker: Speaker, before: OwnProfile | None, after: OwnProfile, now: datetime) -> set[str]:
    """Set the values of a speaker that follow the profile, in the open transaction; return those that changed."""
    values, former = _values_of(after), _values_of(before) if before else {}
    changed = set()
    for name, value in values.items():
        current = _meaning(name, getattr(speaker, name))
        earlier, wanted = _meaning(name, former[name]) if before else None, _meaning(name, value)
        if wanted not in (earlier, current) and (not current or current == earlier):
            setattr(speaker, name, value)
            changed.add(name)
    if _follow_photo(speaker, before, after, now):
        changed.add("photo")
    speaker.search_text = search_text(*speaker.name.values())
    db.session.flush()
    return changed


def _values_of(profile: OwnProfile) -> dict[str, Any]:
    return {
        "name": profile.name,
        "biography": profile.biography,
        "links": list(profile.links),
        "unavailable": write_periods(profile.unavailable),
    }


def _follow_photo(speaker: Speaker, before: OwnProfile | None, after: OwnProfile, now: datetime) -> bool:
    """Copy the photo of a profile, which its person may replace or delete at any time; return whether it changed."""
    former = speaker.photo_id
    current = get_file(former).sha256 if former is not None else None
    earlier = before.photo.sha256 if before and before.photo else None
    wanted = after.photo.sha256 if after.photo else None
    if wanted in (earlier, current) or current not in (None, earlier):
        return False
    speaker.photo_id = None
    if after.photo is not None:
        with after.photo.path.open("rb") as content:
            copy = store_file(content, after.photo.name, after.photo.media_type, now, speaker.edition_id)
        speaker.photo_id = copy.id
    db.session.flush()
    _delete_photo(former)
    return True


def _meaning(name: str, value: Any) -> Any:
    """Return a value in the form in which it is compared, without differences of spacing and time zone."""
    if name == "unavailable":
        return set(read_periods(value))
    if isinstance(value, dict):
        return {language: " ".join(text.split()) for language, text in value.items()}
    return value


def _lock_speaker(edition_id: int, slug: str, version: str | None) -> Speaker:
    """Return a speaker, locked until the commit. Raises SpeakerMissing or Outdated."""
    speaker_id = db.session.scalar(select(Speaker.id).where(Speaker.edition_id == edition_id, Speaker.slug == slug))
    speaker = lock(Speaker, speaker_id) if speaker_id is not None else None
    if speaker is None:
        raise SpeakerMissing
    require_version(version, get_any_speaker(edition_id, slug).version)
    return speaker


def _checked(request: SpeakerRequest) -> SpeakerRequest:
    request = check_speaker(request)
    return replace(request, email=check_email(request.email)) if request.email else request


def _fill(speaker: Speaker, request: SpeakerRequest) -> set[str]:
    """Set the requested values and return the names of those that changed."""
    values = {
        "name": request.name,
        "biography": request.biography,
        "links": [asdict(link) for link in request.links],
        "unavailable": write_periods(request.unavailable),
        "email": request.email,
    }
    changed = {name for name, value in values.items() if getattr(speaker, name) != value}
    for name in changed:
        setattr(speaker, name, values[name])
    speaker.search_text = search_text(*speaker.name.values())
    db.session.flush()
    return changed


def _sessions_of(speaker_id: int) -> list[int]:
    return list(db.session.scalars(select(SessionSpeaker.session_id).where(SessionSpeaker.speaker_id == speaker_id)))


def _move_sessions(other: Speaker, speaker: Speaker) -> list[int]:
    """Give the sessions of one speaker to another; where both speak, one entry is left. Return the moved ones."""
    own = set(_sessions_of(speaker.id))
    moved = []
    for row in db.session.scalars(select(SessionSpeaker).where(SessionSpeaker.speaker_id == other.id)).all():
        if row.session_id not in own:
            db.session.add(
                SessionSpeaker(
                    session_id=row.session_id,
                    speaker_id=speaker.id,
                    role=row.role,
                    position=row.position,
                    source=row.source,
                )
            )
            moved.append(row.session_id)
        db.session.delete(row)
    db.session.flush()
    return moved


def _fill_from(speaker: Speaker, other: Speaker) -> int | None:
    """Fill the empty values of a speaker from another, and return the photo that is no longer used."""
    speaker.name = other.name | speaker.name
    speaker.biography = other.biography | speaker.biography
    speaker.links = _distinct([*speaker.links, *other.links])
    periods = {*read_periods(speaker.unavailable), *read_periods(other.unavailable)}
    speaker.unavailable = write_periods(sorted(periods, key=lambda each: (each.start, each.end)))
    speaker.person_id = speaker.person_id or other.person_id
    speaker.email = speaker.email or other.email
    speaker.attendee_id = speaker.attendee_id or other.attendee_id
    speaker.is_public = speaker.is_public or other.is_public
    speaker.search_text = search_text(*speaker.name.values())
    unused, other.photo_id = other.photo_id, None
    if speaker.photo_id is None:
        speaker.photo_id, unused = unused, None
    db.session.flush()
    return unused


def _distinct(links: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    return list({each["url"]: each for each in reversed(list(links))}.values())[::-1]


def _delete_photo(file_id: int | None) -> None:
    """Delete a photo that nobody else uses, such as the profile of the person."""
    if file_id is None:
        return
    users = (
        select(Speaker.id).where(Speaker.photo_id == file_id),
        select(SpeakerProfile.person_id).where(SpeakerProfile.photo_id == file_id),
    )
    if all(db.session.scalar(each.limit(1)) is None for each in users):
        delete_file(file_id)


def _record(actor: Actor, act: str, speaker: Speaker, now: datetime, **details: Any) -> None:
    record_act(
        actor,
        f"program.{act}_speaker",
        now,
        edition_id=speaker.edition_id,
        subject="speaker",
        subject_id=speaker.id,
        version=get_any_speaker(speaker.edition_id, speaker.slug).version,
        name=speaker.name,
        **details,
    )
    increment_content_version(speaker.edition_id, now)
