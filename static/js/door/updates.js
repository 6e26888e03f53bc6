// Installs the service worker of the door's pages, and changes to a new version between two scans.

import { scope } from "./page_data.js";

const IDLE_MS = 3000;
const CHECK_MS = 10 * 60_000;

// `isIdle` says whether nobody is being scanned; `onReload` is called just before the page is replaced.
export async function keepUpdated(isIdle, onReload = () => {}) {
  if (!("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.register(`${scope}service-worker.js`, { scope }).catch((error) => {
    console.warn("This page is not stored on this device:", error);
  });
  if (!registration) return;
  let isControlled = Boolean(navigator.serviceWorker.controller);
  let isOutdated = false; // another tab may have activated the new version during a scan in this one
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    isOutdated = isControlled; // the first version is what this page has been loaded from
    isControlled = true;
  });
  let idleSince = null;
  setInterval(() => {
    if (!isIdle()) idleSince = null;
    else idleSince ??= performance.now();
    if (idleSince === null || performance.now() - idleSince < IDLE_MS) return;
    if (isOutdated) {
      onReload();
      location.reload();
    } else registration.waiting?.postMessage("activate");
  }, 500);
  setInterval(() => registration.update().catch(() => {}), CHECK_MS);
}
