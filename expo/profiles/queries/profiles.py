"""Reads of profiles: one's own, and what others may see of them.

What others see never contains an e-mail address or a phone number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, false, select

from expo.exhibitors.rules import TopicKind
from expo.infra.db import db
from expo.profiles.models import AttendeeTopic, Profile
from expo.profiles.rules import ProfileRequest, Viewer, Visibility
from expo.registration.models import Attendee
from expo.registration.rules import AttendeeState


@dataclass(frozen=True)
class ProfileRow:
    """A person as others may see them; `key` names them in addresses."""

    attendee_id: int
    key: str
    name: str
    latin_name: str
    company: str
    job_title: str
    country: str
    profile: ProfileRequest
    updated_at: datetime


def find_profile(attendee_id: int) -> ProfileRequest | None:
    """Return the profile of an attendee as they entered it, or None if they have none."""
    row = db.session.get(Profile, attendee_id)
    return _requests([row])[row.attendee_id] if row else None


def get_party_profile(attendee_id: int) -> ProfileRequest:
    """Return the profile of an attendee with their topics; without a profile they may still have chosen interests."""
    found = find_profile(attendee_id)
    if found is not None:
        return found
    topics = _topics([attendee_id]).get(attendee_id, {})
    return ProfileRequest(offers=topics.get("offers", ()), seeks=topics.get("seeks", ()))


def is_visible(edition_id: int, viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition for people whom a viewer may see: they agreed to it, and their registration is valid.

    The query has joined Profile and Attendee.
    """
    if not viewer.sees:
        return false()
    return and_(
        Profile.edition_id == edition_id,
        Profile.visibility.in_(sorted(each.value for each in viewer.sees)),
        Attendee.edition_id == edition_id,
        Attendee.state == AttendeeState.CONFIRMED.value,
        Attendee.id.not_in((*viewer.attendee_ids, *viewer.blocked_ids)),
    )


def find_visible_attendee_ids(edition_id: int, viewer: Viewer) -> Select[int]:
    """Return the query of the ids of the people whom a viewer may see."""
    people = select(Attendee.id).join(Profile, Profile.attendee_id == Attendee.id)
    return people.where(is_visible(edition_id, viewer))


def list_people_by_id(edition_id: int, attendee_ids: Sequence[int], viewer: Viewer) -> list[ProfileRow]:
    """Return the people with these ids whom a viewer may see, in the given order."""
    found = {row.attendee_id: row for row in read_people(is_visible(edition_id, viewer), Attendee.id.in_(attendee_ids))}
    return [found[attendee_id] for attendee_id in attendee_ids if attendee_id in found]


def read_people(*conditions: ColumnElement[bool]) -> list[ProfileRow]:
    """Return the people who meet the conditions, which include `is_visible`, by name."""
    rows = db.session.execute(
        select(Profile, Profile.key, Attendee.id, Attendee.name, Attendee.latin_name, Attendee.company,
            Attendee.job_title, Attendee.country)
        .join(Attendee, Attendee.id == Profile.attendee_id)
        .where(*conditions)
        .order_by(Attendee.name, Attendee.id)
    ).all()  # fmt: skip
    requests = _requests([row[0] for row in rows])
    return [
        ProfileRow(attendee_id, key, name, latin, company, title, country, requests[attendee_id], profile.updated_at)
        for profile, key, attendee_id, name, latin, company, title, country in rows
    ]


def _requests(profiles: Sequence[Profile]) -> dict[int, ProfileRequest]:
    topics = _topics([profile.attendee_id for profile in profiles])
    return {
        profile.attendee_id: ProfileRequest(
            visibility=Visibility(profile.visibility),
            headline=profile.headline,
            about=profile.about,
            offers_text=profile.offers_text,
            seeks_text=profile.seeks_text,
            industries=tuple(profile.industries),
            regions=tuple(profile.regions),
            languages=tuple(profile.languages),
            purposes=tuple(profile.purposes),
            role=profile.role,
            company_size=profile.company_size,
            offers=topics.get(profile.attendee_id, {}).get("offers", ()),
            seeks=topics.get(profile.attendee_id, {}).get("seeks", ()),
        )
        for profile in profiles
    }


def _topics(attendee_ids: Sequence[int]) -> dict[int, dict[str, tuple[str, ...]]]:
    """Return the topics of attendees by kind."""
    found: dict[int, dict[str, tuple[str, ...]]] = {}
    for attendee_id, kind, topic in db.session.execute(
        select(AttendeeTopic.attendee_id, AttendeeTopic.kind, AttendeeTopic.topic)
        .where(AttendeeTopic.attendee_id.in_(attendee_ids))
        .order_by(AttendeeTopic.attendee_id, AttendeeTopic.topic)
    ):
        by_kind = found.setdefault(attendee_id, {})
        name = TopicKind(kind).value
        by_kind[name] = (*by_kind.get(name, ()), topic)
    return found
