// Keeps my page, what it looks like and its papers on this device, so that the badge is there without a network too.

const KEPT = "expo-me";

// Only on https:// and on the machine itself: elsewhere browsers offer no such place.
const place = document.querySelector("[data-keep-worker]");
if (place && "serviceWorker" in navigator && "caches" in window) {
  await navigator.serviceWorker.register(place.dataset.keepWorker, { scope: place.dataset.keepScope });
  const strip = document.querySelector("[data-kept-copy]");
  if (strip && strip.hidden) await keep();
}

async function keep() {
  const own = (address) => new URL(address, location.href).origin === location.origin;
  const looks = performance
    .getEntriesByType("resource")
    .map((entry) => entry.name.split("#")[0])
    .filter(own);
  const papers = [...document.querySelectorAll("a[data-keep]")].map((link) => link.href);
  // Begun anew each time: what another person left on this device goes.
  await caches.delete(KEPT);
  const cache = await caches.open(KEPT);
  await Promise.allSettled([location.pathname, ...new Set([...looks, ...papers])].map((address) => cache.add(address)));
  document.documentElement.dataset.kept = "yes";
}
