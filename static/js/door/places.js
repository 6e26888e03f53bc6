// Where this page scans: the checkpoint and direction of its address, or a choice among those on the device.

import { byId, data, localized, texts } from "./page_data.js";

// Returns { checkpoint, direction }; `checkpoint` is null if it has yet to be chosen.
export function openPlace() {
  const wanted = new URLSearchParams(location.search);
  const checkpoint = data.checkpoint ?? wanted.get("checkpoint");
  const direction = data.checkpoint ? data.direction : wanted.get("direction") === "exit" ? "exit" : "entry";
  if (checkpoint) localStorage.setItem("door", JSON.stringify({ checkpoint, direction }));
  byId("direction").textContent = texts[direction];
  byId("place-name").textContent = data.checkpoint_name;
  byId("choose-panel").hidden = Boolean(checkpoint);
  byId("main").hidden = !checkpoint;
  return { checkpoint, direction };
}

// Shows the checkpoint's name, or the checkpoints that this device may scan at.
export function showPlaces({ checkpoint }, { checkpoints }, allowed) {
  const here = checkpoints.find((each) => each.code === checkpoint);
  if (here) byId("place-name").textContent = localized(here.name);
  if (checkpoint || byId("choose-list").childElementCount) return;
  const usable = checkpoints.filter((each) => !allowed?.length || allowed.includes(each.code));
  byId("choose-list").replaceChildren(...usable.map(lineOf));
  byId("choose-status").textContent = usable.length ? "" : byId("choose-status").dataset.none;
}

function lineOf({ code, name }) {
  const line = document.createElement("li");
  const label = Object.assign(document.createElement("strong"), { textContent: localized(name), dir: "auto" });
  const links = ["entry", "exit"].map((direction) => {
    const query = new URLSearchParams({ checkpoint: code, direction });
    const link = document.createElement("a");
    Object.assign(link, { href: `${data.scanner_url}?${query}`, textContent: texts[direction] });
    link.className = direction === "entry" ? "btn btn-primary btn-lg" : "btn btn-outline-secondary btn-lg";
    link.setAttribute("aria-label", `${localized(name)}: ${texts[direction]}`);
    return link;
  });
  line.append(label, ...links);
  return line;
}
