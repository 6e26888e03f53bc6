"""Acts of matchmaking."""

from expo.matchmaking.services.dismissals import (
    dismiss,
    dismiss_visitor,
    undo_dismissal,
    undo_dismissal_of_visitor,
)
from expo.matchmaking.services.exposure import balance_exposure
from expo.matchmaking.services.topics import tag_exhibitors, tag_sessions

__all__ = [
    "balance_exposure",
    "dismiss",
    "dismiss_visitor",
    "tag_exhibitors",
    "tag_sessions",
    "undo_dismissal",
    "undo_dismissal_of_visitor",
]
