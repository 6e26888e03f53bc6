"""Search over an edition: attendees, sessions, speakers and companies."""

from dataclasses import dataclass

from sqlalchemy import Select, select

from expo.accounts.rules import Actor, Permission
from expo.editions.queries import EditionFacts
from expo.exhibitors.models import Exhibitor
from expo.infra.db import db
from expo.program.models import Session, Speaker
from expo.program.queries import is_public
from expo.pure.names import search_terms
from expo.registration.queries import AttendeeFilter, search_attendees

LIMIT = 8


@dataclass(frozen=True)
class FoundPerson:
    """An attendee who matches."""

    code: str
    name: str
    latin_name: str
    company: str


@dataclass(frozen=True)
class FoundPage:
    """A session, speaker or company that matches."""

    slug: str
    name: dict[str, str] | str


@dataclass(frozen=True)
class SearchResults:
    """Results, at most eight of each kind; a kind that the actor may not read is empty."""

    people: tuple[FoundPerson, ...] = ()
    sessions: tuple[FoundPage, ...] = ()
    speakers: tuple[FoundPage, ...] = ()
    companies: tuple[FoundPage, ...] = ()


def search_everything(actor: Actor, edition: EditionFacts, q: str) -> SearchResults:
    """Return what matches every word of `q` and may be read by the actor; nothing for an empty query."""
    terms = search_terms(q)
    if not terms:
        return SearchResults()
    may_read_program = actor.may(Permission.PROGRAM_READ, edition.id)
    drafts = actor.may(Permission.PROGRAM_MANAGE, edition.id)
    may_read_companies = actor.may(Permission.EXHIBITORS_READ, edition.id)
    return SearchResults(
        people=_find_people(edition.id, q) if actor.may(Permission.ATTENDEES_READ, edition.id) else (),
        sessions=_find_sessions(edition.id, terms, with_drafts=drafts) if may_read_program else (),
        speakers=_find_speakers(edition.id, terms, with_drafts=drafts) if may_read_program else (),
        companies=_find_companies(edition.id, terms) if may_read_companies else (),
    )


def _find_people(edition_id: int, q: str) -> tuple[FoundPerson, ...]:
    rows = search_attendees(edition_id, AttendeeFilter(q=q), limit=LIMIT).rows
    return tuple(FoundPerson(row.code, row.name, row.latin_name, row.company) for row in rows)


def _find_sessions(edition_id: int, terms: list[str], *, with_drafts: bool) -> tuple[FoundPage, ...]:
    query = select(Session.slug, Session.title).where(Session.edition_id == edition_id).order_by(Session.starts_at)
    if not with_drafts:
        query = query.where(*is_public(edition_id))
    for term in terms:
        query = query.where(Session.search_text.like(f"% {term}%"))
    return _pages(query)


def _find_speakers(edition_id: int, terms: list[str], *, with_drafts: bool) -> tuple[FoundPage, ...]:
    query = select(Speaker.slug, Speaker.name).where(Speaker.edition_id == edition_id).order_by(Speaker.search_text)
    if not with_drafts:
        query = query.where(Speaker.is_public)
    for term in terms:
        query = query.where(Speaker.search_text.like(f"% {term}%"))
    return _pages(query)


def _find_companies(edition_id: int, terms: list[str]) -> tuple[FoundPage, ...]:
    query = select(Exhibitor.slug, Exhibitor.name).where(Exhibitor.edition_id == edition_id).order_by(Exhibitor.id)
    for term in terms:
        query = query.where(Exhibitor.search_text.like(f"% {term}%"))
    return _pages(query)


def _pages(query: Select[str, dict[str, str]] | Select[str, str]) -> tuple[FoundPage, ...]:
    return tuple(FoundPage(*row) for row in db.session.execute(query.limit(LIMIT)))
