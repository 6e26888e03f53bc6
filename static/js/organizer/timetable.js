// The timetable editor: draws the draft, and connects mouse, keyboard and server. Without it, the lists and the plain
// form of each session remain.

import { fill } from "../kit/phrases.js";
import { enableDragging } from "./timetable/drag.js";
import { changeZoom, drawNow, renderGrid } from "./timetable/grid.js";
import { enableKeys } from "./timetable/keys.js";
import { changed, countChanges, days, model, onChange, texts } from "./timetable/model.js";
import { enablePanel, renderPanel } from "./timetable/panel.js";
import { follow, revert } from "./timetable/sync.js";

const changes = document.querySelector("[data-changed]");
const dayLinks = document.querySelectorAll("[data-days] a");

for (const part of document.querySelectorAll("[data-needs-script], [data-grid]")) part.hidden = false;

document.querySelectorAll("[data-zoom]").forEach((button) => {
  button.addEventListener("click", () => changeZoom(Number(button.dataset.zoom)));
});
document.querySelector("[data-print]").addEventListener("click", () => print());
document.querySelectorAll("[data-revert]").forEach((form) => {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    revert(form.dataset.revert);
  });
});
dayLinks.forEach((link, position) => {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    model.day = days[position].date;
    changed();
  });
});

function renderTools() {
  for (const form of document.querySelectorAll("[data-revert]")) form.querySelector("button").disabled = !model.history[form.dataset.revert];
  dayLinks.forEach((link, position) => {
    if (days[position].date === model.day) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  });
  const count = countChanges();
  changes.hidden = !count;
  changes.textContent = fill(texts.changes, { count: new Intl.NumberFormat(document.documentElement.lang).format(count) });
  const url = new URL(location.href);
  if (url.searchParams.get("day") !== model.day && url.searchParams.has("day")) {
    url.searchParams.set("day", model.day);
    history.replaceState(null, "", url);
  }
}

onChange(renderGrid);
onChange(renderPanel);
onChange(renderTools);
enableDragging();
enableKeys();
enablePanel();
changed();
follow();
setInterval(drawNow, 30_000);
