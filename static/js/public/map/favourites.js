// Marks the booths of favourites: those of the signed-in attendee, or those stored on this device.

import { readList } from "../device_lists.js";

export function markFavourites(frame) {
  const { edition, signedIn } = frame.dataset;
  const own = signedIn === "true" ? JSON.parse(frame.dataset.favourites) : readList("favourites", edition) ?? [];
  const slugs = new Set(own);
  if (!slugs.size) return;
  for (const booth of frame.querySelectorAll(".map-booth.is-taken")) {
    if (booth.dataset.slugs.split(" ").some((slug) => slugs.has(slug))) booth.classList.add("is-favourite");
  }
}
