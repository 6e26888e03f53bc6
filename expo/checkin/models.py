"""Tables for check-in: zones, checkpoints, presence, scans, devices, hubs and alarms."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class Zone(Base):
    """An area that is entered and left through one or more checkpoints, such as the site, a hall or a lounge."""

    __tablename__ = "zone"
    __table_args__ = (
        UniqueConstraint("edition_id", "code"),
        CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity"),
        CheckConstraint("inside >= 0", name="inside"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    code: Mapped[str] = mapped_column(String(32))
    name: Mapped[dict[str, str]]
    # How many people may be inside at once; `inside` is counted only with such a limit. It can exceed the capacity,
    # because people admitted by a device without a network are inside anyway.
    capacity: Mapped[int | None]
    inside: Mapped[int] = mapped_column(default=0)
    # Entering one zone of a group leaves the others: nobody is in two halls.
    exclusive_group: Mapped[str | None] = mapped_column(String(32))
    # If set, somebody who is inside is not admitted again before they have left; otherwise each entry is counted.
    anti_passback: Mapped[bool] = mapped_column(default=True)
    # How full the zone is, in percent, when the control room warns and raises an alarm.
    warning_percent: Mapped[int | None]
    alarm_percent: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)


class Checkpoint(Base):
    """A checkpoint at which badges are scanned: one of the doors of its zone."""

    __tablename__ = "checkpoint"
    __table_args__ = (UniqueConstraint("edition_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    zone_id: Mapped[int] = mapped_column(ForeignKey("zone.id"), index=True)
    code: Mapped[str] = mapped_column(String(32))
    name: Mapped[dict[str, str]]
    hall_id: Mapped[int | None] = mapped_column(ForeignKey("hall.id"), index=True)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"), index=True)
    is_open: Mapped[bool] = mapped_column(default=True)
    # If not set, every ticket type is admitted; otherwise those in checkpoint_ticket_type.
    is_restricted: Mapped[bool] = mapped_column(default=False)
    # Admits only between these moments; None means no limit.
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    position: Mapped[int] = mapped_column(default=0)
    # See rules.CheckpointKind.
    kind: Mapped[str] = mapped_column(String(16), default="gate", server_default="gate")
    # The session whose seats and times the rule refers to.
    session_id: Mapped[int | None] = mapped_column(ForeignKey("session.id", ondelete="SET NULL"), index=True)
    # A tree of conditions that everybody who enters must meet: see rules/trees.py.
    rule: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    # What staff answer before an admission: see rules/facts.py.
    questions: Mapped[list[dict[str, Any]]] = mapped_column(default=list, server_default="[]")


class CheckpointTicketType(Base):
    """A ticket type that a restricted checkpoint admits."""

    __tablename__ = "checkpoint_ticket_type"

    checkpoint_id: Mapped[int] = mapped_column(ForeignKey("checkpoint.id"), primary_key=True)
    ticket_type_id: Mapped[int] = mapped_column(ForeignKey("ticket_type.id"), primary_key=True, index=True)


class Presence(Base):
    """Which zone an attendee was admitted to, and whether they are inside: this row ensures that they enter once.

    It is the result of the scans in the order they were made, and can be recomputed from them. Someone who was only
    scanned out has a row without entries, because the scan of their entry may still arrive.
    """

    __tablename__ = "presence"
    __table_args__ = (Index("ix_presence_attendee_id", "attendee_id"),)

    zone_id: Mapped[int] = mapped_column(ForeignKey("zone.id"), primary_key=True)
    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendee.id"), primary_key=True)
    is_inside: Mapped[bool]
    entries: Mapped[int]
    first_scan_id: Mapped[str | None] = mapped_column(String(36))
    # The day at the door of the latest entry, and the number of entries on it.
    day: Mapped[date | None]
    entries_today: Mapped[int] = mapped_column(default=0)
    # The current admission: a refusal shows its time and place as the first scan.
    entered_at: Mapped[datetime | None]
    checkpoint_id: Mapped[int | None] = mapped_column(ForeignKey("checkpoint.id"), index=True)
    left_at: Mapped[datetime | None]
    # The latest scan in either direction; an earlier one that arrives afterwards is merged through the log.
    as_of: Mapped[datetime]
    # How many people the latest entry admitted, as a group does with one badge.
    people: Mapped[int] = mapped_column(default=1, server_default="1")


class Scan(Base):
    """A scan, whatever its verdict."""

    __tablename__ = "scan"
    __table_args__ = (
        UniqueConstraint("edition_id", "scan_id"),
        Index("ix_scan_checkpoint_id_scanned_at", "checkpoint_id", "scanned_at"),
        Index("ix_scan_attendee_id", "attendee_id"),
        Index("ix_scan_edition_id_received_at", "edition_id", "received_at"),
        Index(
            "ix_scan_refused",
            "edition_id",
            "received_at",
            postgresql_where=text("verdict = 'refused'"),
            sqlite_where=text("verdict = 'refused'"),
        ),
        Index(
            "ix_scan_undone_at",
            "edition_id",
            "undone_at",
            sqlite_where=text("undone_at IS NOT NULL"),
            postgresql_where=text("undone_at IS NOT NULL"),
        ),
        Index(
            "ix_scan_disagrees",
            "edition_id",
            "scanned_at",
            postgresql_where=text("disagrees IS NOT NULL"),
            sqlite_where=text("disagrees IS NOT NULL"),
        ),
        Index(
            "ix_scan_hub_id",
            "hub_id",
            postgresql_where=text("hub_id IS NOT NULL"),
            sqlite_where=text("hub_id IS NOT NULL"),
        ),
        Index(
            "ix_scan_is_after_revocation",
            "edition_id",
            "received_at",
            postgresql_where=text("is_after_revocation"),
            sqlite_where=text("is_after_revocation"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    # Generated by the device, so that a scan sent again finds the same row.
    scan_id: Mapped[str] = mapped_column(String(36))
    checkpoint_id: Mapped[int | None] = mapped_column(ForeignKey("checkpoint.id"))
    attendee_id: Mapped[int | None] = mapped_column(ForeignKey("attendee.id"))
    badge_id: Mapped[int | None] = mapped_column(ForeignKey("badge.id"))
    direction: Mapped[str] = mapped_column(String(8))
    verdict: Mapped[str] = mapped_column(String(16))
    # Why the scan was refused; for a forced admission, the reason that was overridden.
    reason: Mapped[str | None] = mapped_column(String(24))
    forced: Mapped[bool] = mapped_column(default=False)
    # Who decided: the server, or the device while it could not ask.
    decided: Mapped[str] = mapped_column(String(8), default="server")
    # The reason for which the server would have refused what the device admitted.
    disagrees: Mapped[str | None] = mapped_column(String(24))
    # How many people the badge admits.
    party: Mapped[int] = mapped_column(default=1)
    # Why admission was forced, if the device asked: a choice and a note.
    force_reason: Mapped[str | None] = mapped_column(String(24))
    force_note: Mapped[str | None] = mapped_column(String(200))
    # The rest of the answer, so that repeating the scan returns the same answer.
    attendee_state: Mapped[str | None] = mapped_column(String(20))
    first_entered_at: Mapped[datetime | None]
    # Where that was. Without a foreign key, because a checkpoint with scans is never deleted.
    first_checkpoint_id: Mapped[int | None]
    # When the badge was scanned, what the device's clock said, and how far it was ahead when last measured.
    scanned_at: Mapped[datetime]
    device_time: Mapped[datetime | None]
    skew_ms: Mapped[int | None]
    received_at: Mapped[datetime]
    # When a steward took it back; since then it does not count.
    undone_at: Mapped[datetime | None]
    device_id: Mapped[int | None] = mapped_column(ForeignKey("device.id"), index=True)
    actor_kind: Mapped[str] = mapped_column(String(16))
    actor_id: Mapped[int | None]
    # The answers to the checkpoint's questions by id.
    answers: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    # The hub that judged it and sent it on.
    hub_id: Mapped[int | None] = mapped_column(ForeignKey("device.id"))
    # Whether its device had been revoked when it was received.
    is_after_revocation: Mapped[bool] = mapped_column(default=False, server_default=false())


class Device(Base):
    """A phone, tablet or computer that scans, prints or searches at the expo.

    It holds a random token, this row its digest. It gets the token with a code that works once and for a short time, or
    in the session of a signed-in steward.
    """

    __tablename__ = "device"
    __table_args__ = (Index("ix_device_edition_id_name", "edition_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    name: Mapped[str] = mapped_column(String(100))
    # See rules.Profile: what the device may do.
    profile: Mapped[str] = mapped_column(String(16))
    token_digest: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    # The code with which a device is enrolled. Cleared when it is used.
    code_digest: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    code_expires_at: Mapped[datetime | None]
    # For the browser of a signed-in steward: their session, with which the device's access ends.
    session_id: Mapped[int | None] = mapped_column(unique=True)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    enrolled_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    # Whether a revoked device is to delete what it holds, and when it received that order.
    is_wiped: Mapped[bool] = mapped_column(default=False)
    wipe_sent_at: Mapped[datetime | None]
    # What the device last said about itself. The battery is in per cent.
    last_seen_at: Mapped[datetime | None]
    battery: Mapped[int | None]
    version: Mapped[str] = mapped_column(String(40), default="")
    queue_length: Mapped[int] = mapped_column(default=0)
    oldest_queued_at: Mapped[datetime | None]
    checkpoint_id: Mapped[int | None] = mapped_column(ForeignKey("checkpoint.id"), index=True)
    # How far its clock is ahead, in milliseconds.
    skew_ms: Mapped[int | None]


class DeviceCheckpoint(Base):
    """A checkpoint at which a device may scan; a device without any may scan at all of them."""

    __tablename__ = "device_checkpoint"

    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"), primary_key=True)
    checkpoint_id: Mapped[int] = mapped_column(ForeignKey("checkpoint.id"), primary_key=True, index=True)


class Hub(Base):
    """Makes this installation the hub of a hall: where its centre is, and how far they know of each other.

    There is one row on a hub, and none anywhere else.
    """

    __tablename__ = "hub"

    id: Mapped[int] = mapped_column(primary_key=True)
    # Where the doors of the hall reach this hub.
    address: Mapped[str] = mapped_column(String(500))
    centre_url: Mapped[str] = mapped_column(String(500))
    name: Mapped[str] = mapped_column(String(100))
    # The hub's token as a device of the centre, encrypted with this installation's secret key.
    encrypted_token: Mapped[bytes] = mapped_column(LargeBinary(255))
    # Empty until the first copy is complete.
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id"), index=True)
    cursor: Mapped[str | None] = mapped_column(String(64))
    copied_at: Mapped[datetime | None]
    tried_at: Mapped[datetime | None]
    # Why the centre was not reached the last time; empty if it was.
    error: Mapped[str] = mapped_column(String(200), default="")
    # How far the hub's clock is ahead of the centre's.
    skew_ms: Mapped[int] = mapped_column(default=0)
    is_revoked: Mapped[bool] = mapped_column(default=False)


class HeldScan(Base):
    """What a hub keeps of its own scans, besides their rows, until the centre has them."""

    __tablename__ = "held_scan"
    __table_args__ = (
        Index(
            "ix_held_scan_unsent",
            "scan_id",
            sqlite_where=text("sent_at IS NULL"),
            postgresql_where=text("sent_at IS NULL"),
        ),
    )

    scan_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    # The text of the badge, which the centre needs to judge the scan; emptied once it has it.
    token: Mapped[str] = mapped_column(String(1000))
    checkpoint: Mapped[str] = mapped_column(String(100))
    sent_at: Mapped[datetime | None]
    undo_sent_at: Mapped[datetime | None]
    # Why the centre could not take it.
    problem: Mapped[str | None] = mapped_column(String(64))


class ControlRoom(Base):
    """What the control room of an edition assumes: when something is an alarm, and how people arrive."""

    __tablename__ = "control_room"
    __table_args__ = (UniqueConstraint("edition_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    silent_minutes: Mapped[int]
    queue_minutes: Mapped[int]
    sends_emails: Mapped[bool]
    # Of the people registered for a day, how many come.
    show_percent: Mapped[int]
    # A lane takes this long for one person; this share of the people should wait no longer than `wait_minutes`.
    scan_seconds: Mapped[int]
    wait_minutes: Mapped[int]
    wait_percent: Mapped[int]
    # When people arrive: see rules.alarms.Curve.
    curve: Mapped[str] = mapped_column(String(20), default="automatic", server_default="automatic")


class Alarm(Base):
    """Something that the control room must deal with. It is open until it is cleared."""

    __tablename__ = "alarm"
    __table_args__ = (
        Index(
            "uq_alarm_open",
            "edition_id",
            "kind",
            "subject_id",
            unique=True,
            postgresql_where=text("cleared_at IS NULL"),
            sqlite_where=text("cleared_at IS NULL"),
        ),
        Index("ix_alarm_edition_id_raised_at", "edition_id", "raised_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    # See rules.alarms.AlarmKind.
    kind: Mapped[str] = mapped_column(String(16))
    # The zone, checkpoint or device, depending on the kind, and its name. An alarm outlives what it was about.
    subject_id: Mapped[int]
    name: Mapped[dict[str, str]]
    # The percentage or the minutes when it was raised.
    value: Mapped[int]
    raised_at: Mapped[datetime]
    cleared_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
