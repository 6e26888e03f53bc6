from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import ANONYMOUS, SYSTEM
from expo.badges.errors import BadgeMissing
from expo.badges.models import Badge, SigningKey
from expo.badges.queries import find_badge, find_badge_of, list_signing_keys, list_valid_tokens, public_keys
from expo.badges.services import (
    create_signing_key,
    distrust_signing_key,
    issue_badge,
    reissue_badge,
    revoke_badge,
)
from expo.editions.queries import EditionFacts
from expo.errors import Conflict, Unavailable
from expo.infra.db import db
from expo.pure.tokens import UnknownKey, verify_token
from expo.registration.services import record_payment
from tests.conftest import make_edition
from tests.make import make_attendee, make_registration, make_ticket_type


def test_reissue_when_lost_then_counter_rises_under_the_same_serial(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    made = make_attendee(edition, now)

    again = reissue_badge(SYSTEM, edition.id, made.id, now + timedelta(days=1))

    first = verify_token(made.token, public_keys(edition.id))
    second = verify_token(again.token, public_keys(edition.id))
    assert (first.issue, second.issue) == (1, 2)
    assert first.serial == second.serial == again.serial
    assert find_badge(edition.id, again.serial) == again


def test_reissue_when_255_were_issued_then_refused(app: Flask, edition: EditionFacts, now: datetime) -> None:
    made = make_attendee(edition, now)
    db.session.execute(update(Badge).values(issue=255))
    db.session.commit()

    with pytest.raises(Conflict) as refused:
        reissue_badge(SYSTEM, edition.id, made.id, now)

    assert refused.value.code == "badge_issues_used_up"


def test_issue_when_attendee_is_not_confirmed_then_refused(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)
    registered = make_registration(edition, now)

    with pytest.raises(Conflict) as refused:
        issue_badge(SYSTEM, edition.id, registered.attendees[0].id, now)

    assert refused.value.code == "badge_not_issuable"
    assert find_badge_of(registered.attendees[0].id) is None


def test_revoke_when_done_twice_then_the_first_moment_stands(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    made = make_attendee(edition, now)

    revoke_badge(SYSTEM, edition.id, made.id, now, "lost")
    badge = revoke_badge(SYSTEM, edition.id, made.id, now + timedelta(hours=1))

    assert badge.revoked_at == now
    with pytest.raises(PermissionMissing):
        revoke_badge(ANONYMOUS, edition.id, made.id, now)


def test_badges_when_of_another_edition_then_not_found(each_app: Flask, edition: EditionFacts, now: datetime) -> None:
    other = make_edition(now, "expo-2028", 2028)
    made = make_attendee(edition, now)
    make_attendee(other, now)

    assert find_badge(other.id, made.badge.serial) is None
    with pytest.raises(BadgeMissing):
        revoke_badge(SYSTEM, other.id, made.id, now)
    with pytest.raises(UnknownKey):
        verify_token(made.token, {})
    assert list_valid_tokens(edition.id) == [made.token]


def test_signing_key_when_a_new_one_is_made_then_both_are_trusted_until_one_is_not(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    old = make_attendee(edition, now)

    key_id = create_signing_key(SYSTEM, edition.id, now + timedelta(days=1))
    new = make_attendee(edition, now + timedelta(days=1))

    keys = public_keys(edition.id)
    assert [verify_token(each.token, keys).key_id for each in (old, new)] == [0, key_id] == [0, 1]
    distrust_signing_key(SYSTEM, edition.id, 0, now + timedelta(days=2))
    assert set(public_keys(edition.id)) == {1}
    assert [key.distrusted_at is None for key in list_signing_keys(edition.id)] == [False, True]


def test_signing_key_when_it_rests_then_encrypted_and_bound_to_the_secret_key(
    app: Flask, edition: EditionFacts, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_signing_key(SYSTEM, edition.id, now)
    kept = db.session.query(SigningKey).one().encrypted_private_key
    monkeypatch.setitem(app.config, "SECRET_KEY", "y" * 32)

    with pytest.raises(Unavailable) as refused:
        make_attendee(edition, now)

    assert refused.value.code == "secret_key_changed"
    assert len(kept) == 12 + 32 + 16


def test_list_valid_tokens_when_unpaid_or_revoked_then_left_out(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, "delegate", price_cents=5000)
    free = make_attendee(edition, now)
    revoked = make_attendee(edition, now)
    revoke_badge(SYSTEM, edition.id, revoked.id, now)
    paid = make_attendee(edition, now, "delegate")
    record_payment(SYSTEM, edition.id, paid.attendee.order_id, now)
    make_attendee(edition, now, "delegate")

    assert list_valid_tokens(edition.id) == [free.token, paid.token]
    assert list_valid_tokens(edition.id, ticket_type="delegate") == [paid.token]
    assert list_valid_tokens(edition.id, limit=1) == [free.token]
