"""Reads of the programme."""

from expo.program.queries.agendas import count_agendas, has_in_agenda, list_agenda
from expo.program.queries.filters import FilterChoices, list_filter_choices, list_tracks
from expo.program.queries.sessions import (
    Place,
    SessionFilter,
    SessionPage,
    SessionRow,
    SpeakerName,
    TrackName,
    count_sessions,
    count_sessions_by_room,
    get_session,
    is_public,
    list_search_words,
    list_sessions,
    list_sessions_by_id,
    page_sessions,
)
from expo.program.queries.speakers import SpeakerRow, get_speaker, list_sessions_of_person, list_speakers, page_speakers

__all__ = [
    "FilterChoices",
    "Place",
    "SessionFilter",
    "SessionPage",
    "SessionRow",
    "SpeakerName",
    "SpeakerRow",
    "TrackName",
    "count_agendas",
    "count_sessions",
    "count_sessions_by_room",
    "get_session",
    "get_speaker",
    "has_in_agenda",
    "is_public",
    "list_agenda",
    "list_filter_choices",
    "list_search_words",
    "list_sessions",
    "list_sessions_by_id",
    "list_sessions_of_person",
    "list_speakers",
    "list_tracks",
    "page_sessions",
    "page_speakers",
]
