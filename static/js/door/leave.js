// Empties the scanner of a steward who signs out on another page. With unsent scans, its own page asks first.

import { wipeDevice } from "./device.js";
import { openStore } from "./store.js";

const SCANNER = "/door/scanner#sign-out";

// Resolves to whether the person may sign out now; otherwise the scanner opens and asks.
export async function leaveDoor() {
  const store = await openStore();
  const device = await store?.get("device");
  if (!device?.owner) return true; // nothing, or a device that was enrolled without an account
  if (await store.countQueue()) {
    location.assign(SCANNER);
    return false;
  }
  await wipeDevice(store, { keepsQueue: false });
  return true;
}
