"""Calls for proposals: when they are open, and what they offer. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from expo.errors import Invalid

MAX_TITLE_LENGTH = 200
MAX_INTRODUCTION_LENGTH = 20_000
MAX_PER_PERSON = 100


class CallState(StrEnum):
    """Whether a call accepts proposals."""

    UPCOMING = "upcoming"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True)
class CallRequest:
    """A call as an organizer enters it. Empty choices offer everything."""

    title: Mapping[str, str]
    introduction: Mapping[str, str] = field(default_factory=dict)
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    kinds: tuple[str, ...] = ()
    tracks: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    max_per_person: int | None = None
    confirm_by: datetime | None = None
    photo_by: datetime | None = None
    slides_by: datetime | None = None
    # The code of the ticket type that speakers get once they confirm; empty for none.
    speaker_ticket: str = ""


@dataclass(frozen=True)
class Offer:
    """What a proposal may choose from: codes of types, slugs of tracks, codes of languages."""

    kinds: tuple[str, ...] = ()
    tracks: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


def state_of_call(opens_at: datetime | None, closes_at: datetime | None, now: datetime) -> CallState:
    """Return whether a call is open at `now`; the closing time itself is too late."""
    if closes_at is not None and now >= closes_at:
        return CallState.CLOSED
    if opens_at is not None and now < opens_at:
        return CallState.UPCOMING
    return CallState.OPEN


def check_call(request: CallRequest) -> None:
    """Accept a call. Raises Invalid."""
    if not any(text.strip() for text in request.title.values()):
        raise Invalid("call_title_empty", field="title")
    for name, texts, longest in (
        ("title", request.title, MAX_TITLE_LENGTH),
        ("introduction", request.introduction, MAX_INTRODUCTION_LENGTH),
    ):
        if any(len(text) > longest for text in texts.values()):
            raise Invalid("text_too_long", field=name, maximum=longest)
    if request.opens_at is not None and request.closes_at is not None and request.opens_at >= request.closes_at:
        raise Invalid("call_times_reversed", field="closes_at")
    if request.max_per_person is not None and not 1 <= request.max_per_person <= MAX_PER_PERSON:
        raise Invalid("number_out_of_range", field="max_per_person")
