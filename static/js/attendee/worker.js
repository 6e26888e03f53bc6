// Shows my page from this device when the network does not answer. It sees only pages under /me, and what they load.

const KEPT = "expo-me";
const PATIENCE = 4000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) return;
  event.respondWith(request.mode === "navigate" ? showPage(request) : give(request));
});

async function showPage(request) {
  try {
    const answer = await inTime(fetch(request));
    // Signed out, or somebody else's: nothing of it stays here.
    if (answer.type === "opaqueredirect" || [401, 403].includes(answer.status)) await caches.delete(KEPT);
    if (answer.status < 500) return answer;
    return (await keptPage(request)) ?? answer;
  } catch {
    return (await keptPage(request)) ?? Response.error();
  }
}

async function keptPage(request) {
  const kept = await caches.match(request, { cacheName: KEPT, ignoreSearch: true });
  if (!kept || !kept.headers.get("content-type")?.startsWith("text/html")) return kept;
  const headers = new Headers(kept.headers);
  headers.delete("content-encoding");
  headers.delete("content-length");
  return new Response((await kept.text()).replace("data-kept-copy hidden", "data-kept-copy"), { headers });
}

async function give(request) {
  const kept = await caches.match(request, { cacheName: KEPT });
  // Addresses of static files change with what is in them, so a kept one is never old.
  if (kept && new URL(request.url).pathname.startsWith("/static/")) return kept;
  try {
    return await fetch(request);
  } catch {
    return kept ?? Response.error();
  }
}

function inTime(answer) {
  return Promise.race([answer, new Promise((_, fail) => setTimeout(() => fail(new Error("too slow")), PATIENCE))]);
}
