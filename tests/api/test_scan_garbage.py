"""Everything that is scanned or sent gets a verdict or a problem, and never an internal error."""

import dataclasses
import json
import random
import string
import uuid
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from expo.accounts.rules import SYSTEM, Permission
from expo.badges.models import SigningKey
from expo.badges.services import reissue_badge
from expo.checkin.models import Scan
from expo.checkin.services.scans import scan_batch
from expo.editions.queries import EditionFacts
from expo.infra.db import atomic, db
from expo.pure.tokens import new_key_pair, parse_token, sign_token
from tests.api.calls import make_token
from tests.api.test_scans import _scan
from tests.conftest import make_edition
from tests.domains.checkin.doors import OPENING, make_checkpoint, make_request, scan_once, scanner
from tests.make import make_attendee

KEY = b"k" * 32
TOKENS, BODIES, BATCH = 9_000, 1_000, 500


def _trust_key(edition: EditionFacts, now: datetime) -> None:
    _private, public = new_key_pair(KEY)
    with atomic() as session:
        session.add(
            SigningKey(
                edition_id=edition.id,
                key_id=200,
                public_key=public,
                encrypted_private_key=b"",
                created_at=now,
                retired_at=now,
            )
        )


def test_scan_when_code_is_forged_foreign_or_from_another_year_then_the_reason_says_so(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    _trust_key(edition, now)
    token = make_attendee(edition, now).token
    content = parse_token(token).token
    future, past = make_edition(now, "expo-2028", 2028), make_edition(now, "expo-2026", 2026)
    for other in (future, past):
        _trust_key(other, now)
    replaced = make_attendee(edition, now)
    reissue_badge(SYSTEM, edition.id, replaced.id, now)

    def sign(key: bytes = KEY, **changes: int) -> str:
        return sign_token(dataclasses.replace(content, key_id=200, **changes), key)

    codes = {
        "forged": sign(b"x" * 32),
        "truncated": token[: len(token) // 2],
        "unknown key": sign_token(dataclasses.replace(content, key_id=201), KEY),
        "unknown serial": sign(serial=content.serial ^ 1),
        "future edition": sign(edition=future.number),
        "past edition": sign(edition=past.number),
        "earlier issue": replaced.token,
        "foreign": "https://example.org/ticket/123",
        "empty": "",
        "vCard": "BEGIN:VCARD\nFN:张伟\nEND:VCARD",
    }

    reasons = {name: scan_once(edition, code).reason for name, code in codes.items()}

    assert {name: reason.value if reason else None for name, reason in reasons.items()} == {
        "forged": "bad_signature",
        "truncated": "unknown_token",
        "unknown key": "bad_signature",
        "unknown serial": "unknown_token",
        "future edition": "wrong_edition",
        "past edition": "wrong_edition",
        "earlier issue": "revoked",
        "foreign": "unknown_token",
        "empty": "unknown_token",
        "vCard": "unknown_token",
    }


def _garbage(token: str, rng: random.Random) -> str:
    """Return a code with a mistake: letters changed, lost, added or swapped, or something else altogether."""
    letters = list(token)
    for _ in range(rng.randrange(1, 4)):
        place = rng.randrange(len(letters))
        match rng.randrange(4):
            case 0:
                letters[place] = rng.choice(string.printable)
            case 1:
                del letters[place]
            case 2:
                letters.insert(place, chr(rng.choice((rng.randrange(1, 0xD800), rng.randrange(0xE000, 0x11000)))))
            case _:
                letters = letters[place:] + letters[:place] or ["A"]
    return "".join(letters)[: rng.choice((len(letters), rng.randrange(len(letters) + 1), 1000))]


def test_scan_when_9000_codes_are_garbage_then_a_verdict_each(app: Flask, edition: EditionFacts, now: datetime) -> None:
    make_checkpoint(edition, now)
    token = make_attendee(edition, now).token
    rng = random.Random(11)  # noqa: S311 - nothing secret
    reasons: Counter[str | None] = Counter()
    for _ in range(TOKENS // BATCH):
        requests = [make_request(_garbage(token, rng), scanned_at=OPENING + timedelta(seconds=n)) for n in range(BATCH)]
        answers = scan_batch(scanner(edition), edition.id, requests, OPENING)
        reasons.update(answer.reason.value if answer.reason else None for answer in answers)

    assert reasons.total() == db.session.scalar(select(func.count()).select_from(Scan)) == TOKENS
    # A code may survive its mistakes, such as a changed letter that is changed back.
    assert set(reasons) <= {"unknown_token", "bad_signature", "already_admitted", None}
    assert reasons["unknown_token"] + reasons["bad_signature"] > TOKENS * 0.9


VALUES: list[Any] = [
    None, True, 0, -1, 2**70, 1e308, "", " ", "\x00", "\ud800", "A" * 70_000, [], {}, [None] * 9, {"a": {"b": []}},
    "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59", "2027-05-26T02:00:00Z", str(uuid.UUID(int=0)), "admitted",
]  # fmt: skip
FIELDS = ["scan_id", "token", "checkpoint", "direction", "scanned_at", "forced", "force_note", "device_time", "skew_ms",
    "decided", "answers", "undoes", "", "scans"]  # fmt: skip


def _fuzzed(good: dict[str, Any], rng: random.Random) -> bytes:
    body: Any = {**good, "scan_id": str(uuid.UUID(int=rng.getrandbits(128)))}
    for _ in range(rng.randrange(3)):
        body[rng.choice(FIELDS)] = rng.choice(VALUES)
    if rng.random() < 0.3:
        body.pop(rng.choice(list(body)))
    if rng.random() < 0.2:
        body = rng.choice(VALUES)
    raw = json.dumps(body).encode()
    if rng.random() < 0.2:
        place = rng.randrange(len(raw) + 1)
        raw = raw[:place] + rng.randbytes(rng.randrange(4)) + raw[place + rng.randrange(3) :]
    return raw


def test_api_when_1000_bodies_are_fuzzed_then_a_verdict_or_a_problem_each(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    good = _scan(make_attendee(edition, now).token)
    headers = {"Authorization": f"Bearer {make_token(edition, Permission.SCAN)}"}
    client, rng = app.test_client(), random.Random(12)  # noqa: S311 - nothing secret
    statuses: Counter[int] = Counter()
    for number in range(BODIES):
        raw = _fuzzed(good, rng)
        if number % 4 == 0:
            raw = b'{"scans": [' + raw + b"]}"
        path = "/api/v1/scans/batch" if number % 4 == 0 else "/api/v1/scans"
        answer = client.post(path, data=raw, headers=headers, content_type="application/json")
        statuses[answer.status_code] += 1
        assert answer.status_code < 500, raw[:300]
        assert "verdict" in answer.text or "code" in answer.text

    assert set(statuses) >= {200, 400, 422}
