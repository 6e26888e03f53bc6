"""Acts on badges: signing keys, issue, reissue, revoke. The private half of a key never leaves this module."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol, cast

from sqlalchemy import Table, and_, bindparam, case, func, or_, select, update

from expo.accounts.rules import SYSTEM, Actor, Permission, require, require_confirmed
from expo.badges.errors import BadgeMissing
from expo.badges.models import Badge, SigningKey
from expo.badges.queries import BadgeRow, find_badge_of, list_badges_of
from expo.badges.rules import MAX_ISSUE, MAX_KEY_ID, SERIAL_BITS, badge_token, may_have_badge
from expo.editions.models import Edition
from expo.editions.queries import get_edition, hold_dates
from expo.errors import Conflict, Missing, Unavailable
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, lock, retried, run_core
from expo.infra.inserting import insert_new
from expo.infra.sealing import seal, unseal
from expo.pure.door_days import DayRange, move_days
from expo.pure.tokens import new_key_pair, sign_token
from expo.registration.queries import get_attendee_by_id, ticket_days
from expo.registration.rules import AttendeeState

SEAL = "badge-signing-key"
SERIAL_ATTEMPTS = 10
SEED_BYTES = 32


class Holder(Protocol):
    """Whose badge is issued: an attendee as read or written in the open transaction."""

    @property
    def id(self) -> int:
        """The attendee's row."""

    @property
    def edition_id(self) -> int:
        """The edition they come to."""

    @property
    def code(self) -> str:
        """The public code."""

    @property
    def state(self) -> AttendeeState:
        """Where they stand."""

    @property
    def ticket_type_id(self) -> int:
        """Their ticket type."""

    @property
    def ticket_type_number(self) -> int:
        """The byte of their ticket type in a token."""


@dataclass(frozen=True)
class _Signer:
    """What signs badges of one edition now."""

    key_id: int
    private_key: bytes
    edition_number: int
    day_zero: date
    # By ticket type, as they stand while the edition's dates are held.
    days: Mapping[int, DayRange]

    def sign(self, attendee: Holder, serial: int, issue: int) -> str:
        """Return the text of a badge for the days that the attendee's ticket type is for."""
        valid = self.days[attendee.ticket_type_id]
        token = badge_token(
            key_id=self.key_id,
            edition_number=self.edition_number,
            day_zero=self.day_zero,
            serial=serial,
            ticket_type_number=attendee.ticket_type_number,
            issue=issue,
            valid_from=valid.first,
            valid_days=valid.days,
        )
        return sign_token(token, self.private_key)


def create_signing_key(actor: Actor, edition_id: int, now: datetime) -> int:
    """Make a new key pair that signs from now on, and return its key id; the one before stays trusted, signs no more.

    Raises Conflict `signing_keys_used_up` after 256 keys.
    """
    require(actor, Permission.EDITION_MANAGE, edition_id)
    require_confirmed(actor)
    with atomic():
        get_edition(edition_id)
        db.session.execute(
            update(SigningKey)
            .where(SigningKey.edition_id == edition_id, SigningKey.retired_at.is_(None))
            .values(retired_at=now)
        )
        highest = db.session.scalar(select(func.max(SigningKey.key_id)).where(SigningKey.edition_id == edition_id))
        key_id = 0 if highest is None else highest + 1
        if key_id > MAX_KEY_ID:
            raise Conflict("signing_keys_used_up")
        _insert_key(actor, edition_id, key_id, now)
        return key_id


def distrust_signing_key(actor: Actor, edition_id: int, key_id: int, now: datetime) -> None:
    """Trust no badge any more that this key signed, such as after a leak; another key signs from now on."""
    require(actor, Permission.EDITION_MANAGE, edition_id)
    require_confirmed(actor)
    with atomic():
        distrusted = db.session.scalar(
            update(SigningKey)
            .where(
                SigningKey.edition_id == edition_id,
                SigningKey.key_id == key_id,
                SigningKey.distrusted_at.is_(None),
            )
            .values(distrusted_at=now, retired_at=func.coalesce(SigningKey.retired_at, now))
            .returning(SigningKey.id)
            .execution_options(synchronize_session=False)
        )
        if distrusted is None:
            raise Missing("signing_key_missing")
        record_act(
            actor,
            "badges.distrust_signing_key",
            now,
            edition_id=edition_id,
            subject="signing_key",
            subject_id=distrusted,
            key_id=key_id,
        )


def list_broken_keys(edition_id: int) -> list[int]:
    """Return ids of keys that cannot sign: sealed with another secret key, or not the half of their public key."""
    rows = db.session.execute(
        select(SigningKey.key_id, SigningKey.public_key, SigningKey.encrypted_private_key)
        .where(SigningKey.edition_id == edition_id, SigningKey.distrusted_at.is_(None))
        .order_by(SigningKey.key_id)
    )
    return [row.key_id for row in rows if not _is_whole(row.encrypted_private_key, row.public_key)]


def _is_whole(encrypted_private_key: bytes, public_key: bytes) -> bool:
    try:
        return new_key_pair(unseal(SEAL, encrypted_private_key))[1] == public_key
    except Unavailable:
        return False


@retried
def issue_badge(actor: Actor, edition_id: int, attendee_id: int, now: datetime) -> BadgeRow:
    """Return the badge of a confirmed attendee, issued now where there is none; asking twice issues one.

    Raises AttendeeMissing, Conflict `badge_not_issuable` for an attendee who is not confirmed.
    """
    require(actor, Permission.BADGES_ISSUE, edition_id)
    with atomic():
        attendee = get_attendee_by_id(edition_id, attendee_id)
        return issue_badges(actor, edition_id, [attendee], now)[attendee_id]


