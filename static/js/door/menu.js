// The menu of the scanner: undo, the last scans, search, and signing out of this device.

import { showHistory } from "./history.js";
import { byId, data, fill, joinFacts } from "./page_data.js";

// Connects the menu with this device.
export function prepareMenu(station) {
  byId("menu-button").addEventListener("click", () => byId("menu-dialog").showModal());
  byId("menu-close").addEventListener("click", () => byId("menu-dialog").close());
  byId("history").addEventListener("click", async () => {
    byId("menu-dialog").close();
    station.corrections = 0;
    showHistory(station.store ? await station.store.listHistory() : [], station.sync?.snapshot?.edition.time_zone ?? data.time_zone);
  });
  byId("help").addEventListener("click", () => {
    byId("menu-dialog").close();
    byId("help-dialog").showModal();
  });
  byId("help-close").addEventListener("click", () => byId("help-dialog").close());
  byId("undo").addEventListener("click", () => askToUndo(station));
  byId("undo-now").addEventListener("click", async () => {
    byId("undo-dialog").close();
    await station.scanner?.undo();
    station.events.onChange();
  });
  byId("undo-back").addEventListener("click", () => byId("undo-dialog").close());
  byId("sign-out").addEventListener("click", () => askToSignOut(station));
  byId("sign-out-send").addEventListener("click", () => askToSignOut(station));
  byId("sign-out-now").addEventListener("click", () => signOut(station));
  byId("sign-out-back").addEventListener("click", () => byId("sign-out-dialog").close());
}

async function askToUndo({ scanner, store }) {
  const scan = scanner?.undoable;
  if (!scan) return;
  const entry = (await store.listHistory()).find((each) => each.scan_id === scan.scan_id);
  byId("undo-name").textContent = joinFacts([entry?.name, entry?.word]);
  byId("undo-dialog").showModal();
}

// Asks as the menu does, for somebody who has signed out on another page.
export function signOutIfAsked(station) {
  if (location.hash === "#sign-out") askToSignOut(station);
}

// Signs out at once if the server has every scan; else tries to send them, and asks.
async function askToSignOut(station) {
  byId("menu-dialog").close();
  await station.sync?.now();
  const unsent = (await station.sync?.countUnsent()) ?? 0;
  if (!unsent) return signOut(station);
  const { one, other } = byId("sign-out-count").dataset;
  byId("sign-out-count").textContent = fill(unsent === 1 ? one : other, { count: unsent.toLocaleString(data.language) });
  if (!byId("sign-out-dialog").open) byId("sign-out-dialog").showModal();
}

async function signOut(station) {
  const { session } = station;
  await station.wipe({ stays: Boolean(session) });
  if (!session) return;
  const form = Object.assign(document.createElement("form"), { method: "post", action: data.sign_out_url, hidden: true });
  form.append(Object.assign(document.createElement("input"), { name: "csrf_token", value: session.csrf_token }));
  document.body.append(form);
  form.submit();
}
