// Sets up this browser as a device with the one-time code in the page's fragment, which is never sent with the page.

import { byId, data, fill, texts } from "./page_data.js";
import { openStore } from "./store.js";

const TIMEOUT_MS = 15_000;

// A device that moves here from another server brings the place at which it scanned.
const [given, place] = location.hash.slice(1).split("?");
await enrol(given);

async function enrol(code) {
  // Neither the history nor somebody looking at the address should have the code.
  history.replaceState(null, "", location.pathname);
  const store = await openStore();
  if (!store) return show(texts.enrol_unstored);
  const known = await store.get("device");
  if (!code) return known ? showDevice(known) : show(texts.enrol_failed);
  let answer;
  try {
    answer = await fetch("/api/v1/door/enrol", {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify({ code }),
      credentials: "omit",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (answer.status >= 500) throw new Error(String(answer.status));
  } catch {
    history.replaceState(null, "", `#${place ? `${code}?${place}` : code}`); // so that reloading tries again
    return show(texts.enrol_offline);
  }
  if (!answer.ok) return show(texts.enrol_failed);
  const { token, device } = await answer.json();
  await store.wipe({ keepsQueue: true }); // whatever else this browser was before
  await store.put("device", { ...device, token, owner: null });
  navigator.storage?.persist?.();
  if (place) return location.replace(scannerAt(new URLSearchParams(place)));
  showDevice(device);
}

function scannerAt(wanted) {
  const query = { checkpoint: wanted.get("checkpoint") ?? "", direction: wanted.get("direction") ?? "" };
  return `${data.scanner_url}?${new URLSearchParams(query)}`;
}

function showDevice({ name }) {
  show(fill(texts.enrolled, { name }));
  byId("enrol-next").hidden = false;
  byId("enrol-link").href = data.scanner_url;
  byId("enrol-link").focus();
}

function show(words) {
  byId("enrol-status").textContent = words;
  document.documentElement.dataset.door = "ready";
}
