"""What a device knows of people: until when it is right, how old it says it is, and that it goes after the expo."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select, update

from expo.accounts.models import UserSession
from expo.accounts.rules import SYSTEM
from expo.badges.queries import find_badge_of
from expo.badges.services import reissue_badge
from expo.checkin.models import Scan
from expo.checkin.services.zones import ZoneRequest, create_zone
from expo.editions.models import Edition
from expo.editions.queries import EditionFacts
from expo.flows.desk import change_ticket
from expo.flows.registration import cancel_registration
from expo.flows.seats import release_seat, take_seat
from expo.infra.clock import utcnow
from expo.infra.db import atomic, db
from expo.program.models import Session
from tests.domains.checkin.doors import make_checkpoint
from tests.journeys.door_phone import expect_unsent, open_device
from tests.journeys.test_door_offline import SYNC, Door, attendee, door, open_edition, steward
from tests.make import MadeAttendee, make_attendee, make_session, make_ticket_type
from tests.web.door.phone import type_like_a_scanner, wait_for_verdict

__all__ = ["attendee", "door", "open_edition", "steward"]

pytestmark = pytest.mark.browser

TALK = "/en/door/?checkpoint=talk-a&direction=entry"
# As if the server had last answered two minutes before.
_GET_OLDER = """() => new Promise((resolve) => {
  indexedDB.open("expo-door").onsuccess = ({ target: { result: database } }) => {
    const transaction = database.transaction("values", "readwrite");
    const values = transaction.objectStore("values");
    values.get("snapshot").onsuccess = ({ target: { result } }) => {
      values.put({ ...result, as_of: result.as_of - 120_000 }, "snapshot");
    };
    transaction.oncomplete = () => { database.close(); resolve(); };
  };
})"""
_COUNT_STORED = """() => new Promise((resolve) => {
  indexedDB.open("expo-door").onsuccess = ({ target: { result: database } }) => {
    const names = ["records", "standings", "history", "queue"];
    const transaction = database.transaction(names);
    const counts = names.map((name) => transaction.objectStore(name).count());
    transaction.oncomplete = () => { database.close(); resolve(counts.map(({ result }) => result)); };
  };
})"""
_DECIDE = """async (scans) => {
  const { decide } = await import("/static/js/door/decide.js");
  const { openStore } = await import("/static/js/door/store.js");
  const store = await openStore();
  const snapshot = await store.get("snapshot");
  const decided = [];
  for (const [text, checkpoint] of scans) {
    const { verdict, reason } = await decide({ text, checkpoint, direction: "entry" }, Date.now(), snapshot, store, []);
    decided.push(reason ?? verdict);
  }
  store.close();
  return decided;
}"""


def _make_talks(edition: EditionFacts) -> None:
    """Make two talks, whose doors admit anyone who has a seat or is a VIP, as often as they come."""
    for slug in ("talk-a", "talk-b"):
        make_session(edition, slug, slug=slug, starts_at=utcnow() + timedelta(hours=2), seat_limit=5)
        request = ZoneRequest({"en": slug}, anti_passback=False)
        make_checkpoint(
            edition,
            utcnow(),
            slug,
            zone_id=create_zone(SYSTEM, edition.id, slug, request, utcnow()),
            session_id=db.session.scalar(select(Session.id).where(Session.slug == slug)),
            rule={"any": [{"holds_seat": True}, {"ticket_type": ["vip"]}]},
        )


def _newest_token(who: MadeAttendee) -> str:
    badge = find_badge_of(who.id)
    assert badge is not None
    return badge.token


def _open_offline_with_old_data(door: Door) -> Page:
    open_device(door.phone.context, TALK).close()
    door.network.is_up = False
    page = open_device(door.phone.context, TALK)
    page.evaluate(_GET_OLDER)
    page.reload()
    page.wait_for_function("() => document.documentElement.dataset.snapshot !== undefined")
    return page


def test_person_when_moved_cancelled_upgraded_or_rebadged_then_judged_after_the_next_delta_and_the_age_is_said_before(
    door: Door, open_edition: EditionFacts
) -> None:
    edition = open_edition
    make_ticket_type(edition, utcnow(), "vip")
    _make_talks(edition)
    moved = make_attendee(edition, utcnow(), name="Moved")
    take_seat(SYSTEM, edition.id, moved.id, "talk-a", utcnow())
    cancelled = make_attendee(edition, utcnow(), "vip", name="Cancelled")
    rebadged = make_attendee(edition, utcnow(), "vip", name="Rebadged")
    upgraded = make_attendee(edition, utcnow(), name="Upgraded")
    db.session.rollback()
    page = _open_offline_with_old_data(door)

    release_seat(SYSTEM, edition.id, moved.id, "talk-a", utcnow())
    take_seat(SYSTEM, edition.id, moved.id, "talk-b", utcnow())
    cancel_registration(SYSTEM, edition.id, cancelled.id, utcnow())
    reissue_badge(SYSTEM, edition.id, rebadged.id, utcnow())
    change_ticket(SYSTEM, edition.id, upgraded.id, "vip", utcnow())
    new_tokens = [_newest_token(each) for each in (rebadged, upgraded)]
    db.session.rollback()

    for who, tone in ((moved, "yes"), (cancelled, "yes"), (rebadged, "yes"), (upgraded, "no")):
        type_like_a_scanner(page, who.token)
        wait_for_verdict(page, tone=tone, name=who.attendee.name, announced="Decided with data from")
    for token in new_tokens:
        page.evaluate("window.verdictsShown.length = 0")
        type_like_a_scanner(page, token)
        wait_for_verdict(page, tone="ask", word="Not on this device", announced="Decided with data from")
    expect_unsent(page, 6)

    before = page.evaluate("document.documentElement.dataset.snapshot")
    door.network.is_up = True
    page.evaluate(SYNC)
    page.wait_for_function("before => document.documentElement.dataset.snapshot !== before", arg=before)

    scans = [(moved.token, "talk-a"), (moved.token, "talk-b"), (cancelled.token, "talk-a")]
    scans += [(each, "talk-a") for each in (rebadged.token, upgraded.token, *new_tokens)]
    assert page.evaluate(_DECIDE, scans) == [
        "rule",
        "admitted",
        "cancelled",
        "revoked",
        "revoked",
        "admitted",
        "admitted",
    ]


def _end_the_expo(edition: EditionFacts) -> None:
    with atomic() as session:
        found = session.get(Edition, edition.id)
        assert found is not None
        found.starts_on, found.ends_on = edition.starts_on - timedelta(days=9), edition.ends_on - timedelta(days=9)
    db.session.rollback()


def _open_a_week_later(context: BrowserContext) -> Page:
    context.add_init_script("{ const now = Date.now; Date.now = () => now() + 7 * 86_400_000; }")
    return _open_device_without_data(context)


def _open_device_without_data(context: BrowserContext) -> Page:
    """Open the scanner's page of a device whose data is no longer there."""
    page = context.new_page()
    page.goto("/en/door/?checkpoint=main&direction=entry")
    expect(page.locator("html")).to_have_attribute("data-device", "yes")
    return page


