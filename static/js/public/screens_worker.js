// Serves the screens without a network: their pages, assets and data as they were last fetched. The network comes first.

const CACHE = "expo-screens";
const MAX_WAIT = 5000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (pathname.includes("/screens") || pathname.startsWith("/static/")) event.respondWith(respond(request));
});

async function respond(request) {
  const cache = await caches.open(CACHE);
  try {
    const response = await Promise.race([
      fetch(request),
      new Promise((_, fail) => setTimeout(() => fail(new Error("too slow")), MAX_WAIT)),
    ]);
    if (response.status >= 500) throw new Error(String(response.status));
    if (response.ok) await cache.put(request, response.clone());
    return response;
  } catch (error) {
    const stored = await cache.match(request, { ignoreVary: true });
    if (!stored) throw error;
    const headers = new Headers(stored.headers);
    headers.set("x-from-device", "yes");
    for (const name of ["content-encoding", "content-length"]) headers.delete(name);
    return new Response(await stored.blob(), { status: 200, headers });
  }
}
