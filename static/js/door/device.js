// This browser as a device of the door: its token, and how everything that it stores is deleted.

import { deleteStore } from "./store.js";

const DAY_MS = 86_400_000;
const TIMEOUT_MS = 15_000;

// Resolves to the session of a signed-in person, or null. The page that the service worker stores contains none.
export async function findSession({ session, session_url }) {
  if (session || !navigator.onLine) return session;
  try {
    const answer = await fetch(session_url, { redirect: "error", signal: AbortSignal.timeout(TIMEOUT_MS) });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

// Makes this browser a device of the signed-in person. Resolves to null if the server does not.
export async function registerDevice(store, { owner, csrf_token, ends_at }, { device_url }) {
  try {
    const headers = { "X-CSRFToken": csrf_token, Accept: "application/json" };
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const answer = await fetch(device_url, { method: "POST", headers, redirect: "error", signal });
    if (!answer.ok) throw new Error(String(answer.status));
    const { token, device } = await answer.json();
    const made = { ...device, token, owner, session_ends_at: ends_at };
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

// Whether the expo has been over for a day, after which none of its data stays here.
export function isOver({ edition }, now) {
  return now > Date.parse(`${edition.ends_on}T23:59:59Z`) + DAY_MS;
}
