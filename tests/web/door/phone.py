"""The door's page in a browser: opened, scanned at, and asked which verdicts it has shown."""

from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

# Verdicts disappear automatically after a second, which a busy machine may need to look at the page: they are noted.
_NOTE_VERDICTS = """
window.verdictsShown = [];
document.addEventListener("DOMContentLoaded", () => {
  const panel = document.getElementById("verdict");
  if (!panel) return;
  const text = (id) => document.getElementById(id).textContent;
  new MutationObserver(() => {
    if (panel.hidden) return;
    const marks = [...panel.querySelectorAll("[class*=door-mark-]")].filter((mark) => mark.checkVisibility());
    const shown = {
      tone: panel.dataset.tone, name: text("verdict-name"), word: text("verdict-word"), announced: text("announce"),
      marks: marks.map((mark) => /door-mark-(\\w+)/.exec(mark.getAttribute("class"))[1]).join(" "),
    };
    const last = window.verdictsShown.at(-1);
    if (JSON.stringify(shown) !== JSON.stringify(last)) window.verdictsShown.push(shown);
  }).observe(document.body, { attributes: true, characterData: true, childList: true, subtree: true });
});
"""
_WAS_SHOWN = """(wanted) => window.verdictsShown.some((shown) => Object.entries(wanted).every(
  ([name, text]) => name === "announced" ? shown[name].includes(text) : shown[name] === text
))"""
# All in one task: between keys sent one by one a busy machine makes pauses that no scanner makes.
_TYPE = """(text) => {
  for (const key of [...text, "Enter"]) {
    const target = document.activeElement ?? document.body;
    const code = key.replace(/^[A-Z]$/i, (letter) => `Key${letter.toUpperCase()}`).replace(/^[0-9]$/, "Digit$&");
    const isTaken = !target.dispatchEvent(new KeyboardEvent("keydown", { key, code, bubbles: true, cancelable: true }));
    if (!isTaken && key.length === 1 && "value" in target && target.matches("input, textarea")) target.value += key;
  }
}"""

# Each as soon as the one before is stored on the phone; nothing is sent in between. A badge is not read again within
# three seconds.
_TYPE_ALL = f"""async (texts) => {{
  const type = {_TYPE};
  const unsent = () => Number(document.documentElement.dataset.unsent);
  const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  while (Number.isNaN(unsent())) await wait(1); // being counted
  const before = unsent();
  const seen = new Map();
  for (const [n, text] of texts.entries()) {{
    await wait(Math.max(0, 3100 - (performance.now() - (seen.get(text) ?? -Infinity))));
    type(text);
    await new Promise((resolve) => {{
      const look = () => (unsent() > before + n ? resolve() : setTimeout(look, 1));
      look();
    }});
    seen.set(text, performance.now());
  }}
}}"""


def open_door(
    context: BrowserContext, path: str = "/door/?checkpoint=main&direction=entry", *, is_device: bool = False
) -> Page:
    """Open the door's page and wait until it scans: with the server's verdicts, or as a device with its own data."""
    page = context.new_page()
    page.add_init_script(_NOTE_VERDICTS)
    if not is_device:
        page.route("**/door/device", lambda route: route.fulfill(status=204))
    page.goto(path)
    expect(page.locator("html")).to_have_attribute("data-door", "ready")
    return page


def type_like_a_scanner(page: Page, text: str) -> None:
    """Type a text as fast as a handheld scanner does, with Enter at its end."""
    page.evaluate(_TYPE, text)


def scan_all_offline(page: Page, texts: list[str]) -> None:
    """Scan many badges with a handheld scanner, as fast as a phone without a network stores them."""
    page.evaluate(_TYPE_ALL, texts)


def wait_for_verdict(page: Page, **wanted: str) -> None:
    """Wait until a verdict of this tone, name, word, mark or announcement was shown, even if it has gone since."""
    page.wait_for_function(_WAS_SHOWN, arg=wanted)


def list_verdicts(page: Page) -> list[dict[str, Any]]:
    """Return the verdicts shown so far."""
    shown: list[dict[str, Any]] = page.evaluate("window.verdictsShown")
    return shown
