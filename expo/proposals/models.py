"""Tables of proposals: calls, proposals with their speakers, the profiles of speakers, and reviews."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class Call(Base):
    """A call for proposals."""

    __tablename__ = "call_for_proposals"
    __table_args__ = (
        UniqueConstraint("edition_id", "slug"),
        CheckConstraint("opens_at IS NULL OR closes_at IS NULL OR opens_at < closes_at", name="times"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    slug: Mapped[str] = mapped_column(String(120))
    title: Mapped[dict[str, str]]
    introduction: Mapped[dict[str, str]] = mapped_column(default=dict)
    # None: open at once, or without a deadline.
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    # The codes of session types, slugs of tracks and codes of languages to choose from; empty: all of them.
    kinds: Mapped[list[str]] = mapped_column(default=list)
    tracks: Mapped[list[str]] = mapped_column(default=list)
    languages: Mapped[list[str]] = mapped_column(default=list)
    # How many proposals a person may submit; None: any number.
    max_per_person: Mapped[int | None]
    # Until when accepted speakers should confirm, and send a photo and their slides.
    confirm_by: Mapped[datetime | None]
    photo_by: Mapped[datetime | None]
    slides_by: Mapped[datetime | None]
    # The code of the ticket type that speakers get once they confirm; empty: organizers issue the tickets.
    speaker_ticket: Mapped[str] = mapped_column(String(32), default="", server_default="")
    form_id: Mapped[int] = mapped_column(ForeignKey("question_form.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]


class Proposal(Base):
    """A talk, panel or workshop that somebody would like to give."""

    __tablename__ = "proposal"
    __table_args__ = (Index("ix_proposal_edition_id_state", "edition_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    call_id: Mapped[int] = mapped_column(ForeignKey("call_for_proposals.id"), index=True)
    # Names it in addresses and e-mails, without telling how many there are.
    code: Mapped[str] = mapped_column(String(16), unique=True)
    # See rules.ProposalState.
    state: Mapped[str] = mapped_column(String(16), default="draft")
    # The person who wrote it.
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    title: Mapped[dict[str, str]] = mapped_column(default=dict)
    abstract: Mapped[dict[str, str]] = mapped_column(default=dict)
    description: Mapped[dict[str, str]] = mapped_column(default=dict)
    kind: Mapped[str] = mapped_column(String(100), default="")
    track: Mapped[str] = mapped_column(String(120), default="")
    language: Mapped[str] = mapped_column(String(64), default="")
    level: Mapped[str] = mapped_column(String(64), default="")
    minutes: Mapped[int | None]
    # From the speaker to the organizers.
    message: Mapped[str] = mapped_column(Text, default="")
    sheet_id: Mapped[int | None] = mapped_column(ForeignKey("answer_sheet.id"), index=True)
    # Until when it may be edited although the call is closed.
    editable_until: Mapped[datetime | None]
    # Incremented by every change, which must name the version that it changes.
    version: Mapped[int] = mapped_column(default=1)
    search_text: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class ProposalSpeaker(Base):
    """A speaker of a proposal: its author, or somebody whom the author invited by e-mail."""

    __tablename__ = "proposal_speaker"
    __table_args__ = (UniqueConstraint("proposal_id", "email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    # None until the invitation is accepted.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    email: Mapped[str] = mapped_column(String(320))
    name: Mapped[str] = mapped_column(String(200), default="")
    search_text: Mapped[str] = mapped_column(Text, default="", server_default="")
    # `speaker` or `moderator`.
    role: Mapped[str] = mapped_column(String(16), default="speaker")
    position: Mapped[int] = mapped_column(default=0)
    invited_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    # Each speaker confirms for themselves; that of the author makes the proposal confirmed.
    confirmed_at: Mapped[datetime | None]


class ProposalFile(Base):
    """A file of a proposal: an answer to a question, or slides."""

    __tablename__ = "proposal_file"

    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    # See services.files.FilePurpose.
    purpose: Mapped[str] = mapped_column(String(16))
    uploaded_by: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    uploaded_at: Mapped[datetime]


class SpeakerProfile(Base):
    """What a speaker tells about themselves, kept across editions."""

    __tablename__ = "speaker_profile"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    biography: Mapped[dict[str, str]] = mapped_column(default=dict)
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"), index=True)
    # Each {"url": …, "title": …}.
    links: Mapped[list[dict[str, str]]] = mapped_column(default=list)
    country: Mapped[str] = mapped_column(String(2), default="")
    company: Mapped[str] = mapped_column(String(200), default="")
    # When they cannot speak: each {"from": RFC 3339, "to": RFC 3339}.
    unavailable: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    # For organizers only.
    accessibility_needs: Mapped[str] = mapped_column(Text, default="")
    travel_needs: Mapped[str] = mapped_column(Text, default="")
    changed_at: Mapped[datetime]


class ReviewRound(Base):
    """A round in which reviewers score the proposals of a call."""

    __tablename__ = "review_round"
    __table_args__ = (
        UniqueConstraint("edition_id", "slug"),
        CheckConstraint("opens_at IS NULL OR closes_at IS NULL OR opens_at < closes_at", name="times"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    call_id: Mapped[int] = mapped_column(ForeignKey("call_for_proposals.id"), index=True)
    slug: Mapped[str] = mapped_column(String(120))
    name: Mapped[dict[str, str]]
    # None: open at once, or without an end.
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    # Whether reviewers never see who wrote a proposal.
    is_blind: Mapped[bool] = mapped_column(default=True)
    # Each {"key": …, "label": {language: …}, "help_text": {language: …}, "weight": 1}; see rules.rounds.Criterion.
    criteria: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    # How many reviews each proposal should get.
    min_reviews: Mapped[int] = mapped_column(default=3)
    created_at: Mapped[datetime]


class RoundReviewer(Base):
    """A reviewer of a round, and the tracks of their team; without tracks, all of them."""

    __tablename__ = "round_reviewer"

    round_id: Mapped[int] = mapped_column(ForeignKey("review_round.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    tracks: Mapped[list[str]] = mapped_column(default=list)


class ReviewAssignment(Base):
    """A proposal that a reviewer should review."""

    __tablename__ = "review_assignment"

    round_id: Mapped[int] = mapped_column(ForeignKey("review_round.id"), primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True, index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


class Review(Base):
    """What a reviewer says about a proposal: scores, an abstention, or a conflict of interest."""

    __tablename__ = "review"

    round_id: Mapped[int] = mapped_column(ForeignKey("review_round.id"), primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True, index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    # From 1 to 5 by the key of the criterion.
    scores: Mapped[dict[str, Any]] = mapped_column(default=dict)
    comment: Mapped[str] = mapped_column(Text, default="")
    is_abstention: Mapped[bool] = mapped_column(default=False)
    has_conflict: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class ReviewMessage(Base):
    """A message in the discussion of the reviewers of a proposal."""

    __tablename__ = "review_message"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("review_round.id"), index=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]
