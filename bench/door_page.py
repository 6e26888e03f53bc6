"""Measures the scanner in Chromium: loading the door's data, the camera, and deciding with a slow processor."""

import json
import shutil
from datetime import UTC, datetime

from playwright.sync_api import Browser, Page, sync_playwright

from bench.door_camera import measure_camera, prepare_camera
from bench.table import Row
from bench.world import World
from expo.accounts.rules import SYSTEM
from expo.app import create_app
from expo.checkin.rules.devices import Profile
from expo.checkin.services.devices import DeviceRequest, create_devices, create_enrolment_codes
from expo.editions.queries import get_current_edition
from expo.infra.config import Settings

# A phone at the door is about this much slower than the computer that measures.
SLOW_DOWN = 4
DECISIONS = 200
CHECKPOINT = "south"
_LOADED = "() => document.documentElement.dataset.snapshot !== undefined"
_MEASURE = """async ([texts, checkpoint]) => {
  const { decide } = await import("/static/js/door/decide.js");
  const { openStore } = await import("/static/js/door/store.js");
  const { newScan } = await import("/static/js/door/scan.js");
  const store = await openStore();
  const snapshot = await store.get("snapshot");
  const decided = [], stored = [], verdicts = {};
  for (const text of texts) {
    const scan = newScan({ text, checkpoint, direction: "entry" }, { skewMs: 0 });
    const began = performance.now();
    const { verdict, badge, standings } = await decide(scan, scan.made, snapshot, store, []);
    decided.push(performance.now() - began);
    await store.addScan({ ...scan, badge }, standings, { scan_id: scan.scan_id, made: scan.made });
    stored.push(performance.now() - began);
    verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
  }
  // What no decision can do without: a signature and a read of the disk.
  const pair = await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
  const signature = await crypto.subtle.sign("Ed25519", pair.privateKey, new Uint8Array(12));
  const bare = [];
  for (let number = 0; number < texts.length; number += 1) {
    const began = performance.now();
    await crypto.subtle.verify("Ed25519", pair.publicKey, signature, new Uint8Array(12));
    await store.findBadge("-");
    bare.push(performance.now() - began);
  }
  for (const times of [bare, decided, stored]) times.sort((a, b) => a - b);
  return { bare, decided, stored, verdicts };
}"""


def measure_door_page(world: World) -> list[Row]:
    """Enrol a browser as a device, load the data of all attendees, and decide without the server."""
    tokens = world.flask("expo", "token", "list", "--limit", str(DECISIONS)).split()
    code = _make_enrolment_code(world)
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        try:
            page, load = _open_scanner(browser, f"http://127.0.0.1:{world.port}", code)
            camera = measure_camera(page, tokens)
            page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOW_DOWN})
            measured = page.evaluate(_MEASURE, [tokens, CHECKPOINT])
        finally:
            browser.close()
    if sum(measured["verdicts"].values()) != len(tokens):
        raise AssertionError(measured["verdicts"])
    decided, stored, bare = measured["decided"], measured["stored"], measured["bare"]
    limit = f"a signature and a read of IndexedDB {bare[len(bare) // 2]:.1f} ms"
    return [
        Row("load the door's data in the browser", load, "s"),
        Row(f"decision at {SLOW_DOWN}x slow-down, median", decided[len(decided) // 2], "ms", "< 30", limit),
        Row("  p95", decided[len(decided) * 95 // 100], "ms", "", json.dumps(measured["verdicts"])),
        Row("  with the scan on the disk, median", stored[len(stored) // 2], "ms"),
        Row("  p95", stored[len(stored) * 95 // 100], "ms"),
        *camera,
    ]


def _make_enrolment_code(world: World) -> str:
    now = datetime.now(UTC)
    with create_app(Settings.from_env(world.environment)).app_context():
        edition = get_current_edition()
        device_ids = create_devices(SYSTEM, edition.id, [DeviceRequest("Bench", Profile.STEWARD)], now)
        return create_enrolment_codes(SYSTEM, edition.id, device_ids, now)[device_ids[0]]


def _open_scanner(browser: Browser, address: str, code: str) -> tuple[Page, float]:
    """Return the scanner and the seconds until it had the door's data."""
    # The pictures of codes come from the measurement itself, which the policy of our pages refuses.
    context = browser.new_context(base_url=address, bypass_csp=True, service_workers="block")
    prepare_camera(context)
    page = context.new_page()
    page.set_default_timeout(180_000)
    page.goto(f"/en/door/enrol#{code}")
    page.get_by_role("link", name="Choose a checkpoint").wait_for()
    began = datetime.now(UTC)
    page.goto(f"/en/door/scanner?checkpoint={CHECKPOINT}&direction=entry")
    page.wait_for_function(_LOADED)
    return page, (datetime.now(UTC) - began).total_seconds()
