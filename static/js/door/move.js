// Moves this device to another server of the expo, such as from the centre to the hub of a hall and back: by the code that
// sets a device up there. Nothing is typed, and nothing secret goes to the other server before it is confirmed here.

import { byId, fill } from "./page_data.js";

const ENROL = /^(\/[a-z]{2,3}(-[A-Za-z]{2,4})?)?\/door\/enrol$/;
const CODE = /^#[\w-]{16,64}$/;

let link = null;

// Returns the link in a scanned text if it sets up devices; null for every other text, and on a person's own browser,
// which belongs to their session.
export function moveLink(text, { device }) {
  if (!device || device.owner || !/^https?:/i.test(text)) return null;
  try {
    const url = new URL(text);
    return ENROL.test(url.pathname) && CODE.test(url.hash) && !url.username && !url.search ? url : null;
  } catch {
    return null;
  }
}

// Asks whether this device should move; it scans at the same place there.
export function askToMove(wanted, station, place) {
  if (byId("move-dialog").open) return;
  link = wanted;
  const { text } = byId("move-where").dataset;
  byId("move-where").textContent = fill(text, { server: link.host });
  byId("move-now").onclick = () => move(station, place);
  byId("move-back").onclick = () => byId("move-dialog").close();
  byId("move-dialog").showModal();
}

async function move(station, { checkpoint, direction }) {
  byId("move-now").disabled = true;
  await station.leave().catch((error) => console.error(error));
  location.replace(`${link.origin}${link.pathname}${link.hash}?${new URLSearchParams({ checkpoint, direction })}`);
}