@retried
def issue_badges(actor: Actor, edition_id: int, attendees: Sequence[Holder], now: datetime) -> dict[int, BadgeRow]:
    """Return the badges of confirmed attendees by attendee, issued now for those who have none.

    The attendees come as the open transaction has read or written them. Raises Conflict `badge_not_issuable`.
    """
    require(actor, Permission.BADGES_ISSUE, edition_id)
    with atomic():
        for attendee in attendees:
            if attendee.edition_id != edition_id:
                raise AssertionError("an attendee of another edition")
            if not may_have_badge(attendee.state):
                raise Conflict("badge_not_issuable", attendee=attendee.code, state=attendee.state.value)
        signer = _signer(edition_id, now)
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
    """Issue a lost or damaged badge anew: the counter rises, and what was printed before stops working.

    A revoked badge of a confirmed attendee becomes valid again in its new issue.
    Raises AttendeeMissing, BadgeMissing, Conflict `badge_not_issuable` or `badge_issues_used_up`.
    """
    require(actor, Permission.BADGES_ISSUE, edition_id)
    with atomic():
        attendee = get_attendee_by_id(edition_id, attendee_id)
        if not may_have_badge(attendee.state):
            raise Conflict("badge_not_issuable", attendee=attendee.code, state=attendee.state.value)
        signer = _signer(edition_id, now)
        badge = _locked_badge(edition_id, attendee_id)
        if badge.issue >= MAX_ISSUE:
            raise Conflict("badge_issues_used_up", maximum=MAX_ISSUE)
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
    """Make an attendee's badge open no door; revoking twice is revoking once. Raises BadgeMissing."""
    require(actor, Permission.BADGES_REVOKE, edition_id)
    with atomic():
        badge = _locked_badge(edition_id, attendee_id)
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
    """Move the days that badges are for along with the expo's, in the open transaction.

    One statement moves all of them, so that none is moved twice.
    """
    stand = db.session.execute(
        select(Badge.valid_from, Badge.valid_days).where(Badge.edition_id == edition_id).distinct()
    ).all()
    moves = [(valid, move_days(valid, before, after)) for valid in (DayRange.of(*row) for row in stand)]
    changes = [(valid, moved) for valid, moved in moves if valid != moved]
    if not changes:
        return
    stood = {valid: and_(Badge.valid_from == valid.first, Badge.valid_days == valid.days) for valid, _moved in changes}
    db.session.execute(
        update(Badge)
        .where(Badge.edition_id == edition_id, or_(*stood.values()))
        .values(
            valid_from=case(*((stood[valid], moved.first) for valid, moved in changes)),
            valid_days=case(*((stood[valid], moved.days) for valid, moved in changes)),
        )
        .execution_options(synchronize_session=False)
    )


def _signer(edition_id: int, now: datetime) -> _Signer:
    """Return the key that signs now, made here for the first badge of an edition.

    The edition's dates are held before the tickets' days are read: when both are being moved, it is waited for.
    """
    key = _hold_dates_and_read_key(edition_id)
    if key is None:
        hold_dates(edition_id)
        highest = db.session.scalar(select(func.max(SigningKey.key_id)).where(SigningKey.edition_id == edition_id))
        _insert_key(SYSTEM, edition_id, 0 if highest is None else highest + 1, now)
        key = _hold_dates_and_read_key(edition_id)
    if key is None:
        raise AssertionError("a signing key was just made")
    return _Signer(
        key.key_id, unseal(SEAL, key.encrypted_private_key), key.number, key.day_zero, ticket_days(edition_id)
    )


_key, _edition = (cast("Table", model.__table__) for model in (SigningKey, Edition))
# Core tables, and built once: this is read with every registration.
_CURRENT_KEY = (
    select(_key.c.key_id, _key.c.encrypted_private_key, _edition.c.number, _edition.c.day_zero)
    .join(_edition, _edition.c.id == _key.c.edition_id)
    .where(_key.c.edition_id == bindparam("edition_id"), _key.c.retired_at.is_(None))
    .order_by(_key.c.key_id.desc())
    .limit(1)
    # As `hold_dates` does it, but in the statement that is needed anyway.
    .with_for_update(read=True, key_share=True, of=_edition)
)


def _hold_dates_and_read_key(edition_id: int) -> Any:
    """Return the key that signs; the edition's days cannot change until the open transaction is over.

    Where there is no key, nothing is held.
    """
    return run_core(_CURRENT_KEY, {"edition_id": edition_id}).one_or_none()


def _insert_key(actor: Actor, edition_id: int, key_id: int, now: datetime) -> None:
    """Insert a key; where another process inserted one with this id in the same instant, that one is used."""
    private_key, public_key = new_key_pair(secrets.token_bytes(SEED_BYTES))
    row_id = insert_new(
        SigningKey,
        "edition_id",
        "key_id",
        edition_id=edition_id,
        key_id=key_id,
        public_key=public_key,
        encrypted_private_key=seal(SEAL, private_key),
        created_at=now,
    )
    if row_id is not None:
        record_act(
            actor,
            "badges.create_signing_key",
            now,
            edition_id=edition_id,
            subject="signing_key",
            subject_id=row_id,
            key_id=key_id,
        )


def _insert_badge(signer: _Signer, attendee: Holder, now: datetime) -> BadgeRow | None:
    """Insert the attendee's badge and return it; None where there is one already. The constraint is the lock."""
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


def _locked_badge(edition_id: int, attendee_id: int) -> Badge:
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
