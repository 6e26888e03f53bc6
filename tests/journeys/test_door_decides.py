"""A device's own decisions are the server's: badges of every kind, under any browser."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page
from sqlalchemy import update

from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import ensure_person, grant_role
from expo.badges.models import Badge
from expo.badges.services import reissue_badge, revoke_badge
from expo.checkin.rules import Direction
from expo.checkin.services.checkpoints import close_checkpoint
from expo.checkin.services.scans import scan
from expo.checkin.services.verdicts import ScanRequest
from expo.editions.queries import EditionFacts
from expo.flows.registration import cancel_registration
from expo.infra.clock import utcnow
from expo.infra.db import atomic, db
from expo.registration.models import Attendee, Order
from tests.conftest import make_edition
from tests.domains.checkin.doors import make_checkpoint, make_request, scanner
from tests.journeys.browser import open_browser, serve, sign_in_cookie
from tests.journeys.door_phone import PHONE, open_device
from tests.make import make_attendee, make_ticket_type
from tests.web.door.test_scanner import open_edition

__all__ = ["open_edition"]

pytestmark = pytest.mark.browser

_DECIDE = """async (scans) => {
  const { decide } = await import("/static/js/door/decide.js");
  const { openStore } = await import("/static/js/door/store.js");
  const store = await openStore();
  const snapshot = await store.get("snapshot");
  const decided = [];
  for (const [text, checkpoint, direction] of scans) {
    const { verdict, reason } = await decide({ text, checkpoint, direction }, Date.now(), snapshot, store, []);
    decided.push([verdict, reason]);
  }
  store.close();
  return decided;
}"""
_WITHOUT_ED25519 = """{
  const { generateKey } = SubtleCrypto.prototype;
  SubtleCrypto.prototype.generateKey = function (algorithm, ...rest) {
    if (algorithm === "Ed25519") return Promise.reject(new DOMException("", "NotSupportedError"));
    return generateKey.call(this, algorithm, ...rest);
  };
}"""


@pytest.fixture
def context(app: Flask, open_edition: EditionFacts) -> Iterator[BrowserContext]:
    """The phone of a steward."""
    steward = ensure_person("steward@example.org", "Steward", "en", utcnow())
    grant_role(SYSTEM, open_edition.id, steward, Role.STEWARD, utcnow())
    db.session.rollback()
    with serve(app) as address, open_browser() as browser:
        context = browser.new_context(viewport=PHONE, base_url=address, locale="en-GB")
        context.add_cookies([sign_in_cookie(app, address, steward)])
        yield context
        context.close()


def test_device_when_it_decides_then_as_the_server_for_every_kind_of_badge(
    context: BrowserContext, open_edition: EditionFacts
) -> None:
    scans = _make_every_kind(open_edition)
    page = open_device(context)

    decided = _decide(page, scans)

    answers = [scan(scanner(open_edition), open_edition.id, _request(each), utcnow()) for each in scans.values()]
    wanted = {
        name: (answer.verdict.value, answer.reason.value if answer.reason else None)
        for name, answer in zip(scans, answers, strict=True)
    }
    assert dict(zip(scans, decided, strict=True)) == wanted
    assert len({reason for _, reason in wanted.values()}) == 14


def test_device_when_the_browser_lacks_ed25519_then_decides_the_same(
    context: BrowserContext, open_edition: EditionFacts
) -> None:
    scans = _make_every_kind(open_edition)
    context.add_init_script(_WITHOUT_ED25519)
    page = open_device(context)

    decided = dict(zip(scans, _decide(page, scans), strict=True))

    assert page.evaluate("performance.getEntriesByType('resource').some(each => each.name.includes('noble-curves'))")
    assert (decided["valid"], decided["forged"]) == (("admitted", None), ("refused", "bad_signature"))


def _decide(page: Page, scans: dict[str, tuple[str, str, str]]) -> list[tuple[str, str | None]]:
    return [(verdict, reason) for verdict, reason in page.evaluate(_DECIDE, list(scans.values()))]


def _request(each: tuple[str, str, str]) -> ScanRequest:
    token, checkpoint, direction = each
    return make_request(token, checkpoint, direction=Direction(direction), scanned_at=utcnow())


def _make_every_kind(edition: EditionFacts) -> dict[str, tuple[str, str, str]]:
    """Make a badge of every kind, and return the scans by name: text, checkpoint, direction."""
    now = utcnow()
    vip = make_ticket_type(edition, now, "vip")
    make_checkpoint(edition, now, "lounge", ticket_type_ids=frozenset({vip.id}))
    make_checkpoint(edition, now, "closed")
    close_checkpoint(SYSTEM, edition.id, "closed", now)
    theirs = make_attendee(make_edition(now, "expo-2028", 2028), now)
    names = ("valid", "inside", "revoked", "replaced", "cancelled", "unpaid", "unapproved", "early", "late", "leaving")
    made = {name: make_attendee(edition, now, name=name) for name in names}
    scan(scanner(edition), edition.id, make_request(made["inside"].token, scanned_at=now), now)
    scan(scanner(edition), edition.id, make_request(made["leaving"].token, scanned_at=now), now)
    revoke_badge(SYSTEM, edition.id, made["revoked"].id, now)
    reissue_badge(SYSTEM, edition.id, made["replaced"].id, now)
    cancel_registration(SYSTEM, edition.id, made["cancelled"].id, now)
    with atomic() as session:
        session.execute(
            update(Order).where(Order.id == made["unpaid"].attendee.order_id).values(total_cents=100, paid_at=None)
        )
        session.execute(update(Attendee).where(Attendee.id == made["unapproved"].id).values(state="awaiting_approval"))
        for name, first in (("early", edition.days[1]), ("late", edition.days[0] - timedelta(days=1))):
            session.execute(
                update(Badge).where(Badge.attendee_id == made[name].id).values(valid_from=first, valid_days=1)
            )
    db.session.rollback()
    entries = {name: (each.token, "main", "entry") for name, each in made.items() if name != "leaving"}
    valid = made["valid"].token
    return {
        **entries,
        "leaving": (made["leaving"].token, "main", "exit"),
        "never entered": (made["early"].token, "main", "exit"),
        "wrong type": (valid, "lounge", "entry"),
        "closed": (valid, "closed", "entry"),
        "garbage": ("X" * 122, "main", "entry"),
        "text": ("https://example.org", "main", "entry"),
        "forged": (valid[:60] + ("A" if valid[60] != "A" else "B") + valid[61:], "main", "entry"),
        "other edition": (theirs.token, "main", "entry"),
    }
