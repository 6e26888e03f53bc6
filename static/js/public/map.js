// The public map. Without this script the plan, the search, the card of a booth and the route are pages of their own.

import { enableCards } from "./map/cards.js";
import { markOwn } from "./map/marks.js";
import { enableSearch } from "./map/search.js";
import { enableView } from "./map/view.js";

for (const part of document.querySelectorAll("[data-needs-script]")) part.hidden = false;
document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => print()));

enableSearch();
const frame = document.querySelector("[data-map]");
if (frame) {
  const view = enableView(frame);
  enableCards(frame, view);
  markOwn(frame);
  document.documentElement.dataset.map = "ready";
}
