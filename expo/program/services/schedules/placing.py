"""Places in the draft timetable that an import changes, logged for editors like every change of the draft."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from expo.accounts.rules import Actor
from expo.infra.db import db
from expo.program.models import Placement, TimetableChange
from expo.program.services.timetable import lock_timetable


def place_sessions(
    actor: Actor,
    edition_id: int,
    before: Mapping[int, Placement],
    wanted: Mapping[int, Placement | None],
    now: datetime,
) -> None:
    """Put sessions into their places; None takes a session out of the timetable."""
    timetable = lock_timetable(edition_id)
    log: list[dict[str, Any]] = []
    for session_id, place in wanted.items():
        was = before.get(session_id)
        old, new = _describe(was), _describe(place)
        if old == new:
            continue
        timetable.revision += 1
        log.append(
            {
                "edition_id": edition_id,
                "revision": timetable.revision,
                "session_id": session_id,
                "before": old,
                "after": new,
                "changed_by": actor.id if actor.kind == "person" else None,
                "changed_at": now,
            }
        )
        if place is None:
            db.session.delete(was)
        elif was is None:
            db.session.add(place)
        else:
            was.room_id, was.starts_at, was.ends_at = place.room_id, place.starts_at, place.ends_at
    db.session.flush()
    if log:
        db.session.execute(insert(TimetableChange), log)


def _describe(place: Placement | None) -> dict[str, Any] | None:
    if place is None:
        return None
    return {
        "room_id": place.room_id,
        "starts_at": place.starts_at.isoformat(),
        "ends_at": place.ends_at.isoformat(),
    }
