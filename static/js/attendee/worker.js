// Shows my page from this device when the network does not answer. It writes nothing: what is kept, `keep.js` keeps.
// It meddles with `/me` and what is under it, and with what those pages load; whatever else begins with "/me" passes.

const PAGE = new URL(self.registration.scope).pathname;
const PATIENCE = 4000;
const GONE = [401, 403, 404];

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode !== "navigate") event.respondWith(give(request));
  else if (isPage(pathname)) event.respondWith(show(event, keptPage));
  else if (pathname.startsWith(`${PAGE}/open/`)) event.respondWith(open(request));
  else if (pathname.startsWith(`${PAGE}/`)) event.respondWith(show(event, () => keptFile(request)));
});

function isPage(pathname) {
  return pathname === PAGE || pathname === `${PAGE}/`;
}

/** The network's answer; what is kept if that fails or takes long. With nothing kept, however long it takes. */
async function show(event, findKept) {
  const asked = ask(event.request);
  // An answer that comes too late to be shown still says whether anybody is signed in.
  event.waitUntil(asked.catch(() => {}));
  try {
    const answer = await inTime(asked);
    return answer.status < 500 ? answer : ((await findKept()) ?? answer);
  } catch {
    return (await findKept()) ?? asked;
  }
}

/** A letter's link signs in, perhaps somebody else: only without any network does it lead to what is kept. */
async function open(request) {
  try {
    return await ask(request);
  } catch {
    return (await keptPage()) ? Response.redirect(PAGE) : Response.error();
  }
}

/** Asks the network. Pages under /me lead elsewhere only when nobody, or somebody new, is signed in. */
async function ask(request) {
  const answer = await fetch(request);
  const { pathname } = new URL(request.url);
  const isGone = GONE.includes(answer.status) && (isPage(pathname) || answer.status === 401);
  if (isGone || answer.type === "opaqueredirect") await forget();
  return answer;
}

/** What a page under /me loads. */
async function give(request) {
  const kept = await keptFile(request);
  if (!kept) return fetch(request);
  // The address of a static file with a version changes with its content, so a kept one is never old.
  if (/^\/static\/[^?]+\?v=/.test(request.url.slice(self.location.origin.length))) return kept;
  try {
    const answer = await inTime(fetch(request));
    return answer.status < 500 ? answer : kept;
  } catch {
    return kept;
  }
}

async function keptPage() {
  const kept = await keptFile(PAGE);
  if (!kept) return undefined;
  const headers = new Headers(kept.headers);
  headers.delete("content-encoding");
  headers.delete("content-length");
  return new Response((await kept.text()).replace("data-kept-copy hidden", "data-kept-copy"), { headers });
}

/** A kept file of exactly this address, as its query says whose badge it is. */
async function keptFile(request) {
  const cacheName = (await caches.keys()).find((each) => each.startsWith("expo-me ") && each.endsWith(` ${PAGE}`));
  // Not opened by its name, which would make anew what was deleted meanwhile.
  return cacheName && caches.match(request, { cacheName, ignoreVary: true });
}

async function forget() {
  const names = (await caches.keys()).filter((each) => each.startsWith("expo-me"));
  await Promise.all(names.map((each) => caches.delete(each)));
}

function inTime(answer) {
  return Promise.race([answer, new Promise((_, fail) => setTimeout(() => fail(new Error("too slow")), PATIENCE))]);
}
