// The control room: keeps itself current, says how old its numbers are, and fills the screen on request.

import "./refresh.js";

const page = document.querySelector("[data-refresh-url]");
const stale = page.querySelector("[data-stale]");
const since = page.querySelector("[data-stale-since]");
const updated = page.querySelector("[data-updated]");
const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
const clock = new Intl.DateTimeFormat(language, { timeStyle: "medium" });
const STALE_AFTER_MS = 6000;
let lastAnswer = Date.now();

document.addEventListener("refreshed", () => {
  lastAnswer = Date.now();
  stale.hidden = true;
  updated.textContent = clock.format(lastAnswer);
});
document.addEventListener("refresh-failed", () => {
  if (Date.now() - lastAnswer < STALE_AFTER_MS) return;
  stale.hidden = false;
  since.textContent = clock.format(lastAnswer);
});

const button = document.querySelector("[data-full-screen]");
if (button && document.fullscreenEnabled) {
  button.hidden = false;
  button.addEventListener("click", () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen();
  });
}
