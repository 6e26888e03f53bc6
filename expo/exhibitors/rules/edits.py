"""Rules of changes of booths: what a booth looked like, and what somebody did to it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from expo.exhibitors.rules.booths import Geometry
from expo.pure.plane import Box

# Longer ids of requests are not from the editor.
MAX_REQUEST_ID = 64


class EditKind(StrEnum):
    """What somebody did to a booth."""

    ADDED = "added"
    DELETED = "deleted"
    RENUMBERED = "renumbered"
    PLACED = "placed"
    UNPLACED = "unplaced"
    MOVED = "moved"
    RESHAPED = "reshaped"
    # Sold, held, freed, priced, or changed in another way that is not logged.
    OTHER = "other"


@dataclass(frozen=True)
class BoothShape:
    """The number and place of a booth, as an editor sees them."""

    code: str
    place: Geometry | None

    def to_json(self) -> dict[str, Any]:
        """Return the shape for the log."""
        if self.place is None:
            return {"code": self.code}
        box = self.place.box
        found: dict[str, Any] = {"code": self.code, "box": [box.x, box.y, box.width, box.depth]}
        if self.place.rotation:
            found["rotation"] = self.place.rotation
        if self.place.polygon:
            found["polygon"] = [list(point) for point in self.place.polygon]
        return found

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "BoothShape":
        """Return a shape of the log."""
        if "box" not in stored:
            return cls(stored["code"], None)
        corners = tuple((x, y) for x, y in stored.get("polygon", ()))
        return cls(stored["code"], Geometry(Box(*stored["box"]), stored.get("rotation", 0), corners))


def kind_of_edit(before: BoothShape | None, after: BoothShape | None) -> EditKind:
    """Return what was done to a booth."""
    if before is None or after is None:
        return EditKind.ADDED if before is None else EditKind.DELETED
    if before.place is None or after.place is None:
        if before.place is after.place:
            return EditKind.RENUMBERED
        return EditKind.PLACED if before.place is None else EditKind.UNPLACED
    if before.place == after.place:
        return EditKind.RENUMBERED
    return EditKind.MOVED if _form(before.place) == _form(after.place) else EditKind.RESHAPED


def _form(place: Geometry) -> tuple[object, ...]:
    box = place.box
    corners = tuple((round(x - box.x, 2), round(y - box.y, 2)) for x, y in place.polygon)
    return box.width, box.depth, place.rotation, corners
