// Serves my page from this device when the network does not respond. It only reads and deletes; `offline.js` writes.
// It handles `/me`, the pages below it and what they load; other paths starting with "/me" pass through.

const PAGE = new URL(self.registration.scope).pathname;
const MAX_WAIT = 4000;
const GONE = [401, 403, 404];

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode !== "navigate") event.respondWith(respondToAsset(request));
  else if (isPage(pathname)) event.respondWith(respond(event, findStoredPage));
  else if (pathname.startsWith(`${PAGE}/open/`)) event.respondWith(openLink(request));
  else if (pathname.startsWith(`${PAGE}/`)) event.respondWith(respond(event, () => findStoredFile(request)));
});

function isPage(pathname) {
  return pathname === PAGE || pathname === `${PAGE}/`;
}

/** Responds from the network, or from the cache if that fails or takes too long. Without a cached copy it waits. */
async function respond(event, findStored) {
  const pending = fetchFresh(event.request);
  // A response that is too late to be shown still reveals whether anybody is signed in.
  event.waitUntil(pending.catch(() => {}));
  try {
    const response = await withTimeout(pending);
    return response.status < 500 ? response : ((await findStored()) ?? response);
  } catch {
    return (await findStored()) ?? pending;
  }
}

/** A mailed link signs in, perhaps somebody else; it leads to the stored page only when the network fails. */
async function openLink(request) {
  try {
    return await fetchFresh(request);
  } catch {
    return (await findStoredPage()) ? Response.redirect(PAGE) : Response.error();
  }
}

/** Fetches from the network. Pages under /me redirect only if nobody, or another person, is signed in. */
async function fetchFresh(request) {
  const response = await fetch(request);
  const { pathname } = new URL(request.url);
  const isGone = GONE.includes(response.status) && (isPage(pathname) || response.status === 401);
  if (isGone || response.type === "opaqueredirect") await deleteCaches();
  return response;
}

/** Serves what a page under /me loads. */
async function respondToAsset(request) {
  const stored = await findStoredFile(request);
  if (!stored) return fetch(request);
  // The URL of a versioned static file changes with its content, so a cached one is never stale.
  if (/^\/static\/[^?]+\?v=/.test(request.url.slice(self.location.origin.length))) return stored;
  try {
    const response = await withTimeout(fetch(request));
    return response.status < 500 ? response : stored;
  } catch {
    return stored;
  }
}

async function findStoredPage() {
  const stored = await findStoredFile(PAGE);
  if (!stored) return undefined;
  const headers = new Headers(stored.headers);
  headers.delete("content-encoding");
  headers.delete("content-length");
  return new Response((await stored.text()).replace("data-kept-copy hidden", "data-kept-copy"), { headers });
}

/** Finds the cached response for exactly this URL, because its query says whose badge it is. */
async function findStoredFile(request) {
  const cacheName = (await caches.keys()).find((each) => each.startsWith("expo-me ") && each.endsWith(` ${PAGE}`));
  // Not opened by name, because that would recreate a cache deleted in the meantime.
  return cacheName && caches.match(request, { cacheName, ignoreVary: true });
}

async function deleteCaches() {
  const names = (await caches.keys()).filter((each) => each.startsWith("expo-me"));
  await Promise.all(names.map((each) => caches.delete(each)));
}

function withTimeout(response) {
  return Promise.race([response, new Promise((_, fail) => setTimeout(() => fail(new Error("too slow")), MAX_WAIT))]);
}
