"""The demo's badges, signed with a key derived from the seed."""

import hashlib
from collections.abc import Sequence
from random import Random
from typing import Any

from expo.badges.models import Badge, SigningKey
from expo.badges.rules import SERIAL_BITS, badge_token
from expo.badges.services import SEAL
from expo.demo.orders import DemoAttendee
from expo.demo.rows import first_free_id, insert_all
from expo.editions.models import Edition
from expo.editions.queries import EditionFacts
from expo.infra.db import db
from expo.infra.sealing import seal
from expo.pure.tokens import new_key_pair, sign_token
from expo.registration.rules import AttendeeState


def load_badges(edition: EditionFacts, attendees: Sequence[DemoAttendee], seed: int, rng: Random) -> dict[int, int]:
    """Insert the signing key and the badges of all confirmed attendees; return the badges' ids by attendee."""
    private, public = new_key_pair(hashlib.sha256(f"expo demo {seed}".encode()).digest())
    opened_at = db.session.get_one(Edition, edition.id).created_at
    key = {
        "edition_id": edition.id,
        "key_id": 0,
        "public_key": public,
        "encrypted_private_key": seal(SEAL, private),
        "created_at": opened_at,
        "retired_at": None,
        "distrusted_at": None,
    }
    insert_all(SigningKey, [key])
    confirmed = [each for each in attendees if each.state is AttendeeState.CONFIRMED]
    serials = rng.sample(range(1, 2**SERIAL_BITS), len(confirmed))
    first_id = first_free_id(Badge)
    rows = [
        _badge(first_id + number, edition, each, serial, private)
        for number, (each, serial) in enumerate(zip(confirmed, serials, strict=True))
    ]
    insert_all(Badge, rows)
    return {row["attendee_id"]: row["id"] for row in rows}


def _badge(badge_id: int, edition: EditionFacts, attendee: DemoAttendee, serial: int, private: bytes) -> dict[str, Any]:
    token = badge_token(
        key_id=0,
        edition_number=edition.number,
        day_zero=edition.day_zero,
        serial=serial,
        ticket_type_number=attendee.offer.number,
        issue=1,
        valid_from=edition.starts_on,
        valid_days=len(edition.days),
    )
    return {
        "id": badge_id,
        "edition_id": edition.id,
        "attendee_id": attendee.id,
        "serial": serial,
        "issue": 1,
        "token": sign_token(token, private),
        "valid_from": edition.starts_on,
        "valid_days": len(edition.days),
        "issued_at": attendee.order["confirmed_at"],
        "revoked_at": None,
    }
