// Marks the booths of favourites, those of the signed-in attendee or those stored on this device, in the drawing and in
// the list. Own meetings are drawn by the server; here they are added to the list.

import { readList } from "../device_lists.js";

const NAMESPACE = "http://www.w3.org/2000/svg";
const HEART = "M0 .6C-.5 .2-.8-.05-.8-.4A.42 .42 0 0 1 0-.5A.42 .42 0 0 1 .8-.4C.8-.05 .5 .2 0 .6Z";
const INSET = 0.3; // metres from the corner of the booth

export function markOwn(frame) {
  markFavourites(frame);
  for (const template of document.querySelectorAll("[data-mark-meeting]")) {
    const code = CSS.escape(template.dataset.markMeeting);
    document.querySelectorAll(`li[data-code="${code}"]`).forEach((item) => item.append(template.content.cloneNode(true)));
  }
}

function markFavourites(frame) {
  const { edition, signedIn } = frame.dataset;
  const own = signedIn === "true" ? JSON.parse(frame.dataset.favourites) : readList("favourites", edition) ?? [];
  const slugs = new Set(own);
  if (!slugs.size) return;
  const isFavourite = ({ dataset }) => dataset.slugs.split(" ").some((slug) => slugs.has(slug));
  const marks = frame.querySelector("[data-map-marks]");
  for (const booth of frame.querySelectorAll(".map-booth.is-taken")) {
    if (!isFavourite(booth)) continue;
    booth.classList.add("is-favourite");
    marks.prepend(heartOn(booth.querySelector("path")));
  }
  const template = document.querySelector("[data-mark-favourite]");
  for (const item of document.querySelectorAll("li[data-slugs]")) {
    if (isFavourite(item)) item.append(template.content.cloneNode(true));
  }
}

/** Returns a heart in the upper right corner of an outline. */
function heartOn(outline) {
  const box = outline.getBBox();
  const made = document.createElementNS(NAMESPACE, "g");
  made.setAttribute("class", "map-heart");
  const x = box.x + box.width - Math.min(INSET, box.width / 2);
  made.setAttribute("transform", `translate(${x} ${box.y + Math.min(INSET, box.height / 2)})`);
  const path = document.createElementNS(NAMESPACE, "path");
  path.setAttribute("d", HEART);
  made.append(path);
  return made;
}
