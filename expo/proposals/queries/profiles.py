"""Reads of speaker profiles. The needs are for the speaker and the organizers only."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from expo.infra.db import db
from expo.proposals.models import SpeakerProfile
from expo.proposals.rules import ProfileRequest
from expo.proposals.rules.profiles import absences_from_json
from expo.pure.periods import Period, read_periods


@dataclass(frozen=True)
class ProfileRow:
    """A speaker's profile."""

    person_id: int
    photo_id: int | None
    values: ProfileRequest
    # The absences as periods.
    unavailable: tuple[Period, ...] = ()


def find_profile(person_id: int) -> ProfileRow | None:
    """Return a person's profile, or None."""
    return list_profiles([person_id]).get(person_id)


def list_profiles(person_ids: Sequence[int]) -> dict[int, ProfileRow]:
    """Return profiles by person id, with one query."""
    rows = db.session.scalars(
        select(SpeakerProfile).where(SpeakerProfile.person_id.in_(person_ids)).execution_options(populate_existing=True)
    )
    return {each.person_id: _row_of(each) for each in rows}


def _row_of(profile: SpeakerProfile) -> ProfileRow:
    return ProfileRow(
        person_id=profile.person_id,
        photo_id=profile.photo_id,
        values=ProfileRequest(
            name=profile.name,
            biography=profile.biography,
            country=profile.country,
            company=profile.company,
            links=tuple((each["url"], each.get("title", "")) for each in profile.links),
            absences=absences_from_json(profile.unavailable),
            accessibility_needs=profile.accessibility_needs,
            travel_needs=profile.travel_needs,
        ),
        unavailable=read_periods(profile.unavailable),
    )
