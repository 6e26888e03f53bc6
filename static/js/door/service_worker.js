// Serves the scanner without a network: its page, modules, decoder and styles, as one version. `self.door`, written
// before this script by the server, names them: { version, page, assets }. Nothing with personal data is stored: of the
// pages only `page`, which is the same for everybody, and no answer to a request for data.

const { version, page, assets } = self.door;
const SCOPE = new URL(self.registration.scope).pathname;
const CACHE = `expo-door ${SCOPE} ${version}`;
const MAX_WAIT_MS = 4000;

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
// The page asks for this between two scans; until then the old version continues.
self.addEventListener("message", (event) => { if (event.data === "activate") self.skipWaiting(); });
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode !== "navigate") {
    if (assets.includes(url.pathname)) event.respondWith(respondToAsset(request, url));
  } else if (url.pathname === page || (url.pathname === SCOPE && url.searchParams.has("checkpoint"))) {
    event.respondWith(respondToScanner(request));
  } else if (url.pathname === SCOPE) event.respondWith(respondToChoice(request));
});

// A version is complete or not installed at all. Without cookies, the page is the same for everybody.
async function install() {
  const cache = await caches.open(CACHE);
  const options = { cache: "no-cache", credentials: "omit", redirect: "error" };
  await cache.addAll([page, ...assets].map((url) => new Request(url, options)));
}

async function activate() {
  const old = (await caches.keys()).filter((name) => name.startsWith(`expo-door ${SCOPE} `) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

// The scanner always comes from here, so that its page and its modules are of one version.
async function respondToScanner(request) {
  return (await findStored(page)) ?? fetch(request);
}

// The list of checkpoints comes from the server as long as it answers.
async function respondToChoice(request) {
  try {
    const response = await Promise.race([
      fetch(request),
      new Promise((_, fail) => setTimeout(() => fail(new Error("too slow")), MAX_WAIT_MS)),
    ]);
    return response.status < 500 ? response : ((await findStored(page)) ?? response);
  } catch {
    return (await findStored(page)) ?? Response.error();
  }
}

// Versions in the query of static files are ignored: everything stored belongs to one version.
async function respondToAsset(request, { pathname }) {
  return (await findStored(pathname)) ?? fetch(request);
}

async function findStored(url) {
  return (await caches.open(CACHE)).match(url, { ignoreVary: true });
}
