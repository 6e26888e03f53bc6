"""Reads of speakers' tickets: who speaks, who has a registration, and who gets one without being asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from expo.accounts.models import Person
from expo.infra.db import db
from expo.program.errors import SpeakerMissing
from expo.program.models import Session, SessionSpeaker, Speaker
from expo.program.queries.sessions import Texts
from expo.program.rules import SessionState
from expo.proposals.models import Call, Proposal, ProposalSpeaker, SpeakerProfile
from expo.proposals.rules import ProposalState
from expo.registration.models import Attendee
from expo.registration.rules import HOLDING_STATES, AttendeeState
from expo.tickets.models import TicketType


class TicketStatus(StrEnum):
    """Whether a speaker has a ticket, and should have one."""

    ISSUED = "issued"
    MISSING = "missing"
    # There is no account; they are invited by e-mail if there is an address, or get the badge at the help desk.
    NO_ACCOUNT = "no_account"
    # They have a ticket, but none of their sessions takes place.
    NOT_SPEAKING = "not_speaking"


@dataclass(frozen=True)
class SpeakerTicketRow:
    """A speaker and their ticket; `attendee_id` is None unless the registration holds a place."""

    speaker_id: int
    slug: str
    name: Texts
    person_id: int | None
    email: str
    language: str
    # As in the profile, if there is one.
    profile_name: str
    company: str
    country: str
    is_speaking: bool
    attendee_id: int | None
    attendee_code: str
    attendee_state: AttendeeState | None
    ticket_type_name: Texts

    @property
    def status(self) -> TicketStatus | None:
        """Whether they have a ticket; None for those who have none and do not speak."""
        if self.attendee_id is not None:
            return TicketStatus.ISSUED if self.is_speaking else TicketStatus.NOT_SPEAKING
        if not self.is_speaking:
            return None
        return TicketStatus.MISSING if self.person_id is not None else TicketStatus.NO_ACCOUNT


def list_speaker_tickets(edition_id: int) -> list[SpeakerTicketRow]:
    """Return the speakers who speak or have a ticket, by name."""
    query = _query(edition_id).where(or_(_is_speaking(), Attendee.id.is_not(None)))
    return [_row_of(each) for each in db.session.execute(query.order_by(Speaker.search_text, Speaker.id))]


def get_speaker_ticket(edition_id: int, slug: str) -> SpeakerTicketRow:
    """Return one speaker's ticket. Raises SpeakerMissing."""
    row = db.session.execute(_query(edition_id).where(Speaker.slug == slug)).one_or_none()
    if row is None:
        raise SpeakerMissing
    return _row_of(row)


def list_tickets_of_person(edition_id: int, person_id: int) -> list[SpeakerTicketRow]:
    """Return the tickets that a person has or should have as a speaker; several only if they are listed twice."""
    rows = db.session.execute(_query(edition_id).where(Speaker.person_id == person_id).order_by(Speaker.id))
    return [_row_of(each) for each in rows]


def list_promised_tickets(edition_id: int, person_ids: Sequence[int]) -> list[tuple[str, str]]:
    """Return the slugs of these people as confirmed speakers with the ticket type that their call promises them.

    Those who already have a ticket, and co-speakers who have not confirmed themselves, are left out.
    """
    rows = db.session.execute(
        select(Speaker.slug, func.min(Call.speaker_ticket))
        .join(SessionSpeaker, SessionSpeaker.speaker_id == Speaker.id)
        .join(Session, Session.id == SessionSpeaker.session_id)
        .join(Proposal, Proposal.id == Session.proposal_id)
        .join(Call, Call.id == Proposal.call_id)
        .join(
            ProposalSpeaker,
            and_(ProposalSpeaker.proposal_id == Proposal.id, ProposalSpeaker.person_id == Speaker.person_id),
        )
        .outerjoin(Attendee, and_(Attendee.id == Speaker.attendee_id, Attendee.state.in_(HOLDING_STATES)))
        .where(
            Speaker.edition_id == edition_id,
            Speaker.person_id.in_(person_ids),
            Attendee.id.is_(None),
            Call.speaker_ticket != "",
            ProposalSpeaker.confirmed_at.is_not(None),
            *_takes_place(),
        )
        .group_by(Speaker.slug)
        .order_by(Speaker.slug)
    )
    return [(slug, code) for slug, code in rows]


def count_former_speakers(edition_id: int) -> int:
    """Return how many people have a speaker's ticket although none of their sessions takes place."""
    query = (
        select(func.count())
        .select_from(Speaker)
        .join(Attendee, Attendee.id == Speaker.attendee_id)
        .where(Speaker.edition_id == edition_id, Attendee.state.in_(HOLDING_STATES), ~_is_speaking())
    )
    return db.session.scalar(query) or 0


def _query(edition_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Speaker.id.label("speaker_id"),
            Speaker.slug,
            Speaker.name,
            Speaker.person_id,
            func.coalesce(Person.email, Speaker.email).label("email"),
            func.coalesce(Person.language, "en").label("language"),
            func.coalesce(SpeakerProfile.name, "").label("profile_name"),
            func.coalesce(SpeakerProfile.company, "").label("company"),
            func.coalesce(SpeakerProfile.country, "").label("country"),
            _is_speaking().label("is_speaking"),
            Attendee.id.label("attendee_id"),
            func.coalesce(Attendee.code, "").label("attendee_code"),
            Attendee.state.label("attendee_state"),
            TicketType.name.label("ticket_type_name"),
        )
        .outerjoin(Person, Person.id == Speaker.person_id)
        .outerjoin(SpeakerProfile, SpeakerProfile.person_id == Speaker.person_id)
        .outerjoin(Attendee, and_(Attendee.id == Speaker.attendee_id, Attendee.state.in_(HOLDING_STATES)))
        .outerjoin(TicketType, TicketType.id == Attendee.ticket_type_id)
        .where(Speaker.edition_id == edition_id)
    )


def _is_speaking() -> ColumnElement[bool]:
    """Return the condition that a session of the speaker takes place, as far as anybody knows."""
    return exists(
        select(SessionSpeaker.session_id)
        .join(Session, Session.id == SessionSpeaker.session_id)
        .outerjoin(Proposal, Proposal.id == Session.proposal_id)
        .where(SessionSpeaker.speaker_id == Speaker.id, *_takes_place())
        .correlate(Speaker)
    )


def _takes_place() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions for sessions that are not cancelled, and whose speakers have confirmed if they were asked.

    A rejected or withdrawn proposal may leave its draft behind.
    """
    return (
        Session.state != SessionState.CANCELLED,
        or_(Session.proposal_id.is_(None), Proposal.state == ProposalState.CONFIRMED),
    )


def _row_of(row: Any) -> SpeakerTicketRow:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping
    state = values["attendee_state"]
    values.update(
        is_speaking=bool(values["is_speaking"]),
        attendee_state=AttendeeState(state) if state else None,
        ticket_type_name=values["ticket_type_name"] or {},
    )
    return SpeakerTicketRow(**values)
