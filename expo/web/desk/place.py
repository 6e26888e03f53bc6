"""Where a desk is: the checkpoint at which it checks in, and the station that prints its badges.

Both are chosen once per browser and kept in its session, so that an action takes a single tap.
"""

from dataclasses import dataclass

from flask import Blueprint, session

from expo.badges.queries import get_desk_settings
from expo.checkin.queries.checkpoints import CheckpointRow, list_checkpoints
from expo.web.kit.access import Audience, audience_blueprint

_PLACE = "desk"


@dataclass(frozen=True)
class DeskPlace:
    """The place of this browser's desk. Without a checkpoint it asks each time; without a station any prints."""

    checkpoint: CheckpointRow | None
    station: str


def desk_blueprint(name: str, import_name: str, path: str = "") -> Blueprint:
    """Return a blueprint under `/desk` for people who may edit attendees."""
    return audience_blueprint(name, import_name, Audience.DESK, url_prefix=f"/desk{path}")


def current_place(edition_id: int) -> DeskPlace:
    """Return the place chosen in this browser, as far as it still exists in the edition; the only checkpoint if one."""
    chosen = session.get(_PLACE) or {}
    open_ones = [each for each in list_checkpoints(edition_id) if each.is_open]
    wanted = chosen.get("checkpoint", open_ones[0].code if len(open_ones) == 1 else "")
    checkpoint = next((each for each in open_ones if each.code == wanted), None)
    station = chosen.get("station", "")
    return DeskPlace(checkpoint, station if station in get_desk_settings(edition_id).stations else "")


def choose_place(checkpoint_code: str, station: str) -> None:
    """Remember the place of this browser's desk."""
    session[_PLACE] = {"checkpoint": checkpoint_code, "station": station}
