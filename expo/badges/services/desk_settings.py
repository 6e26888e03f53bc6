"""Services for the settings of desk and kiosk."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from expo.accounts.rules import Actor, Permission, require
from expo.accounts.services import hash_password, is_password_hash
from expo.badges.models import DeskSettings
from expo.badges.rules import check_pin, check_stations
from expo.editions.models import Edition
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, lock


def set_kiosk_pin(actor: Actor, edition_id: int, pin: str, now: datetime) -> None:
    """Set the PIN that unlocks the kiosk; every kiosk locks itself. Raises Invalid `pin_weak`."""
    require(actor, Permission.EDITION_MANAGE, edition_id)
    _change(actor, edition_id, "badges.set_kiosk_pin", now, pin_hash=hash_password(check_pin(pin)), pin_changed_at=now)


def remove_kiosk_pin(actor: Actor, edition_id: int, now: datetime) -> None:
    """Close the kiosk: every kiosk locks itself, and none can be unlocked."""
    require(actor, Permission.EDITION_MANAGE, edition_id)
    _change(actor, edition_id, "badges.remove_kiosk_pin", now, pin_hash=None, pin_changed_at=None)


def set_stations(actor: Actor, edition_id: int, stations: Iterable[str], now: datetime) -> None:
    """Set the names of the print stations. Raises Invalid `station_invalid`."""
    require(actor, Permission.EDITION_MANAGE, edition_id)
    _change(actor, edition_id, "badges.set_stations", now, stations=check_stations(stations))


def is_kiosk_pin(edition_id: int, pin: str) -> bool:
    """Return whether this is the kiosk's PIN; always False if none is set."""
    stored = db.session.scalar(select(DeskSettings.pin_hash).where(DeskSettings.edition_id == edition_id))
    return is_password_hash(stored, pin)


def _change(actor: Actor, edition_id: int, action: str, now: datetime, **values: object) -> None:
    with atomic():
        # The edition is locked in place of its settings, which may not exist yet.
        lock(Edition, edition_id)
        settings = db.session.get(DeskSettings, edition_id)
        if settings is None:
            settings = DeskSettings(edition_id=edition_id, stations=[])
            db.session.add(settings)
        for name, value in values.items():
            setattr(settings, name, value)
        db.session.flush()
        record_act(actor, action, now, edition_id=edition_id, subject="edition", subject_id=edition_id)
