// Serves the lead scanner without a network, as one version. `self.scanner`, written before this script by the server,
// is { version, page, assets }. Of the pages only `page` is stored, which is the same for everybody and has no data.

const { version, page, assets } = self.scanner;
const SCOPE = new URL(self.registration.scope).pathname;
const PREFIX = `expo-leads ${SCOPE} `;
const CACHE = PREFIX + version;
const SCANNER = /^[^/]+\/leads\/scan$/; // below the scope, after the company

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
// The page asks for this between two scans; until then the old version continues.
self.addEventListener("message", (event) => { if (event.data === "activate") self.skipWaiting(); });
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  const isScanner = url.pathname.startsWith(SCOPE) && SCANNER.test(url.pathname.slice(SCOPE.length));
  if (request.mode === "navigate" && isScanner) event.respondWith(findStored(page).then((found) => found ?? fetch(request)));
  else if (request.mode !== "navigate" && assets.includes(url.pathname)) {
    event.respondWith(findStored(url.pathname).then((found) => found ?? fetch(request)));
  }
});

// A version is complete or not installed at all. Without cookies, the page is the same for everybody.
async function install() {
  const cache = await caches.open(CACHE);
  const options = { cache: "no-cache", credentials: "omit", redirect: "error" };
  await cache.addAll([page, ...assets].map((url) => new Request(url, options)));
}

async function activate() {
  const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function findStored(url) {
  return (await caches.open(CACHE)).match(url, { ignoreVary: true });
}
