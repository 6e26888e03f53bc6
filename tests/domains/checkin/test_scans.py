import base64
import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import ANONYMOUS, SYSTEM, Permission
from expo.badges.models import Badge, SigningKey
from expo.checkin.models import Checkpoint, Presence, Scan, Zone
from expo.checkin.queries.checkpoints import Place
from expo.checkin.queries.scans import FirstScan, ScanAnswer
from expo.checkin.rules import FORCEABLE, Direction, Reason, Verdict
from expo.checkin.services.checkpoints import close_checkpoint, open_checkpoint
from expo.checkin.services.scans import scan, scan_batch
from expo.editions.queries import EditionFacts
from expo.flows.registration import cancel_registration
from expo.infra.db import atomic, db
from expo.pure.tokens import BadgeToken, new_key_pair, parse_token, sign_token
from expo.registration.models import Attendee, Order
from tests.conftest import make_edition
from tests.domains.checkin.doors import OPENING, make_checkpoint, make_request, scan_once, scanner
from tests.make import MadeAttendee, make_attendee, make_ticket_type

KEY = b"k" * 32


def _trust_key(edition: EditionFacts, now: datetime) -> None:
    """Let a key that the test holds sign badges of the edition."""
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


def _resign(token: str, **changes: int) -> str:
    said = parse_token(token).token
    return sign_token(dataclasses.replace(said, key_id=200, **changes), KEY)


def _set(model: type[Badge | Attendee | Order | Checkpoint], row_id: int, **values: object) -> None:
    with atomic() as session:
        session.execute(update(model).where(model.id == row_id).values(**values))


def _order_id(attendee: MadeAttendee) -> int:
    found = db.session.scalar(select(Attendee.order_id).where(Attendee.id == attendee.id))
    assert found is not None
    return found


