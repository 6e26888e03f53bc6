"""Measures the public map of a hall with 1,000 booths in Chromium: frames on a phone with a slow processor."""

import shutil
import statistics
from datetime import UTC, datetime
from typing import Any

from playwright.sync_api import CDPSession, Page, ViewportSize, sync_playwright

from bench.door_page import SLOW_DOWN
from bench.table import Row
from bench.world import World
from expo.accounts.rules import SYSTEM
from expo.app import create_app
from expo.editions.queries import EditionFacts, get_current_edition
from expo.editions.rules import HallRequest
from expo.editions.services import create_hall
from expo.exhibitors.models import Booth, Exhibitor, ExhibitorBooth
from expo.exhibitors.queries import list_plans
from expo.exhibitors.rules import PlanRequest
from expo.exhibitors.services import save_plan
from expo.infra.config import Settings
from expo.infra.db import atomic, db

BOOTHS, IN_ROW, SIZE, AISLE = 1000, 40, 3.0, 3.0
PHONE: ViewportSize = {"width": 390, "height": 844}
# Pixels a second of a finger; the browser sends the moves as a real screen would.
SPEED = 500
_WATCH = """() => {
  const state = window.frames_of_map = { frames: [], tasks: [], last: 0, is_on: true };
  new PerformanceObserver((list) => {
    for (const each of list.getEntries()) state.tasks.push(each.duration);
  }).observe({ type: "longtask" });
  const next = (now) => {
    if (state.last) state.frames.push(now - state.last);
    state.last = now;
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
}"""
_TAKE = """() => {
  const { frames, tasks } = window.frames_of_map;
  return { frames: frames.splice(0), tasks: tasks.splice(0) };
}"""


def measure_map_page(world: World) -> list[Row]:
    """Draw a hall with 1,000 booths, and move and zoom its map with fingers."""
    with create_app(Settings.from_env(world.environment)).app_context():
        hall = make_large_hall(get_current_edition(), datetime.now(UTC))
        db.session.remove()
    return measure_map_at(f"http://127.0.0.1:{world.port}/en/map/{hall}")


def make_large_hall(edition: EditionFacts, now: datetime) -> str:
    """Store a hall with booths that are all sold, to companies with long names, and return its code."""
    hall_id = create_hall(SYSTEM, edition.id, HallRequest({"en": "Measured hall"}), now)
    plan = next(each for each in list_plans(edition.id) if each.hall_id == hall_id)
    rows = -(-BOOTHS // IN_ROW)
    depth = rows * (SIZE + AISLE / 2) + 2 * AISLE
    save_plan(SYSTEM, edition.id, plan.code, PlanRequest(IN_ROW * SIZE + 2 * AISLE, depth, 500, 500, ()), 0, now)
    with atomic():
        for number in range(BOOTHS):
            row, column = divmod(number, IN_ROW)
            booth = Booth(
                edition_id=edition.id,
                hall_id=hall_id,
                code=f"M-{number + 1:04}",
                x=AISLE + column * SIZE,
                # Two rows stand back to back.
                y=AISLE + row * SIZE + (row // 2) * AISLE,
                width=SIZE,
                depth=SIZE,
                state="sold",
            )
            name = f"Measured Data Systems {number + 1}"
            slug = f"measured-{number + 1}"
            company = Exhibitor(edition_id=edition.id, key=slug, slug=slug, name=name, search_text=f" {slug}")
            db.session.add_all([booth, company])
            db.session.flush()
            booth.holder_id = company.id
            db.session.add(ExhibitorBooth(exhibitor_id=company.id, booth_id=booth.id))
    return plan.code


def measure_map_at(address: str) -> list[Row]:
    """Open the map of a hall on a phone, and measure the frames of each gesture."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        try:
            context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2)
            page = context.new_page()
            page.set_default_timeout(180_000)
            page.goto(address)
            page.wait_for_function("() => document.documentElement.dataset.map === 'ready'")
            session = context.new_cdp_session(page)
            session.send("Emulation.setCPUThrottlingRate", {"rate": SLOW_DOWN})
            page.evaluate(_WATCH)
            return _gestures(page, session)
        finally:
            browser.close()


def _gestures(page: Page, session: CDPSession) -> list[Row]:
    box = page.locator("[data-map-view]").bounding_box()
    if box is None:
        raise LookupError("no map")
    middle = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    rows = []

    def drag() -> None:
        for way in (1, -1):
            session.send(
                "Input.synthesizeScrollGesture",
                {**middle, "xDistance": 120 * way, "yDistance": 160 * way, "speed": SPEED, "gestureSourceType": "touch",
                 "preventFling": True},
            )  # fmt: skip

    def pinch(factor: float) -> None:
        session.send(
            "Input.synthesizePinchGesture",
            {**middle, "scaleFactor": factor, "relativeSpeed": SPEED, "gestureSourceType": "touch"},
        )

    for what, act in (
        ("moved, whole hall", drag),
        ("zoomed in", lambda: pinch(4)),
        ("moved, with numbers", drag),
        ("zoomed in further", lambda: pinch(4)),
        ("moved, with names", drag),
        ("zoomed out", lambda: pinch(0.1)),
    ):
        page.evaluate(_TAKE)
        act()
        rows += _rows(what, page.evaluate(_TAKE))
    return rows


def _rows(what: str, found: dict[str, Any]) -> list[Row]:
    frames, tasks = sorted(found["frames"]), sorted(found["tasks"])
    note = f"{len(frames)} frames; long tasks: {len(tasks)}" + (f", longest {tasks[-1]:.0f} ms" if tasks else "")
    return [
        Row(f"map of {BOOTHS:,} booths {what}, median frame", statistics.median(frames), "ms", "< 33", note),
        Row("  p95", frames[len(frames) * 95 // 100], "ms", "< 50"),
    ]
