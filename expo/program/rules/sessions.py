"""States of sessions, roles of speakers, and the values of a session that organizers enter. Pure."""

from dataclasses import dataclass, replace
from enum import StrEnum

from expo.errors import Conflict, Invalid
from expo.program.rules.texts import Link, Texts, check_links, check_texts, check_url, check_words
from expo.pure.fields import clean_text
from expo.pure.texts import clean_text as clean_long_text

MAX_TITLE_LENGTH = 500
MAX_TEXT_LENGTH = 30_000
MAX_WORD_LENGTH = 64
MAX_SPEAKERS = 50
MAX_SEATS = 1_000_000


class SessionState(StrEnum):
    """Whether a session is public."""

    # Not public yet: made by an organizer or from a proposal, and in no published version of the timetable.
    DRAFT = "draft"
    PUBLISHED = "published"
    # Still shown, so that people who wanted to see it learn that it is cancelled.
    CANCELLED = "cancelled"


class SpeakerRole(StrEnum):
    """What a speaker does in a session."""

    SPEAKER = "speaker"
    MODERATOR = "moderator"


@dataclass(frozen=True)
class SpeakerPart:
    """A speaker of a session, by slug, and what they do in it."""

    slug: str
    role: SpeakerRole = SpeakerRole.SPEAKER


@dataclass(frozen=True)
class SessionRequest:
    """The requested values of a session, except for its place. `track` is a slug, `kind` the code of a type."""

    title: Texts
    subtitle: Texts
    abstract: Texts
    description: Texts
    kind: str = ""
    track: str | None = None
    tags: tuple[str, ...] = ()
    language: str = ""
    interpretation: tuple[str, ...] = ()
    level: str = ""
    speakers: tuple[SpeakerPart, ...] = ()
    links: tuple[Link, ...] = ()
    attachments: tuple[Link, ...] = ()
    stream_url: str = ""
    recording_url: str = ""
    seat_limit: int | None = None
    expected_audience: int | None = None
    needs: tuple[str, ...] = ()
    takes_all_rooms: bool = False
    is_recording_refused: bool = False
    notes: str = ""


def check_session(request: SessionRequest) -> SessionRequest:
    """Return the request with cleaned values. Raises Invalid with the field that is wrong."""
    title = check_texts(request.title, "title", MAX_TITLE_LENGTH)
    if not title:
        raise Invalid("session_title_empty", field="title")
    if len(request.speakers) > MAX_SPEAKERS:
        raise Invalid("too_many_speakers", field="speakers", maximum=MAX_SPEAKERS)
    slugs = [each.slug for each in request.speakers]
    if len(set(slugs)) < len(slugs):
        raise Invalid("speaker_twice", field="speakers")
    for field in ("seat_limit", "expected_audience"):
        number = getattr(request, field)
        if number is not None and not 1 <= number <= MAX_SEATS:
            raise Invalid("number_out_of_range", field=field, maximum=MAX_SEATS)
    return replace(
        request,
        title=title,
        subtitle=check_texts(request.subtitle, "subtitle", MAX_TITLE_LENGTH),
        abstract=check_texts(request.abstract, "abstract", MAX_TEXT_LENGTH, is_long=True),
        description=check_texts(request.description, "description", MAX_TEXT_LENGTH, is_long=True),
        tags=check_words(request.tags, "tags", MAX_WORD_LENGTH),
        language=_check_word(request.language, "language"),
        interpretation=check_words(request.interpretation, "interpretation", MAX_WORD_LENGTH),
        level=_check_word(request.level, "level"),
        links=check_links(request.links, "links"),
        attachments=check_links(request.attachments, "attachments"),
        stream_url=check_url(request.stream_url, "stream_url") if request.stream_url.strip() else "",
        recording_url=check_url(request.recording_url, "recording_url") if request.recording_url.strip() else "",
        needs=check_words(request.needs, "needs", MAX_WORD_LENGTH),
        notes=_check_notes(request.notes),
    )


def require_cancellable(state: str) -> None:
    """Check that a session can be cancelled. Raises Conflict."""
    if state == SessionState.DRAFT:
        raise Conflict("session_not_published")
    if state == SessionState.CANCELLED:
        raise Conflict("session_already_cancelled")


def require_cancelled(state: str) -> None:
    """Check that a session is cancelled, so that it can be reinstated. Raises Conflict `session_not_cancelled`."""
    if state != SessionState.CANCELLED:
        raise Conflict("session_not_cancelled")


def _check_word(text: str, field: str) -> str:
    word = clean_text(text)
    if len(word) > MAX_WORD_LENGTH:
        raise Invalid("text_too_long", field=field, maximum=MAX_WORD_LENGTH)
    return word


def _check_notes(text: str) -> str:
    notes = clean_long_text(text).strip()
    if len(notes) > MAX_TEXT_LENGTH:
        raise Invalid("text_too_long", field="notes", maximum=MAX_TEXT_LENGTH)
    return notes
