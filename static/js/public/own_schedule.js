// The schedule of a visitor who is not signed in: sessions starred on this device, rendered by the server.

import { readStars } from "./device_stars.js";

const place = document.querySelector("[data-own-schedule]");
let request = 0;

async function render() {
  const stars = readStars(place.dataset.edition) ?? [];
  document.querySelector("[data-no-stars]").hidden = stars.length > 0;
  if (!stars.length) return place.replaceChildren();
  const number = (request += 1);
  const query = new URLSearchParams(stars.map((slug) => ["session", slug]));
  const response = await fetch(`${place.dataset.source}?${query}`);
  if (!response.ok || number !== request) return undefined;
  place.innerHTML = await response.text();
  document.dispatchEvent(new CustomEvent("expo:rendered"));
  return undefined;
}

document.addEventListener("expo:stars", render);
await render();
