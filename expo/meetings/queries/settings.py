"""Reads of meeting settings."""

from datetime import date, datetime

from expo.editions.queries import EditionFacts
from expo.infra.db import db
from expo.meetings.models import MeetingSettings
from expo.meetings.rules import DEFAULT_HOURS, SettingsRequest
from expo.pure.free_slots import Slot, SlotGrid


def get_settings(edition_id: int) -> SettingsRequest:
    """Return the meeting settings of an edition; the defaults until somebody changes them."""
    row = db.session.get(MeetingSettings, edition_id)
    if row is None:
        return SettingsRequest()
    return SettingsRequest(
        is_open=row.is_open,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        slot_minutes=row.slot_minutes,
        buffer_minutes=row.buffer_minutes,
        walking_minutes=row.walking_minutes,
        max_open=row.max_open,
        max_per_day=row.max_per_day,
        max_with_one=row.max_with_one,
        expire_hours=row.expire_hours,
        no_show_minutes=row.no_show_minutes,
        hours={date.fromisoformat(day): (hours[0], hours[1]) if hours else None for day, hours in row.hours.items()},
    )


def list_hours(edition: EditionFacts, settings: SettingsRequest) -> dict[date, tuple[int, int] | None]:
    """Return the hours of each day of the expo."""
    chosen = settings.hours or {}
    return {day: chosen.get(day, DEFAULT_HOURS) for day in edition.days}


def list_slots(edition: EditionFacts, settings: SettingsRequest, after: datetime | None = None) -> list[Slot]:
    """Return the slots in which meetings can be held, after a moment if given."""
    hours = {day: span for day, span in list_hours(edition, settings).items() if span is not None}
    grid = SlotGrid(edition.zone, hours, settings.slot_minutes, settings.buffer_minutes)
    return [slot for slot in grid.slots() if after is None or slot.starts_at > after]
