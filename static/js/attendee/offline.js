// Stores my page, its assets and its downloads on this device, so that the badge is available offline.
// One cache per person and language, named "expo-me <attendee codes> <page URL>"; `worker.js` serves it.

import { deleteOfflineCopies } from "../kit/behaviours.js";

const DOWNLOAD_MINUTES = 60;

// Requires HTTPS or localhost; elsewhere browsers provide no Cache API.
const strip = document.querySelector("[data-kept-copy]");
if (strip && "serviceWorker" in navigator && "caches" in window) {
  const { keepWorker, keepScope, keepOwner } = strip.dataset;
  navigator.serviceWorker
    .register(keepWorker, { scope: keepScope })
    .then(() => strip.hidden && store(keepOwner, keepScope))
    .catch((error) => console.warn("Offline copy not stored:", error));
}

async function store(owner, page) {
  // First, delete what another person left on this device.
  await deleteOfflineCopies(owner && `expo-me ${owner} `);
  if (!owner) return;
  if (document.readyState !== "complete") await new Promise((done) => addEventListener("load", done, { once: true }));
  await document.fonts.ready;

  const response = await fetchComplete(page);
  const html = await response?.clone().text();
  if (!html || ownerOf(html) !== owner) return;
  const cache = await caches.open(`expo-me ${owner} ${page}`);
  const before = await (await cache.match(page, { ignoreVary: true }))?.text();
  const isChanged = !before || contentOf(before) !== contentOf(html);
  const assets = listAssets();
  const downloads = [...document.querySelectorAll("a[data-keep]")].map((link) => link.href);

  // The network may fail at any moment: store the code first, and replace a complete page only with a complete one.
  if (!before) await cache.put(page, response.clone());
  await Promise.all(assets.map((url) => update(cache, url, (stored) => !stored || !url.includes("?v="))));
  await cache.put(page, response);
  const wanted = new Set([new URL(page, location.href).href, ...assets, ...downloads]);
  for (const { url } of await cache.keys()) if (!wanted.has(url)) await cache.delete(url, { ignoreVary: true });
  await Promise.all(downloads.map((url) => update(cache, url, (stored) => isChanged || isStale(stored))));
  document.documentElement.dataset.kept = "yes";
}

async function update(cache, url, isNeeded) {
  if (!isNeeded(await cache.match(url, { ignoreVary: true }))) return;
  const response = await fetchComplete(url);
  if (response) await cache.put(url, response);
}

/** Fetches a complete response, or returns undefined; a redirect to the sign-in page does not count. */
async function fetchComplete(url) {
  try {
    const response = await fetch(url, { redirect: "error" });
    return response.status === 200 ? response : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the stylesheets, scripts, fonts and images of this page. */
function listAssets() {
  const loaded = performance.getEntriesByType("resource").map((entry) => entry.name);
  const named = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], img[src]")].map((each) => each.href ?? each.src);
  const isAsset = ({ origin, pathname }) =>
    origin === location.origin && (pathname.startsWith("/static/") || pathname.endsWith("/theme.css"));
  return [...new Set([...loaded, ...named].map((url) => url.split("#")[0]))].filter((url) => isAsset(new URL(url)));
}

function ownerOf(html) {
  return parse(html).querySelector("[data-kept-copy]")?.dataset.keepOwner;
}

/** Returns the page's content without the parts that differ on every request. */
function contentOf(html) {
  const main = parse(html).querySelector("main");
  for (const each of main?.querySelectorAll("[data-kept-copy], input[name=csrf_token]") ?? []) each.remove();
  return main?.innerHTML;
}

function parse(html) {
  return new DOMParser().parseFromString(html, "text/html");
}

function isStale(stored) {
  return !stored || !(Date.now() - Date.parse(stored.headers.get("date")) < DOWNLOAD_MINUTES * 60_000);
}
