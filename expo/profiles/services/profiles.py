"""Acts on one's own profile."""

import secrets
from datetime import datetime

from sqlalchemy import delete

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import Actor, Permission
from expo.exhibitors.queries import list_topics
from expo.exhibitors.rules import TopicKind
from expo.infra.audit import record_act
from expo.infra.db import atomic, db
from expo.profiles.models import AttendeeTopic, Profile
from expo.profiles.rules import ProfileRequest, Visibility, check_profile
from expo.profiles.services.topics import store_topics
from expo.pure.names import search_text
from expo.pure.topics import TopicList
from expo.registration.queries import AttendeeRow, get_attendee_by_id

_KEY_BYTES = 9


def save_profile(actor: Actor, edition_id: int, attendee_id: int, request: ProfileRequest, now: datetime) -> None:
    """Create or replace an attendee's profile.

    Only the attendee may: nobody else decides who finds them. Raises AttendeeMissing, PermissionMissing, Invalid.
    """
    attendee = _own_attendee(actor, edition_id, attendee_id)
    topics = list_topics(edition_id)
    wanted = check_profile(request, topics)
    with atomic():
        profile = db.session.get(Profile, attendee_id)
        if profile is None:
            profile = Profile(attendee_id=attendee_id, edition_id=edition_id, key=secrets.token_urlsafe(_KEY_BYTES))
            db.session.add(profile)
        before = profile.visibility or Visibility.NOBODY.value
        profile.visibility = wanted.visibility.value
        profile.headline, profile.about = wanted.headline, wanted.about
        profile.offers_text, profile.seeks_text = wanted.offers_text, wanted.seeks_text
        profile.industries, profile.regions = list(wanted.industries), list(wanted.regions)
        profile.languages, profile.purposes = list(wanted.languages), list(wanted.purposes)
        profile.role, profile.company_size = wanted.role, wanted.company_size
        profile.search_text = profile_search_text(attendee, wanted, topics)
        profile.updated_at = now
        db.session.flush()
        store_topics(attendee_id, TopicKind.OFFERS, wanted.offers)
        store_topics(attendee_id, TopicKind.SEEKS, wanted.seeks)
        # Neither texts nor topics: the history says who could see the profile since when.
        details = {"visibility": wanted.visibility.value, "before": before}
        _record(actor, "profiles.save", edition_id, attendee_id, now, **details)


def delete_profile(actor: Actor, edition_id: int, attendee_id: int, now: datetime) -> None:
    """Delete an attendee's profile and topics. Raises AttendeeMissing, PermissionMissing."""
    _own_attendee(actor, edition_id, attendee_id)
    with atomic():
        db.session.execute(delete(AttendeeTopic).where(AttendeeTopic.attendee_id == attendee_id))
        db.session.execute(delete(Profile).where(Profile.attendee_id == attendee_id))
        _record(actor, "profiles.delete", edition_id, attendee_id, now)


def profile_search_text(attendee: AttendeeRow, request: ProfileRequest, topics: TopicList) -> str:
    """Return the text that the directory is searched in: never an address or a number."""
    names = [
        topics.by_code[code].names.get(language, "")
        for code in (*request.offers, *request.seeks)
        for language in ("en", "zh")
    ]
    texts = (request.headline, request.about, request.offers_text, request.seeks_text)
    return search_text(attendee.name, attendee.latin_name, attendee.company, attendee.job_title, *texts, *names)


def _own_attendee(actor: Actor, edition_id: int, attendee_id: int) -> AttendeeRow:
    attendee = get_attendee_by_id(edition_id, attendee_id)
    if actor.kind != "person" or actor.id != attendee.person_id:
        raise PermissionMissing(Permission.ATTENDEES_WRITE.value)
    return attendee


def _record(actor: Actor, action: str, edition_id: int, attendee_id: int, now: datetime, **details: str) -> None:
    record_act(actor, action, now, edition_id=edition_id, subject="attendee", subject_id=attendee_id, **details)
