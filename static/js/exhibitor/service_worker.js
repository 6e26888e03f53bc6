// Serves the scanners of exhibitors without a network, as one version. `self.scanner`, written before this script by the
// server, is { version, pages, assets }. `pages` has, by their path below a company's address, the pages that are stored
// in their place: they are the same for everybody and have no data.

const { version, pages, assets } = self.scanner;
const SCOPE = new URL(self.registration.scope).pathname;
const PREFIX = `expo-leads ${SCOPE} `;
const CACHE = PREFIX + version;
const STORED = new Map(Object.entries(pages));

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
// The page asks for this between two scans; until then the old version continues.
self.addEventListener("message", (event) => { if (event.data === "activate") self.skipWaiting(); });
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  const page = url.pathname.startsWith(SCOPE) && STORED.get(url.pathname.slice(SCOPE.length).replace(/^[^/]+\//, ""));
  if (request.mode === "navigate" && page) event.respondWith(findStored(page).then((found) => found ?? fetch(request)));
  else if (request.mode !== "navigate" && assets.includes(url.pathname)) {
    event.respondWith(findStored(url.pathname).then((found) => found ?? fetch(request)));
  }
});

// A version is complete or not installed at all. Without cookies, the page is the same for everybody.
async function install() {
  const cache = await caches.open(CACHE);
  const options = { cache: "no-cache", credentials: "omit", redirect: "error" };
  await cache.addAll([...Object.values(pages), ...assets].map((url) => new Request(url, options)));
}

async function activate() {
  const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function findStored(url) {
  return (await caches.open(CACHE)).match(url, { ignoreVary: true });
}
