"""States of sessions and roles of speakers. Pure."""

from enum import StrEnum


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
