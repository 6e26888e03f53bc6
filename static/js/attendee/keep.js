// Keeps my page, what it looks like and its papers on this device, so that the badge is there without a network too.
// One cache for each person and language, "expo-me <codes of the attendees> <address of the page>"; `worker.js` shows it.

import { forgetKept } from "../kit/behaviours.js";

const PAPER_MINUTES = 60;

// Only on https:// and on the machine itself: elsewhere browsers offer no such place.
const strip = document.querySelector("[data-kept-copy]");
if (strip && "serviceWorker" in navigator && "caches" in window) {
  const { keepWorker, keepScope, keepOwner } = strip.dataset;
  navigator.serviceWorker
    .register(keepWorker, { scope: keepScope })
    .then(() => strip.hidden && keep(keepOwner, keepScope))
    .catch((error) => console.warn("Not kept for days without a network:", error));
}

async function keep(owner, page) {
  // First of all: what another person left on this device goes.
  await forgetKept(owner && `expo-me ${owner} `);
  if (!owner) return;
  if (document.readyState !== "complete") await new Promise((done) => addEventListener("load", done, { once: true }));
  await document.fonts.ready;

  const answer = await get(page);
  const html = await answer?.clone().text();
  if (!html || ownerOf(html) !== owner) return;
  const cache = await caches.open(`expo-me ${owner} ${page}`);
  const before = await (await cache.match(page, { ignoreVary: true }))?.text();
  const isChanged = !before || factsOf(before) !== factsOf(html);
  const looks = looksOfPage();
  const papers = [...document.querySelectorAll("a[data-keep]")].map((link) => link.href);

  // The network may go at any moment: the code comes first, and a whole page gives way only to a whole one.
  if (!before) await cache.put(page, answer.clone());
  await Promise.all(looks.map((url) => renew(cache, url, (kept) => !kept || !url.includes("?v="))));
  await cache.put(page, answer);
  const wanted = new Set([new URL(page, location.href).href, ...looks, ...papers]);
  for (const { url } of await cache.keys()) if (!wanted.has(url)) await cache.delete(url, { ignoreVary: true });
  await Promise.all(papers.map((url) => renew(cache, url, (kept) => isChanged || isOld(kept))));
  document.documentElement.dataset.kept = "yes";
}

async function renew(cache, url, isNeeded) {
  if (!isNeeded(await cache.match(url, { ignoreVary: true }))) return;
  const answer = await get(url);
  if (answer) await cache.put(url, answer);
}

/** A whole answer, or nothing: a sign-in page to which an address leads is not what was asked for. */
async function get(url) {
  try {
    const answer = await fetch(url, { redirect: "error" });
    return answer.status === 200 ? answer : undefined;
  } catch {
    return undefined;
  }
}

/** Stylesheets, scripts, fonts and pictures of this page. */
function looksOfPage() {
  const loaded = performance.getEntriesByType("resource").map((entry) => entry.name);
  const named = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], img[src]")].map((each) => each.href ?? each.src);
  const isLook = ({ origin, pathname }) =>
    origin === location.origin && (pathname.startsWith("/static/") || pathname.endsWith("/theme.css"));
  return [...new Set([...loaded, ...named].map((url) => url.split("#")[0]))].filter((url) => isLook(new URL(url)));
}

function ownerOf(html) {
  return parse(html).querySelector("[data-kept-copy]")?.dataset.keepOwner;
}

/** What the page says, without what differs each time it is asked for. */
function factsOf(html) {
  const main = parse(html).querySelector("main");
  for (const each of main?.querySelectorAll("[data-kept-copy], input[name=csrf_token]") ?? []) each.remove();
  return main?.innerHTML;
}

function parse(html) {
  return new DOMParser().parseFromString(html, "text/html");
}

function isOld(kept) {
  return !kept || !(Date.now() - Date.parse(kept.headers.get("date")) < PAPER_MINUTES * 60_000);
}
