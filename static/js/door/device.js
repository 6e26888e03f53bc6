// This browser as a device of the door: its token, and how everything it keeps is deleted.

import { deleteStore } from "./store.js";

const DAY_MS = 86_400_000;
const TIMEOUT_MS = 15_000;

// Resolves to this device, registering it for the signed-in person of `session` if necessary; null if it has none.
// Another person's device is emptied first: what it has seen is not theirs.
export async function findDevice(store, session, url) {
  const known = await store.get("device");
  const owner = session?.owner;
  if (!owner || (known && [owner, null].includes(known.owner))) return known ?? null;
  try {
    const headers = { "X-CSRFToken": session.csrf_token, Accept: "application/json" };
    const answer = await fetch(url, { method: "POST", headers, redirect: "error", signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!answer.ok) throw new Error(String(answer.status));
    const { token, device } = await answer.json();
    if (known) await store.wipe({ keepsQueue: true });
    const made = { ...device, token, owner };
    await store.put("device", made);
    localStorage.setItem("door-device", "yes"); // signing out on another page empties this device too
    return made;
  } catch (error) {
    console.warn("This browser is not a device of the door:", error);
    return null;
  }
}

// Deletes what this device keeps; with `keepsQueue`, all but the scans that the server does not have.
export async function wipeDevice(store, { keepsQueue }) {
  const keeps = keepsQueue && (await store.countQueue()) > 0;
  await store.wipe({ keepsQueue: keeps });
  store.close();
  if (!keeps) await deleteStore();
  for (const name of ["door", "door-camera", "door-device"]) localStorage.removeItem(name);
}

// Whether the expo has been over for a day, after which nothing of it stays here.
export function isOver({ edition }, now) {
  return now > Date.parse(`${edition.ends_on}T23:59:59Z`) + DAY_MS;
}