def test_device_when_the_expo_is_over_then_its_data_goes_at_once_and_its_scans_once_they_are_sent(
    door: Door, open_edition: EditionFacts, attendee: MadeAttendee
) -> None:
    page = open_device(door.phone.context)
    door.network.is_up = False
    type_like_a_scanner(page, attendee.token)
    wait_for_verdict(page, tone="yes", name=attendee.attendee.name)
    expect_unsent(page, 1)
    records, standings, history, queue = page.evaluate(_COUNT_STORED)
    assert (records > 0, standings, history, queue) == (True, 1, 1, 1)
    page.close()

    page = _open_a_week_later(door.phone.context)
    expect(page.locator("#problems")).to_contain_text("The expo is over")
    assert page.evaluate(_COUNT_STORED) == [0, 0, 0, 1]

    _end_the_expo(open_edition)
    door.network.is_up = True
    page.evaluate(SYNC)

    expect(page).to_have_url(re.compile(r"/en/door/$"))
    page.wait_for_function("() => indexedDB.databases().then(all => all.every(each => each.name !== 'expo-door'))")
    db.session.rollback()
    assert [each.verdict for each in db.session.scalars(select(Scan))] == ["admitted"]


def test_session_when_it_ends_then_said_a_day_before_and_unsent_scans_are_sent_after_signing_in_again(
    door: Door, attendee: MadeAttendee
) -> None:
    _end_session(door, utcnow() + timedelta(hours=20))
    page = open_device(door.phone.context)
    expect(page.locator("#problems")).to_contain_text("Your sign-in ends at")
    door.network.is_api_down = True
    type_like_a_scanner(page, attendee.token)
    wait_for_verdict(page, tone="yes", name="张伟")
    expect_unsent(page, 1)

    _end_session(door, utcnow())
    door.network.is_api_down = False
    page.evaluate(SYNC)
    page.wait_for_url(re.compile("/sign-in"))
    assert _list_verdicts() == []
    door.phone.sign_in(door.app, door.steward)
    page = open_device(door.phone.context)

    expect_unsent(page, 0)
    expect(page.locator("#problems")).to_be_hidden()
    assert _list_verdicts() == ["admitted"]


def _end_session(door: Door, moment: datetime) -> None:
    with atomic() as session:
        session.execute(update(UserSession).where(UserSession.person_id == door.steward).values(expires_at=moment))
    db.session.rollback()
    door.app.extensions.pop("expo_recent", None)  # in which the device's token is known for two seconds


def _list_verdicts() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Scan.verdict)))
