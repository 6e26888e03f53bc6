"""Queries on the settings of desk and kiosk."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from expo.badges.models import DeskSettings
from expo.infra.db import db


@dataclass(frozen=True)
class DeskSettingsRow:
    """The settings of desk and kiosk. Without a PIN, `pin_changed_at` is None and there is no kiosk."""

    stations: tuple[str, ...] = ()
    pin_changed_at: datetime | None = None


def get_desk_settings(edition_id: int) -> DeskSettingsRow:
    """Return the settings of an edition, empty before they are first saved."""
    row = db.session.execute(
        select(DeskSettings.stations, DeskSettings.pin_changed_at).where(DeskSettings.edition_id == edition_id)
    ).one_or_none()
    return DeskSettingsRow(tuple(row.stations), row.pin_changed_at) if row else DeskSettingsRow()
