"""Services for badges: issue, reissue and revoke them."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, case, or_, select, update

from expo.accounts.rules import Actor, Permission, require
from expo.badges.errors import BadgeMissing
from expo.badges.models import Badge, FormerBadge
from expo.badges.queries import BadgeRow, find_badge_of, list_badges_of
from expo.badges.rules import MAX_ISSUE, SERIAL_BITS, may_have_badge
from expo.badges.services.keys import Signer, get_signer
from expo.errors import Conflict
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, lock, retried
from expo.infra.inserting import insert_new
from expo.pure.door_days import DayRange, move_days
from expo.registration.queries import AttendeeRow, get_attendee_by_id

SERIAL_ATTEMPTS = 10


@retried
def issue_badge(actor: Actor, edition_id: int, attendee_id: int, now: datetime) -> BadgeRow:
    """Return the badge of a confirmed attendee, issuing it if there is none yet.

    Raises AttendeeMissing, Conflict `badge_not_issuable` for an attendee who is not confirmed.
    """
    require(actor, Permission.BADGES_ISSUE, edition_id)
    with atomic():
        attendee = get_attendee_by_id(edition_id, attendee_id)
        return issue_badges(actor, edition_id, [attendee], now)[attendee_id]


@retried
def issue_badges(actor: Actor, edition_id: int, attendees: Sequence[AttendeeRow], now: datetime) -> dict[int, BadgeRow]:
    """Return the badges of confirmed attendees by attendee id, issuing those that are missing.

    The attendees must have been read or written in the open transaction. Raises Conflict `badge_not_issuable`.
    """
    require(actor, Permission.BADGES_ISSUE, edition_id)
    with atomic():
        for attendee in attendees:
            if attendee.edition_id != edition_id:
                raise AssertionError("an attendee of another edition")
            if not may_have_badge(attendee.state):
                raise Conflict("badge_not_issuable", attendee=attendee.code, state=attendee.state.value)
        signer = get_signer(edition_id, (each.ticket_type_id for each in attendees), now)
        issued = {each.id: badge for each in attendees if (badge := _insert_badge(signer, each, now))}
        for attendee_id, badge in issued.items():
            record_act(
                actor,
                "badges.issue",
                now,
                edition_id=edition_id,
                subject="attendee",
                subject_id=attendee_id,
                serial=badge.serial,
            )
        missing = [attendee.id for attendee in attendees if attendee.id not in issued]
        return issued | (list_badges_of(missing) if missing else {})


@retried
def reissue_badge(actor: Actor, edition_id: int, attendee_id: int, now: datetime) -> BadgeRow:
    """Reissue a lost or damaged badge: the issue counter is incremented, which invalidates earlier prints.

    A revoked badge of a confirmed attendee becomes valid again. Raises AttendeeMissing, BadgeMissing, Conflict
    `badge_not_issuable` or `badge_issues_used_up`.
    """
    require(actor, Permission.BADGES_ISSUE, edition_id)
    with atomic():
        attendee = get_attendee_by_id(edition_id, attendee_id)
        if not may_have_badge(attendee.state):
            raise Conflict("badge_not_issuable", attendee=attendee.code, state=attendee.state.value)
        signer = get_signer(edition_id, [attendee.ticket_type_id], now)
        badge = _lock_badge(edition_id, attendee_id)
        if badge.issue >= MAX_ISSUE:
            raise Conflict("badge_issues_used_up", maximum=MAX_ISSUE)
        db.session.add(FormerBadge(badge_id=badge.id, issue=badge.issue, token=badge.token))
        badge.issue += 1
        valid = signer.days[attendee.ticket_type_id]
        badge.token = signer.sign(attendee, badge.serial, badge.issue)
        badge.valid_from, badge.valid_days = valid.first, valid.days
        badge.issued_at = now
        badge.revoked_at = None
        db.session.flush()
        record_act(
            actor,
            "badges.reissue",
            now,
            edition_id=edition_id,
            subject="attendee",
            subject_id=attendee_id,
            serial=badge.serial,
            issue=badge.issue,
        )
        return _row(badge)


@retried
def revoke_badge(actor: Actor, edition_id: int, attendee_id: int, now: datetime, reason: str = "") -> BadgeRow:
    """Revoke an attendee's badge at all checkpoints; idempotent. Raises BadgeMissing."""
    require(actor, Permission.BADGES_REVOKE, edition_id)
    with atomic():
        badge = _lock_badge(edition_id, attendee_id)
        if badge.revoked_at is None:
            badge.revoked_at = now
            db.session.flush()
            record_act(
                actor,
                "badges.revoke",
                now,
                edition_id=edition_id,
                subject="attendee",
                subject_id=attendee_id,
                serial=badge.serial,
                reason=reason,
            )
        return _row(badge)


def move_badge_days(edition_id: int, before: DayRange, after: DayRange) -> None:
    """Move the days of badges along with the expo's, in the open transaction.

    A single statement ensures that no badge is moved twice.
    """
    rows = db.session.execute(
        select(Badge.valid_from, Badge.valid_days).where(Badge.edition_id == edition_id).distinct()
    ).all()
    moves = [(valid, move_days(valid, before, after)) for valid in (DayRange.of(*row) for row in rows)]
    changes = [(valid, moved) for valid, moved in moves if valid != moved]
    if not changes:
        return
    conditions = {
        valid: and_(Badge.valid_from == valid.first, Badge.valid_days == valid.days) for valid, _moved in changes
    }
    db.session.execute(
        update(Badge)
        .where(Badge.edition_id == edition_id, or_(*conditions.values()))
        .values(
            valid_from=case(*((conditions[valid], moved.first) for valid, moved in changes)),
            valid_days=case(*((conditions[valid], moved.days) for valid, moved in changes)),
        )
        .execution_options(synchronize_session=False)
    )


def _insert_badge(signer: Signer, attendee: AttendeeRow, now: datetime) -> BadgeRow | None:
    """Insert the attendee's badge and return it; None if one exists. The unique constraint is the lock."""
    valid = signer.days[attendee.ticket_type_id]
    for _ in range(SERIAL_ATTEMPTS):
        serial = secrets.randbits(SERIAL_BITS)
        token = signer.sign(attendee, serial, 1)
        badge_id = insert_new(
            Badge,
            edition_id=attendee.edition_id,
            attendee_id=attendee.id,
            serial=serial,
            issue=1,
            token=token,
            valid_from=valid.first,
            valid_days=valid.days,
            issued_at=now,
        )
        if badge_id is not None:
            return BadgeRow(
                badge_id, attendee.edition_id, attendee.id, serial, 1, token, valid.first, valid.days, now, None
            )
        if find_badge_of(attendee.id):
            return None
    raise AssertionError("every serial drawn was taken")


def _lock_badge(edition_id: int, attendee_id: int) -> Badge:
    badge_id = db.session.scalar(
        select(Badge.id).where(Badge.attendee_id == attendee_id, Badge.edition_id == edition_id)
    )
    badge = lock(Badge, badge_id) if badge_id is not None else None
    if badge is None:
        raise BadgeMissing
    return badge


def _row(badge: Badge) -> BadgeRow:
    return BadgeRow(
        id=badge.id,
        edition_id=badge.edition_id,
        attendee_id=badge.attendee_id,
        serial=badge.serial,
        issue=badge.issue,
        token=badge.token,
        valid_from=badge.valid_from,
        valid_days=badge.valid_days,
        issued_at=badge.issued_at,
        revoked_at=badge.revoked_at,
    )
