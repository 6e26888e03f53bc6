"""Rules of the programme: states, agendas, the grid of a day. Pure."""

from expo.program.rules.agendas import (
    Located,
    Timed,
    find_alternatives,
    find_clashes,
    find_tight_walks,
    list_free,
    pick_day,
)
from expo.program.rules.feedback import GIVE_FEEDBACK_FOR, MAX_COMMENT, RATINGS, FeedbackWindow, feedback_window
from expo.program.rules.grids import Grid, GridCell, hour_of, lay_out_grid
from expo.program.rules.reminders import LATEST_BEFORE, REMIND_BEFORE, evening_window
from expo.program.rules.renames import Rename
from expo.program.rules.schedules import FieldChange, Finding, ImportDecisions, ImportMode, ItemChange, ScheduleChange
from expo.program.rules.screens import NOW_AND_NEXT_WITHIN, NowAndNext, find_now_and_next
from expo.program.rules.seats import (
    ARRIVALS_FROM,
    LONG_OFFER_FOR,
    NO_SHOW_AFTER,
    OPEN_STATES,
    TAKING_STATES,
    SeatState,
    makes_offers,
    offer_until,
    overlaps,
    seats_left,
    state_when_asked,
)
from expo.program.rules.sessions import (
    SessionRequest,
    SessionState,
    SpeakerPart,
    SpeakerRole,
    check_session,
    require_cancellable,
    require_cancelled,
)
from expo.program.rules.speakers import SpeakerRequest, check_speaker
from expo.program.rules.texts import Link
from expo.program.rules.tracks import TrackRequest, check_track
from expo.program.rules.types import TypeRequest, check_type

__all__ = [
    "ARRIVALS_FROM",
    "GIVE_FEEDBACK_FOR",
    "LATEST_BEFORE",
    "LONG_OFFER_FOR",
    "MAX_COMMENT",
    "NOW_AND_NEXT_WITHIN",
    "NO_SHOW_AFTER",
    "OPEN_STATES",
    "RATINGS",
    "REMIND_BEFORE",
    "TAKING_STATES",
    "FeedbackWindow",
    "FieldChange",
    "Finding",
    "Grid",
    "GridCell",
    "ImportDecisions",
    "ImportMode",
    "ItemChange",
    "Link",
    "Located",
    "NowAndNext",
    "Rename",
    "ScheduleChange",
    "SeatState",
    "SessionRequest",
    "SessionState",
    "SpeakerPart",
    "SpeakerRequest",
    "SpeakerRole",
    "Timed",
    "TrackRequest",
    "TypeRequest",
    "check_session",
    "check_speaker",
    "check_track",
    "check_type",
    "evening_window",
    "feedback_window",
    "find_alternatives",
    "find_clashes",
    "find_now_and_next",
    "find_tight_walks",
    "hour_of",
    "lay_out_grid",
    "list_free",
    "makes_offers",
    "offer_until",
    "overlaps",
    "pick_day",
    "require_cancellable",
    "require_cancelled",
    "seats_left",
    "state_when_asked",
]
