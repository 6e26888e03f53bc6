"""The door's page under other keyboards, with one checkpoint, after midnight, and after a cancellation."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts
from expo.flows.registration import cancel_registration
from expo.infra.clock import utcnow
from expo.infra.db import db
from tests.make import MadeAttendee, make_attendee
from tests.web.door.phone import open_door, wait_for_verdict
from tests.web.door.test_scanner import attendee, context, open_edition

__all__ = ["attendee", "context", "open_edition"]

pytestmark = pytest.mark.browser

CASES = json.loads((Path(__file__).parents[1] / "pure" / "door_days.json").read_text())["cases"]
PLACES = {each: f"Key{each}" for each in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"} | {each: f"Digit{each}" for each in "234567"}
GERMAN = str.maketrans("yz", "zy")
FRENCH = str.maketrans("AQZWM234567", "QAWZ?é\"'(-è")
RUSSIAN = str.maketrans("qwertyuiopasdfghjklzxcvbnm", "йцукенгшщзфывапролдячсмить")
ENTER, TAB, NOTHING = ("Enter",), ("Tab",), ()
# How keys come out: what the device shows for the text, and whether it tells the places of the keys.
DEVICES: dict[str, tuple[Callable[[str], str] | None, bool, tuple[str, ...]]] = {
    "US": (str, True, ENTER),
    "German, Caps Lock": (lambda text: text.lower().translate(GERMAN), True, ENTER),
    "French": (lambda text: text.translate(FRENCH), True, TAB),
    "Russian": (lambda text: text.lower().translate(RUSSIAN), True, NOTHING),
    "German, places unknown": (lambda text: text.lower().translate(GERMAN), False, ENTER),
    "Chinese input method": (None, True, ENTER),
    "wide letters": (lambda text: "".join(chr(ord(each) + 0xFEE0) for each in text), False, ENTER),
}
PRESS = """([keys, selector]) => {
  const target = selector ? document.querySelector(selector) : document.body;
  if (selector) target.focus();
  for (const { key, code } of keys) {
    const event = new KeyboardEvent("keydown", { key, code, bubbles: true, cancelable: true });
    if (target.dispatchEvent(event) && selector && key.length === 1) target.value += key;
  }
}"""


def _keys(device: str, token: str) -> list[dict[str, str]]:
    show, tells_places, ends = DEVICES[device]
    signs = list(show(token)) if show else ["Process"] * len(token)
    keys = [
        {"key": sign, "code": PLACES[letter] if tells_places else ""} for sign, letter in zip(signs, token, strict=True)
    ]
    prefix = [
        {"key": "Process" if show is None else "+", "code": "BracketRight" if tells_places else ""},
        keys[0] | {"key": show("Q") if show else "Process", "code": "KeyQ" if tells_places else ""},
        {"key": "1", "code": "Digit1" if tells_places else ""},
    ]
    return [*prefix, *keys, *({"key": end, "code": end} for end in ends)]


@pytest.mark.parametrize("selector", ["", "#typed"], ids=["anywhere", "in the field"])
def test_handheld_scanner_when_device_has_another_keyboard_then_admitted(
    context: BrowserContext, open_edition: EditionFacts, selector: str
) -> None:
    people = {device: make_attendee(open_edition, utcnow(), name=device) for device in DEVICES}
    db.session.rollback()
    page = open_door(context)

    for device, person in people.items():
        page.evaluate(PRESS, [_keys(device, person.token), selector])

        wait_for_verdict(page, tone="yes", name=device)
        expect(page.locator("#typed")).to_have_value("")


def test_text_when_typed_by_hand_with_enter_then_sent_as_it_stands(
    context: BrowserContext, attendee: MadeAttendee
) -> None:
    page = open_door(context)

    page.locator("#typed").fill(attendee.token.lower().translate(GERMAN))
    page.locator("#typed").press("Enter")

    expect(page.locator("#verdict")).to_have_attribute("data-tone", "yes")


def test_checkpoints_when_there_is_one_then_offered_without_an_error(context: BrowserContext) -> None:
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto("/door/?checkpoint=main&direction=exit")
    expect(page.locator("html")).to_have_attribute("data-door", "ready")

    page.goto("/door/")

    expect(page.get_by_label("Exit", exact=True)).to_be_checked()
    expect(page.locator("[name=checkpoint]")).to_be_checked()
    assert errors == []


def test_badge_when_registration_was_cancelled_then_reads_cancelled(
    context: BrowserContext, open_edition: EditionFacts, attendee: MadeAttendee
) -> None:
    cancel_registration(SYSTEM, open_edition.id, attendee.id, utcnow())
    db.session.rollback()
    page = open_door(context)

    page.evaluate(PRESS, [_keys("US", attendee.token), ""])

    expect(page.locator("#verdict-word")).to_have_text("Cancelled")


def test_day_when_asked_in_the_page_then_as_on_the_server(context: BrowserContext) -> None:
    page = open_door(context)

    days = page.evaluate(
        """async (cases) => {
          const { dayAtDoor } = await import("/static/js/door/expo_day.js");
          return cases.map(({ zone, first, last, at }) =>
            dayAtDoor(new Date(at), { time_zone: zone, starts_on: first, ends_on: last }));
        }""",
        CASES,
    )

    assert days == [each["day"] for each in CASES]


def test_clock_when_after_midnight_of_an_expo_day_then_names_the_day_that_the_door_counts(
    context: BrowserContext, open_edition: EditionFacts
) -> None:
    page = context.new_page()
    # A device would correct its clock by the server's.
    page.route("**/door/device", lambda route: route.fulfill(status=204))
    page.clock.set_fixed_time(f"{open_edition.days[1].isoformat()}T00:30:00+08:00")
    page.goto("/door/?checkpoint=main&direction=entry")

    first = open_edition.starts_on
    expect(page.locator("#clock")).to_have_text(f"{first.day} {first:%b} · 00:30")
    page.clock.set_fixed_time(f"{open_edition.days[1].isoformat()}T04:00:00+08:00")
    expect(page.locator("#clock")).to_have_text("04:00")
