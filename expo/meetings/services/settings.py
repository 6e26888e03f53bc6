"""Acts on meeting settings."""

from datetime import datetime

from expo.accounts.rules import Actor, Permission, require
from expo.infra.audit import record_act
from expo.infra.db import atomic, db
from expo.meetings.models import MeetingSettings
from expo.meetings.rules import SettingsRequest, check_settings

_PLAIN = (
    "is_open",
    "opens_at",
    "closes_at",
    "slot_minutes",
    "buffer_minutes",
    "walking_minutes",
    "max_open",
    "max_per_day",
    "max_with_one",
    "expire_hours",
    "no_show_minutes",
)


def change_settings(actor: Actor, edition_id: int, request: SettingsRequest, now: datetime) -> None:
    """Store the meeting settings of an edition; scheduled meetings keep their times. Raises Invalid (see rules)."""
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    request = check_settings(request)
    with atomic():
        row = db.session.get(MeetingSettings, edition_id)
        if row is None:
            row = MeetingSettings(edition_id=edition_id)
            db.session.add(row)
        for name in _PLAIN:
            setattr(row, name, getattr(request, name))
        row.hours = {day.isoformat(): list(hours or ()) for day, hours in (request.hours or {}).items()}
        db.session.flush()
        record_act(
            actor, "meetings.change_settings", now, edition_id=edition_id, subject="edition", subject_id=edition_id
        )
