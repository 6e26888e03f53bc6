"""The directory of the people who agreed to be found."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Text, cast, select
from sqlalchemy.orm import InstrumentedAttribute

from expo.infra.db import db
from expo.profiles.models import AttendeeTopic, Profile
from expo.profiles.queries.profiles import ProfileRow, is_visible, read_people
from expo.profiles.rules import Viewer
from expo.pure.names import search_terms, search_ways
from expo.pure.topics import TopicList
from expo.pure.word_index import WordIndex
from expo.registration.errors import AttendeeMissing
from expo.registration.models import Attendee

PAGE_SIZE = 24


@dataclass(frozen=True)
class PeopleFilter:
    """Which people to list; empty values do not restrict."""

    q: str = ""
    topic: str = ""
    industry: str = ""
    purpose: str = ""
    country: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether everybody is listed."""
        return not any((self.q.strip(), self.topic, self.industry, self.purpose, self.country))


@dataclass(frozen=True)
class PeoplePage:
    """One page of the directory; `is_similar` if nobody matches exactly and people with similar words are shown."""

    people: tuple[ProfileRow, ...]
    total: int
    is_similar: bool = False


def search_people(
    edition_id: int, viewer: Viewer, filters: PeopleFilter, topics: TopicList, *, page: int = 1
) -> PeoplePage:
    """Return a page of the people whom a viewer may see and who match the whole filter, by name."""
    conditions = [is_visible(edition_id, viewer), *_conditions(filters, topics)]
    matching = [*conditions, *_words(filters.q)]
    ids = _list_ids(matching)
    is_similar = False
    if not ids and search_terms(filters.q):
        ids = _find_similar(conditions, filters.q)
        is_similar = bool(ids)
    first = (max(page, 1) - 1) * PAGE_SIZE
    shown = ids[first : first + PAGE_SIZE]
    found = {row.attendee_id: row for row in read_people(is_visible(edition_id, viewer), Attendee.id.in_(shown))}
    people = tuple(found[attendee_id] for attendee_id in shown if attendee_id in found)
    return PeoplePage(people, len(ids), is_similar)


def get_person(edition_id: int, viewer: Viewer, key: str) -> ProfileRow:
    """Return one person whom a viewer may see. Raises AttendeeMissing for everybody else."""
    rows = read_people(is_visible(edition_id, viewer), Profile.key == key)
    if not rows:
        raise AttendeeMissing
    return rows[0]


def _list_ids(conditions: list[ColumnElement[bool]]) -> list[int]:
    query = (
        select(Attendee.id)
        .join(Profile, Profile.attendee_id == Attendee.id)
        .where(*conditions)
        .order_by(Attendee.name, Attendee.id)
    )
    return list(db.session.scalars(query))


def _conditions(filters: PeopleFilter, topics: TopicList) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.topic:
        family = [each.code for each in topics.topics if filters.topic in (each.code, each.parent)]
        found.append(Attendee.id.in_(select(AttendeeTopic.attendee_id).where(AttendeeTopic.topic.in_(family))))
    if filters.industry:
        found.append(_contains(Profile.industries, filters.industry))
    if filters.purpose:
        found.append(_contains(Profile.purposes, filters.purpose))
    if filters.country:
        found.append(Attendee.country == filters.country.upper())
    return found


def _contains(column: InstrumentedAttribute[list[str]], code: str) -> ColumnElement[bool]:
    """Return whether a list in JSON has a code; codes have no characters that JSON or LIKE would escape."""
    return cast(column, Text).like(f'%"{code}"%')


def _words(q: str) -> list[ColumnElement[bool]]:
    terms = search_terms(q)
    if q.strip() and not terms:
        return [Attendee.id.is_(None)]
    return [Profile.search_text.like(f"% {term}%") for term in terms]


def _find_similar(conditions: list[ColumnElement[bool]], q: str) -> list[int]:
    """Return the people whose words are nearest to misspelt ones, nearest first."""
    index = WordIndex()
    index.add(
        (attendee_id, text)
        for attendee_id, text in db.session.execute(
            select(Attendee.id, Profile.search_text)
            .join(Profile, Profile.attendee_id == Attendee.id)
            .where(*conditions)
        )
    )
    found = index.find_similar(search_ways(q))
    return sorted(found, key=lambda attendee_id: (found[attendee_id], attendee_id))[:PAGE_SIZE]
