"""The session of an accepted proposal: a draft, with its speakers, that organizers place and publish."""

from datetime import datetime

from sqlalchemy import delete, exists, select, update

from expo.editions.models import Edition
from expo.editions.services import increment_content_version
from expo.infra.db import db, lock
from expo.program.models import Placement, Session, SessionSpeaker, Speaker, TimetableChange, Track
from expo.program.queries import find_own_profile
from expo.program.rules import SessionState
from expo.program.services import delete_materials, fill_from_profile
from expo.proposals.queries import ProposalRow, ProposalSpeakerRow, list_speakers
from expo.pure.languages import localized
from expo.pure.names import search_text
from expo.pure.slugs import make_slug


def make_session(proposal: ProposalRow, now: datetime) -> None:
    """Make the draft session of an accepted proposal, or restore the one that it had, in the open transaction."""
    lock(Edition, proposal.edition_id)  # slugs are chosen by one at a time
    session = _find_session(proposal.id)
    if session is None:
        session = Session(
            edition_id=proposal.edition_id,
            proposal_id=proposal.id,
            slug=make_slug(localized(proposal.title, "en"), _slugs_of(Session, proposal.edition_id)),
            title=dict(proposal.title),
            abstract=dict(proposal.content.abstract),
            description=dict(proposal.content.description),
            track_id=_track_id(proposal),
            kind=proposal.content.kind,
            language=proposal.content.language,
            level=proposal.content.level,
            changed_at=now,
        )
        db.session.add(session)
    session.state = SessionState.DRAFT.value
    db.session.flush()
    names = _store_speakers(session, proposal, now)
    session.search_text = search_text(*session.title.values(), *names)
    db.session.flush()
    increment_content_version(proposal.edition_id, now)  # open editors of the timetable list it


def join_session(proposal: ProposalRow, newcomer: ProposalSpeakerRow, now: datetime) -> None:
    """Add a speaker who accepted the invitation late to the proposal's session, if there is one, as the last."""
    lock(Edition, proposal.edition_id)  # slugs are chosen by one at a time
    session = _find_session(proposal.id)
    if session is None or session.state == SessionState.CANCELLED.value:
        return
    speaker_id = _ensure_speaker(proposal.edition_id, newcomer, now)
    others = db.session.execute(
        select(SessionSpeaker.speaker_id, SessionSpeaker.position).where(SessionSpeaker.session_id == session.id)
    ).all()
    if any(each.speaker_id == speaker_id for each in others):
        return
    position = max((each.position for each in others), default=-1) + 1
    db.session.add(SessionSpeaker(session_id=session.id, speaker_id=speaker_id, role=newcomer.role, position=position))
    if session.state == SessionState.PUBLISHED.value:
        db.session.execute(update(Speaker).where(Speaker.id == speaker_id).values(is_public=True))
    session.search_text = search_text(session.search_text, newcomer.name)
    session.version += 1
    session.changed_at = now
    db.session.flush()
    increment_content_version(proposal.edition_id, now)


def drop_session(proposal: ProposalRow, now: datetime) -> None:
    """Take the session of a proposal out of the programme: a published one is cancelled, a draft one deleted.

    A draft that editors have moved is only taken off the timetable, since their log refers to it.
    """
    session = _find_session(proposal.id)
    if session is None:
        return
    if session.state != SessionState.DRAFT.value:
        session.state = SessionState.CANCELLED.value
        session.sequence += 1
        session.version += 1
        session.changed_at = now
    else:
        db.session.execute(delete(Placement).where(Placement.session_id == session.id))
        if not db.session.scalar(select(exists().where(TimetableChange.session_id == session.id))):
            db.session.execute(delete(SessionSpeaker).where(SessionSpeaker.session_id == session.id))
            delete_materials([session.id])
            db.session.delete(session)
    db.session.flush()
    increment_content_version(proposal.edition_id, now)


def _find_session(proposal_id: int) -> Session | None:
    return db.session.scalars(select(Session).where(Session.proposal_id == proposal_id)).one_or_none()


def _store_speakers(session: Session, proposal: ProposalRow, now: datetime) -> list[str]:
    """Refer to the speakers who accepted; each is one speaker of the edition, however many sessions they have."""
    accepted = [each for each in list_speakers([proposal.id])[proposal.id] if each.has_accepted and each.person_id]
    db.session.execute(delete(SessionSpeaker).where(SessionSpeaker.session_id == session.id))
    for position, each in enumerate(accepted):
        speaker_id = _ensure_speaker(proposal.edition_id, each, now)
        db.session.add(SessionSpeaker(session_id=session.id, speaker_id=speaker_id, role=each.role, position=position))
    db.session.flush()
    return [each.name for each in accepted]


def _ensure_speaker(edition_id: int, row: ProposalSpeakerRow, now: datetime) -> int:
    """Return the speaker's entry in the programme, even an imported one; gaps in it are filled from their profile."""
    person_id = row.person_id or 0
    own = select(Speaker).where(Speaker.edition_id == edition_id).order_by(Speaker.id)
    speaker = db.session.scalars(own.where(Speaker.person_id == person_id)).first()
    if speaker is None and row.email:
        imported = own.where(Speaker.person_id.is_(None), Speaker.email == row.email)
        speaker = db.session.scalars(imported).first()
        if speaker is not None:
            speaker.person_id = person_id
    profile = find_own_profile(person_id)
    if speaker is None:
        name = localized(profile.name, "en") if profile else row.name or row.email.partition("@")[0]
        speaker = Speaker(
            edition_id=edition_id,
            person_id=person_id,
            slug=make_slug(name, _slugs_of(Speaker, edition_id)),
            name={"en": name},
            search_text=search_text(name),
            is_public=False,
        )
        db.session.add(speaker)
        db.session.flush()
    if profile is not None:
        fill_from_profile(speaker, None, profile, now)
    return speaker.id


def _slugs_of(model: type[Session] | type[Speaker], edition_id: int) -> set[str]:
    return set(db.session.scalars(select(model.slug).where(model.edition_id == edition_id)))


def _track_id(proposal: ProposalRow) -> int | None:
    return db.session.scalar(
        select(Track.id).where(Track.edition_id == proposal.edition_id, Track.slug == proposal.content.track)
    )
