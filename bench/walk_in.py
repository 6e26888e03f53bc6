"""Measures a walk-in at the help desk: Chromium as a clerk who types the form, takes the payment and admits.

Everything is done by keyboard at a human rate, and one submission does the rest: registered, paid, badge queued and
checked in. Asking the person and handing over money are not measured: they take as long with any system.
"""

import shutil
import statistics
import time
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, expect, sync_playwright

from bench.table import Row
from bench.world import World
from expo.demo.staff import PASSWORD

# A keystroke every 300 ms: 40 words a minute. 168,000 people typed 52 on average, 240 ms each (V. Dhakal et al.,
# "Observations on Typing from 136 Million Keystrokes", CHI 2018); people who type from dictation are slower.
KEYSTROKE_MS = 300
TIMEOUT_MS = 60_000
CHECKPOINT = "south"
# Name, company, e-mail address, and as much of the country as its list needs.
PEOPLE = (
    ("Mairi Macdonald", "Highland Data", "mairi@highland-data.example", "United K"),
    ("Tomáš Novák", "Vltava Systems", "t.novak@vltava.example", "Cze"),
    ("Zhang Xiaoming", "Yunshang Keji", "xiaoming@yunshang.example", "China"),
)


@dataclass(frozen=True)
class Served:
    """One walk-in: seconds from opening the form to the answer, how many keys it took, and the machine's share."""

    seconds: float
    keys: int
    machine: float


def measure_walk_in(world: World) -> list[Row]:
    """Serve people one after the other, and report the slowest."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        try:
            page = _open_desk(browser, f"http://127.0.0.1:{world.port}")
            served = [_serve(page, *person) for person in PEOPLE]
        finally:
            browser.close()
    slowest = max(served, key=lambda each: each.seconds)
    note = f"{slowest.keys} keys at {KEYSTROKE_MS} ms (40 words a minute)"
    return [
        Row("walk-in registered, paid, admitted: slowest", slowest.seconds, "s", "< 30", note),
        Row("  median", statistics.median(each.seconds for each in served), "s"),
        Row("  of which the machine, slowest", max(each.machine for each in served), "s"),
    ]


def _open_desk(browser: Browser, address: str) -> Page:
    """Sign in as the help desk, and choose where it checks people in."""
    page = browser.new_context(base_url=address, viewport={"width": 1440, "height": 900}).new_page()
    page.set_default_timeout(TIMEOUT_MS)
    page.goto("/en/sign-in")
    page.get_by_label("E-mail").fill("desk@demo.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(lambda url: "sign-in" not in url)
    page.goto("/en/desk")
    place = page.locator("#place")
    if place.get_attribute("open") is None:
        place.locator("summary").click()
    page.locator("#place-checkpoint").select_option(CHECKPOINT)
    place.get_by_role("button", name="Save").click()
    return page


def _serve(page: Page, name: str, company: str, email: str, country: str) -> Served:
    clerk = _Clerk(page)
    began = time.perf_counter()
    page.goto("/en/desk/walk-in")
    expect(page.locator("#name")).to_be_focused()
    opened = time.perf_counter()
    for text in (name, company, email, country):
        clerk.type(text)
        clerk.press("Tab")
    _choose_paid_ticket(page, clerk)
    _go_to_payment(page, clerk)
    clerk.press("ArrowRight")  # the first way to pay
    submitted = time.perf_counter()
    page.keyboard.press("Enter")
    expect(page.locator("[data-flashes]")).to_contain_text(f"{name} checked in.", timeout=TIMEOUT_MS)
    expect(page.locator(".desk-facts")).to_contain_text("Paid or free")
    done = time.perf_counter()
    # Keys are pressed after their time, so the rest of the time between is what the page needed to take them.
    typing = submitted - opened
    lag = max(0.0, typing - clerk.keys * KEYSTROKE_MS / 1000)
    return Served(done - began, clerk.keys + 1, (opened - began) + lag + (done - submitted))


def _choose_paid_ticket(page: Page, clerk: "_Clerk") -> None:
    """Move to the first ticket with a price; the desk offers the ticket of the last walk-in at first."""
    is_free = "() => document.activeElement.parentElement.textContent.includes('free')"
    for _ in range(page.locator("[name=ticket_type]").count()):
        if not page.evaluate(is_free):
            return
        clerk.press("ArrowRight")
    raise LookupError("no ticket with a price")


def _go_to_payment(page: Page, clerk: "_Clerk") -> None:
    """Pass the add-ons, if the desk sells any."""
    is_there = "() => document.activeElement.name === 'payment'"
    for _ in range(page.locator("[data-walk-in] input").count()):
        clerk.press("Tab")
        if page.evaluate(is_there):
            return
    raise LookupError("no way to pay")


class _Clerk:
    """Presses keys at a human rate, and counts them."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.keys = 0

    def press(self, key: str) -> None:
        """Press one key, after the time that it takes."""
        time.sleep(KEYSTROKE_MS / 1000)
        self._page.keyboard.press(key)
        self.keys += 1

    def type(self, text: str) -> None:
        """Type a text letter by letter."""
        for letter in text:
            time.sleep(KEYSTROKE_MS / 1000)
            self._page.keyboard.type(letter)
            self.keys += 1