def _count(model: type[Scan | Presence]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_scan_when_first_then_admitted_and_told_who(each_app: Flask, edition: EditionFacts, now: datetime) -> None:
    make_checkpoint(edition, now)
    attendee = make_attendee(edition, now, name="张伟", latin_name="Zhang Wei", company="数据谷", country="CN")

    answer = scan_once(edition, attendee.token)

    assert (answer.verdict, answer.reason, answer.first_scan) == (Verdict.ADMITTED, None, None)
    assert answer.attendee is not None
    assert dataclasses.asdict(answer.attendee) == {
        "code": attendee.code,
        "name": "张伟",
        "latin_name": "Zhang Wei",
        "company": "数据谷",
        "country": "CN",
        "ticket_type": {
            "code": "visitor",
            "name": {"en": "Visitor", "zh": "观众"},
            "band": 0,
            "party": 1,
            "door_note": {},
        },
        "state": "confirmed",
        "note": "",
    }


def test_scan_when_second_then_told_time_and_place_of_first(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    attendee = make_attendee(edition, now)
    scan_once(edition, attendee.token)

    answer = scan_once(edition, attendee.token, scanned_at=OPENING + timedelta(minutes=5))

    assert (answer.verdict, answer.reason) == (Verdict.REFUSED, Reason.ALREADY_ADMITTED)
    assert answer.first_scan == FirstScan(OPENING, Place("main", {"en": "Main entrance", "zh": "主入口"}))


def test_scan_when_in_and_out_and_in_again_then_admitted_again(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    attendee = make_attendee(edition, now)

    steps = [Direction.EXIT, Direction.ENTRY, Direction.ENTRY, Direction.EXIT, Direction.EXIT, Direction.ENTRY]
    reasons = [
        scan_once(edition, attendee.token, direction=step, scanned_at=OPENING + timedelta(minutes=n)).reason
        for n, step in enumerate(steps)
    ]

    assert reasons == [Reason.NOT_INSIDE, None, Reason.ALREADY_ADMITTED, None, Reason.NOT_INSIDE, None]
    presence = db.session.scalars(select(Presence)).one()
    assert (presence.is_inside, presence.entries, presence.left_at) == (True, 2, None)
    assert presence.entered_at == OPENING + timedelta(minutes=5)


def test_scan_when_two_checkpoints_then_each_admits(each_app: Flask, edition: EditionFacts, now: datetime) -> None:
    make_checkpoint(edition, now)
    make_checkpoint(edition, now, "hall-2")
    attendee = make_attendee(edition, now)

    reasons = [scan_once(edition, attendee.token, door).reason for door in ("main", "hall-2")]

    assert reasons == [None, None]


def test_scan_when_text_is_no_token_then_unknown_and_counted(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    token = make_attendee(edition, now).token

    texts = ["", "hello", token[:-1], token + "A", "A" * 122, "٣" * 122, "https://example.org/" + token]
    answers = [scan_once(edition, text) for text in texts]

    assert answers == [ScanAnswer(Verdict.REFUSED, Reason.UNKNOWN_TOKEN, None, None)] * len(texts)
    assert _count(Scan) == len(texts)


def test_scan_when_handheld_scanner_changed_case_then_admitted(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)

    answer = scan_once(edition, f" {make_attendee(edition, now).token.lower()}\r\n")

    assert answer.verdict is Verdict.ADMITTED


def test_scan_when_any_byte_is_changed_then_not_believed_and_nobody_named(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    raw = bytearray(base64.b32decode(make_attendee(edition, now).token + "======"))

    answers = set()
    for position in range(1, len(raw)):
        forged = bytearray(raw)
        forged[position] ^= 0x40
        answers.add(scan_once(edition, base64.b32encode(forged).decode().rstrip("=")))

    assert answers == {ScanAnswer(Verdict.REFUSED, Reason.BAD_SIGNATURE, None, None)}


def test_scan_when_key_is_distrusted_then_bad_signature(each_app: Flask, edition: EditionFacts, now: datetime) -> None:
    make_checkpoint(edition, now)
    attendee = make_attendee(edition, now)
    with atomic() as session:
        session.execute(update(SigningKey).values(distrusted_at=now))

    assert scan_once(edition, attendee.token).reason is Reason.BAD_SIGNATURE


def test_scan_when_well_signed_serial_is_unknown_then_unknown_token(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    _trust_key(edition, now)

    token = sign_token(BadgeToken(200, edition.number, 4_000_000_000, 1, 1, 0, 3), KEY)

    assert scan_once(edition, token) == ScanAnswer(Verdict.REFUSED, Reason.UNKNOWN_TOKEN, None, None)


def test_scan_when_badge_is_of_another_edition_then_wrong_edition_and_nobody_named(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    other = make_edition(now, "expo-2028", 2028)
    theirs = make_attendee(other, now, name="Secret Guest")
    _trust_key(edition, now)
    of_no_edition = _resign(make_attendee(edition, now).token, edition=4711)

    answers = [scan_once(edition, token) for token in (theirs.token, of_no_edition)]

    assert answers == [ScanAnswer(Verdict.REFUSED, Reason.WRONG_EDITION, None, None)] * 2


def test_scan_when_badge_is_revoked_or_replaced_then_revoked(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    revoked, replaced = make_attendee(edition, now), make_attendee(edition, now)
    _set(Badge, revoked.badge.id, revoked_at=now)
    _set(Badge, replaced.badge.id, issue=2)

    answers = [scan_once(edition, each.token) for each in (revoked, replaced)]

    assert [answer.reason for answer in answers] == [Reason.REVOKED, Reason.REVOKED]
    assert [answer.attendee.code for answer in answers if answer.attendee] == [revoked.code, replaced.code]


@pytest.mark.parametrize(
    ("attendee_values", "order_values", "reason"),
    [
        ({"state": "cancelled"}, {}, Reason.CANCELLED),
        ({"state": "expired"}, {}, Reason.CANCELLED),
        ({}, {"state": "cancelled"}, Reason.CANCELLED),
        ({}, {"state": "expired"}, Reason.CANCELLED),
        ({}, {"total_cents": 100, "paid_at": None}, Reason.UNPAID),
        ({"state": "unconfirmed"}, {}, Reason.NOT_APPROVED),
        ({"state": "awaiting_approval"}, {}, Reason.NOT_APPROVED),
        ({"state": "awaiting_approval"}, {"total_cents": 100, "paid_at": None}, Reason.UNPAID),
        ({"state": "cancelled"}, {"total_cents": 100, "paid_at": None}, Reason.CANCELLED),
        ({}, {"total_cents": 100, "paid_at": OPENING}, None),
    ],
)
def test_scan_when_registration_is_not_in_order_then_refused(
    app: Flask,
    edition: EditionFacts,
    now: datetime,
    attendee_values: dict[str, object],
    order_values: dict[str, object],
    reason: Reason | None,
) -> None:
    make_checkpoint(edition, now)
    attendee = make_attendee(edition, now)
    if attendee_values:
        _set(Attendee, attendee.id, **attendee_values)
    if order_values:
        _set(Order, _order_id(attendee), **order_values)

    assert scan_once(edition, attendee.token).reason is reason


@pytest.mark.parametrize(
    ("moment", "reason"),
    [
        (datetime(2027, 5, 25, 15, 59, tzinfo=UTC), Reason.NOT_YET_VALID),  # 23:59 in Guiyang
        (datetime(2027, 5, 25, 16, 0, tzinfo=UTC), None),
        (datetime(2027, 5, 28, 15, 59, tzinfo=UTC), None),
        (datetime(2027, 5, 28, 16, 30, tzinfo=UTC), None),  # 00:30: still the last day
        (datetime(2027, 5, 28, 19, 59, tzinfo=UTC), None),
        (datetime(2027, 5, 28, 20, 0, tzinfo=UTC), Reason.EXPIRED),
    ],
)
def test_scan_when_day_is_not_on_the_badge_then_refused_by_the_clock_of_the_city(
    app: Flask, edition: EditionFacts, now: datetime, moment: datetime, reason: Reason | None
) -> None:
    make_checkpoint(edition, now)

    assert scan_once(edition, make_attendee(edition, now).token, scanned_at=moment).reason is reason


def test_scan_when_checkpoint_is_restricted_then_only_its_types_pass(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    press = make_ticket_type(edition, now, "press")
    make_checkpoint(edition, now, "press-room", ticket_type_ids=frozenset({press.id}))

    reasons = [
        scan_once(edition, make_attendee(edition, now, kind).token, "press-room").reason
        for kind in ("press", "visitor")
    ]

    assert reasons == [None, Reason.WRONG_TICKET_TYPE]


def test_scan_when_checkpoint_is_unknown_or_closed_then_wrong_checkpoint(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    attendee = make_attendee(edition, now)
    make_checkpoint(make_edition(now, "expo-2028", 2028), now, "elsewhere")
    close_checkpoint(SYSTEM, edition.id, "main", now)

    refused = [scan_once(edition, attendee.token, door).reason for door in ("main", "elsewhere", "nowhere", "")]
    open_checkpoint(SYSTEM, edition.id, "main", now)

    assert refused == [Reason.WRONG_CHECKPOINT] * 4
    assert scan_once(edition, attendee.token).reason is None


def test_scan_when_outside_opening_hours_then_rule(each_app: Flask, edition: EditionFacts, now: datetime) -> None:
    make_checkpoint(edition, now, opens_at=OPENING, closes_at=OPENING + timedelta(hours=1))
    attendee = make_attendee(edition, now)

    reasons = [
        scan_once(edition, attendee.token, scanned_at=OPENING + timedelta(minutes=minutes)).reason
        for minutes in (-1, 60, 59)
    ]

    assert reasons == [Reason.RULE, Reason.RULE, None]


def test_scan_when_zone_is_full_then_refused_until_somebody_leaves(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now, capacity=1)
    first, second = make_attendee(edition, now), make_attendee(edition, now)
    scan_once(edition, first.token)

    full = scan_once(edition, second.token)
    scan_once(edition, first.token, direction=Direction.EXIT)
    free = scan_once(edition, second.token)

    assert (full.reason, free.reason) == (Reason.ZONE_FULL, None)
    assert db.session.scalar(select(Zone.inside)) == 1


def test_scan_when_sent_again_then_same_answer_and_no_second_row(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    attendee = make_attendee(edition, now)
    admitted = make_request(attendee.token)
    refused = make_request(attendee.token)
    unknown = make_request("nonsense")
    first = [scan(scanner(edition), edition.id, request, OPENING) for request in (admitted, refused, unknown)]
    _set(Attendee, attendee.id, state="cancelled")
    close_checkpoint(SYSTEM, edition.id, "main", now)

    again = [scan(scanner(edition), edition.id, request, OPENING) for request in (admitted, refused, unknown)]

    assert again == first
    assert [answer.reason for answer in again] == [None, Reason.ALREADY_ADMITTED, Reason.UNKNOWN_TOKEN]
    assert _count(Scan) == 3


def test_scan_when_same_id_says_something_else_then_first_answer(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    one, other = make_attendee(edition, now), make_attendee(edition, now)
    request = make_request(one.token)
    first = scan(scanner(edition), edition.id, request, OPENING)

    for changed in (
        dataclasses.replace(request, token_text=other.token),
        dataclasses.replace(request, token_text="nonsense"),
        dataclasses.replace(request, checkpoint_code="elsewhere", direction=Direction.EXIT),
    ):
        assert scan(scanner(edition), edition.id, changed, OPENING) == first
    assert (_count(Scan), _count(Presence)) == (1, 1)


def test_scan_when_same_id_in_another_edition_then_a_scan_of_its_own(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    other = make_edition(now, "expo-2028", 2028)
    for each in (edition, other):
        make_checkpoint(each, now)
    ours, theirs = make_attendee(edition, now, name="Ours"), make_attendee(other, now, name="Theirs")
    scan_once(edition, ours.token, scan_id="a")

    answer = scan_once(other, theirs.token, scan_id="a", scanned_at=OPENING + timedelta(days=366))

    assert answer.verdict is Verdict.ADMITTED
    assert answer.attendee is not None
    assert answer.attendee.name == "Theirs"


def test_scan_when_within_an_open_transaction_then_repeated_scan_leaves_nothing(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    attendee = make_attendee(edition, now)
    with atomic():
        first = scan_once(edition, attendee.token, scan_id="a")
        again = scan_once(edition, attendee.token, scan_id="a")

    assert (again, _count(Scan)) == (first, 1)


@pytest.mark.parametrize(
    ("break_it", "reason"),
    [
        (lambda made: _set(Order, _order_id(made), total_cents=1, paid_at=None), Reason.UNPAID),
        (lambda made: _set(Attendee, made.id, state="awaiting_approval"), Reason.NOT_APPROVED),
        (lambda made: _set(Attendee, made.id, state="cancelled"), Reason.CANCELLED),
        (lambda made: _set(Badge, made.badge.id, revoked_at=OPENING), Reason.REVOKED),
    ],
)
def test_scan_when_forced_then_only_soft_reasons_are_passed_over(
    app: Flask, edition: EditionFacts, now: datetime, break_it: Callable[[MadeAttendee], None], reason: Reason
) -> None:
    make_checkpoint(edition, now)
    attendee = make_attendee(edition, now)
    break_it(attendee)
    chief = scanner(edition, Permission.SCAN_FORCE)

    answer = scan_once(edition, attendee.token, actor=chief, forced=True)

    row = db.session.scalars(select(Scan)).one()
    passes = reason in FORCEABLE
    assert answer.reason is (None if passes else reason)
    assert (row.forced, row.reason) == (passes, reason.value)


def test_scan_when_forced_over_second_entry_then_still_one_person_inside(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now, capacity=2)
    attendee = make_attendee(edition, now)
    chief = scanner(edition, Permission.SCAN_FORCE)
    first = scan_once(edition, attendee.token, actor=chief, forced=True)

    again = scan_once(edition, attendee.token, actor=chief, forced=True)

    presence = db.session.scalars(select(Presence)).one()
    assert (first.verdict, again.verdict) == (Verdict.ADMITTED, Verdict.ADMITTED)
    assert [row.forced for row in db.session.scalars(select(Scan).order_by(Scan.id))] == [False, True]
    assert (presence.entries, db.session.scalar(select(Zone.inside))) == (2, 1)


def test_scan_when_forced_into_full_zone_then_refused(each_app: Flask, edition: EditionFacts, now: datetime) -> None:
    make_checkpoint(edition, now, capacity=1)
    scan_once(edition, make_attendee(edition, now).token)
    chief = scanner(edition, Permission.SCAN_FORCE)

    answer = scan_once(edition, make_attendee(edition, now).token, actor=chief, forced=True)

    assert answer.reason is Reason.ZONE_FULL


def test_scan_when_not_allowed_then_refused_and_nothing_written(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    attendee = make_attendee(edition, now)
    other = make_edition(now, "expo-2028", 2028)
    forced = make_request(attendee.token, forced=True)

    for actor, request in (
        (ANONYMOUS, make_request(attendee.token)),
        (scanner(other), make_request(attendee.token)),
        (scanner(edition), forced),
    ):
        with pytest.raises(PermissionMissing):
            scan(actor, edition.id, request, OPENING)
        if not request.forced:
            with pytest.raises(PermissionMissing):
                scan_batch(actor, edition.id, [request], OPENING)
    assert (_count(Scan), _count(Presence)) == (0, 0)


def test_scan_batch_when_one_is_forced_without_permission_then_judged_like_the_others(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    token = make_attendee(edition, now).token

    forced = make_request(token, forced=True, scanned_at=OPENING + timedelta(seconds=1))
    answers = scan_batch(scanner(edition), edition.id, [make_request(token), forced], OPENING)

    assert [answer.reason for answer in answers] == [None, Reason.ALREADY_ADMITTED]


def test_scan_batch_when_in_any_order_then_judged_in_time_and_answered_in_place(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    attendee = make_attendee(edition, now)
    late = make_request(attendee.token, scanned_at=OPENING + timedelta(minutes=2))
    early = make_request(attendee.token)
    out = make_request(attendee.token, scanned_at=OPENING + timedelta(minutes=1), direction=Direction.EXIT)

    first = scan_batch(scanner(edition), edition.id, [late, out, early, early], OPENING)
    again = scan_batch(scanner(edition), edition.id, [early, late, out], OPENING)

    assert [answer.reason for answer in first] == [None] * 4
    assert [answer.reason for answer in again] == [None] * 3
    assert _count(Scan) == 3


def test_scan_when_registration_was_cancelled_then_told_so_though_its_badge_is_revoked(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    attendee = make_attendee(edition, now)
    cancel_registration(SYSTEM, edition.id, attendee.id, now)

    assert scan_once(edition, attendee.token).reason is Reason.CANCELLED


@pytest.mark.parametrize("keyboard", ["german", "french", "russian", "wide", "with prefix", "keys alone"])
def test_scan_when_handheld_scanner_was_set_to_another_keyboard_then_admitted(
    each_app: Flask, edition: EditionFacts, now: datetime, keyboard: str
) -> None:
    make_checkpoint(edition, now)
    token = make_attendee(edition, now).token
    typed = {
        "german": token.lower().translate(str.maketrans("yz", "zy")),
        "french": token.translate(str.maketrans("AQZWM234567", "QAWZ?é\"'(-è")),
        "russian": token.lower().translate(str.maketrans("qwertyuiopasdfghjklzxcvbnm", "йцукенгшщзфывапролдячсмить")),
        "wide": "".join(chr(ord(each) + 0xFEE0) for each in token),
        "with prefix": f"]Q1{token}\t",
        "keys alone": "你好",
    }[keyboard]

    answer = scan_once(edition, typed, text_by_keys=f"]Q1{token}" if keyboard == "keys alone" else "")

    assert answer.verdict is Verdict.ADMITTED


def test_scan_when_distorted_beyond_reading_then_unreadable_and_not_forged(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    token = make_attendee(edition, now).token

    # A token need not contain any particular letter, so the one in the middle is taken.
    letter = token[60]
    texts = [token[:60] + token[61:], token.replace(letter, ""), token.lower().replace(letter.lower(), "🙂"), token * 2]

    assert {scan_once(edition, text).reason for text in texts} == {Reason.UNKNOWN_TOKEN}


def test_scan_when_other_layouts_text_was_signed_by_nobody_then_not_admitted(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    forged = sign_token(BadgeToken(0, edition.number, 1, 1, 1, 0, 3), b"x" * 32)

    answers = [scan_once(edition, text).reason for text in (forged, forged.translate(str.maketrans("YZ", "ZY")))]

    assert answers[0] is Reason.BAD_SIGNATURE
    assert answers[1] in {Reason.BAD_SIGNATURE, Reason.UNKNOWN_TOKEN}
