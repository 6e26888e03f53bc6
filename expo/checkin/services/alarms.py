"""Services for the control room: raise and clear alarms, acknowledge them, change what it assumes."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select, update

from expo.accounts.rules import Actor, Permission, require
from expo.checkin.errors import AlarmMissing
from expo.checkin.models import Alarm, ControlRoom
from expo.checkin.queries.alarms import (
    AlarmState,
    ControlRoomRow,
    get_control_room,
    list_open_alarms,
)
from expo.checkin.rules.alarms import CONTROL_ROOM_LIMITS, AlarmKind
from expo.errors import Invalid
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, retried
from expo.infra.inserting import insert_new


@retried
def update_alarms(edition_id: int, wanted: Mapping[tuple[AlarmKind, int], AlarmState], now: datetime) -> list[int]:
    """Raise the alarms of `wanted` that are not open, clear the others, and return the ids of those raised.

    Two workers may check at once: the database has at most one open alarm of a kind for one subject.
    """
    with atomic():
        opened = list_open_alarms(edition_id)
        gone = [key for key in opened if key not in wanted]
        for kind, subject_id in gone:
            db.session.execute(
                update(Alarm)
                .where(
                    Alarm.edition_id == edition_id,
                    Alarm.kind == kind.value,
                    Alarm.subject_id == subject_id,
                    Alarm.cleared_at.is_(None),
                )
                .values(cleared_at=now)
                .execution_options(synchronize_session=False)
            )
        raised = [
            insert_new(
                Alarm,
                edition_id=edition_id,
                kind=kind.value,
                subject_id=subject_id,
                name=state.name,
                value=state.value,
                raised_at=now,
            )
            for (kind, subject_id), state in wanted.items()
            if (kind, subject_id) not in opened
        ]
    return [alarm_id for alarm_id in raised if alarm_id is not None]


@retried
def acknowledge_alarm(actor: Actor, edition_id: int, alarm_id: int, now: datetime) -> bool:
    """Record that somebody deals with an alarm; return False if somebody else already did. Raises AlarmMissing."""
    require(actor, Permission.CHECKPOINTS_MANAGE, edition_id)
    with atomic():
        kind = db.session.scalar(
            update(Alarm)
            .where(Alarm.id == alarm_id, Alarm.edition_id == edition_id, Alarm.acknowledged_at.is_(None))
            .values(acknowledged_at=now, acknowledged_by=actor.id if actor.kind == "person" else None)
            .returning(Alarm.kind)
            .execution_options(synchronize_session=False)
        )
        if kind is None:
            if db.session.scalar(select(Alarm.id).where(Alarm.id == alarm_id, Alarm.edition_id == edition_id)) is None:
                raise AlarmMissing
            return False
        record_act(
            actor,
            "checkin.acknowledge_alarm",
            now,
            edition_id=edition_id,
            subject="alarm",
            subject_id=alarm_id,
            kind=kind,
        )
    return True


@retried
def change_control_room(actor: Actor, edition_id: int, request: ControlRoomRow, now: datetime) -> None:
    """Change what the control room assumes. Raises Invalid `control_room_out_of_range`."""
    require(actor, Permission.CHECKPOINTS_MANAGE, edition_id)
    for name, (least, most) in CONTROL_ROOM_LIMITS.items():
        if not least <= getattr(request, name) <= most:
            raise Invalid("control_room_out_of_range", field=name, minimum=least, maximum=most)
    with atomic():
        before = asdict(get_control_room(edition_id))
        values = asdict(request)
        insert_new(ControlRoom, "edition_id", edition_id=edition_id, **values)
        db.session.execute(update(ControlRoom).where(ControlRoom.edition_id == edition_id).values(**values))
        record_act(
            actor,
            "checkin.change_control_room",
            now,
            edition_id=edition_id,
            subject="edition",
            subject_id=edition_id,
            values={name: (before[name], value) for name, value in values.items() if before[name] != value},
        )
