"""Measures the scanner's camera in Chromium: from a code in view to its verdict."""

from playwright.sync_api import BrowserContext, Page

from bench.table import Row
from expo.documents.text_qr import text_qr_svg

CODES = 40
# A camera of 1280 × 720 at 30 pictures a second: empty, or with a badge's code as large as the hand holds it.
_CAMERA = """
const canvas = Object.assign(document.createElement("canvas"), { width: 1280, height: 720 });
const context = canvas.getContext("2d");
let picture = null;
setInterval(() => {
  context.fillStyle = "#777";
  context.fillRect(0, 0, 1280, 720);
  if (picture) context.drawImage(picture, 440, 160, 400, 400);
}, 1000 / 30);
navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(30);
window.showCode = async (svg) => {
  const image = new Image(400, 400);
  image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  await image.decode();
  const panel = document.getElementById("verdict");
  const began = performance.now();
  const seen = new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      if (panel.hidden) return;
      observer.disconnect();
      resolve(performance.now() - began);
    });
    observer.observe(panel, { attributes: true });
  });
  picture = image;
  const shown = await seen;
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  const painted = performance.now() - began;
  picture = null;
  panel.click();
  await new Promise((resolve) => setTimeout(resolve, 300));
  return [shown, painted];
};
"""


def prepare_camera(context: BrowserContext) -> None:
    """Give the pages of a browser a camera that can be shown codes."""
    context.add_init_script(_CAMERA)


def measure_camera(page: Page, tokens: list[str]) -> list[Row]:
    """Show the codes of badges to the camera, one after the other."""
    button = page.get_by_role("button", name="Start scanning")
    if button.is_visible():
        button.click()
    page.wait_for_function("() => document.querySelector('video')?.videoWidth > 0")
    times = [page.evaluate("(svg) => showCode(svg)", text_qr_svg(token, "code")) for token in tokens[:CODES]]
    shown, painted = (sorted(each) for each in zip(*times, strict=True))
    return [
        Row("code in view to verdict, median", shown[len(shown) // 2], "ms", "< 150"),
        Row("  p95", shown[len(shown) * 95 // 100], "ms"),
        Row("  painted, median", painted[len(painted) // 2], "ms"),
        Row("  p95", painted[len(painted) * 95 // 100], "ms"),
    ]
