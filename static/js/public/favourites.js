// Hearts: favourites of visitors who are not signed in stay on this device, and are merged once they are signed in.
// Attendees' favourites are sent to the server without leaving the page.

import { prepareReload, readList, storeList } from "./device_lists.js";

const NAME = "favourites";
const form = document.getElementById("favourites");
const { edition } = form.dataset;
const cards = document.querySelector("[data-favourite-cards]");

if ("onDevice" in form.dataset) {
  if (readList(NAME, edition)) keepOnDevice(); // Otherwise the form leads to the sign-in page.
} else {
  sendWithoutLeaving();
  await merge();
}

function keepOnDevice() {
  mark();
  showCards();
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    const list = readList(NAME, edition);
    if (!button?.value || !list) return;
    const isAdded = button.name === "add";
    if (!storeList(NAME, edition, isAdded ? [...list, button.value] : list.filter((each) => each !== button.value))) return;
    event.preventDefault();
    mark();
    say(isAdded);
  });
  addEventListener("storage", mark);
}

/** Shows on every heart whether its company is a favourite on this device. */
function mark() {
  const chosen = new Set(readList(NAME, edition));
  for (const button of hearts()) show(button, chosen.has(button.value));
}

function hearts() {
  return document.querySelectorAll("button[form=favourites]");
}

function show(button, isChosen) {
  button.name = isChosen ? "remove" : "add";
  button.setAttribute("aria-pressed", String(isChosen));
}

async function showCards() {
  if (!cards?.dataset.url) return;
  const list = readList(NAME, edition);
  if (!list.length) return;
  const query = new URLSearchParams(list.map((slug) => ["exhibitor", slug]));
  const response = await fetch(`${cards.dataset.url}?${query}`).catch(() => null);
  if (!response?.ok) return;
  cards.innerHTML = await response.text();
  document.querySelector("[data-no-favourites]").hidden = true;
}

function sendWithoutLeaving() {
  form.addEventListener("submit", async (event) => {
    const button = event.submitter;
    if (!button?.value) return;
    event.preventDefault();
    const isAdded = button.name === "add";
    const body = new FormData(form);
    body.set(button.name, button.value);
    const headers = { Accept: "application/json" };
    const response = await fetch(form.action, { method: "POST", body, headers, redirect: "error" }).catch(() => null);
    if (!response?.ok) {
      const hidden = Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value });
      form.append(hidden);
      form.submit(); // The page that follows says what is wrong.
      return;
    }
    for (const each of hearts()) if (each.value === button.value) show(each, isAdded);
    say(isAdded);
  });
}

function say(isAdded) {
  const flash = document.createElement("div");
  flash.className = "callout callout-success";
  flash.dataset.flash = "";
  const link = Object.assign(document.createElement("a"), { href: form.dataset.link, textContent: form.dataset.linkText });
  const line = document.createElement("div");
  line.append(isAdded ? form.dataset.added : form.dataset.removed, " ", link);
  flash.append(line);
  document.querySelector("[data-flashes]")?.replaceChildren(flash);
}

/** Sends the favourites of this device to the server, and forgets exactly those that it stored. */
async function merge() {
  const sent = readList(NAME, edition);
  if (!sent?.length) return;
  const reload = prepareReload();
  const body = new FormData();
  body.set("csrf_token", form.elements.csrf_token.value);
  for (const slug of sent) body.append("exhibitor", slug);
  try {
    const response = await fetch(form.dataset.merge, { method: "POST", body, redirect: "error" });
    if (!response.ok) return; // Such as an account without a confirmed registration: they wait on the device.
    storeList(NAME, edition, readList(NAME, edition).filter((slug) => !sent.includes(slug)));
    const { added } = await response.json();
    document.documentElement.dataset.favouritesMerged = added;
    if (added) reload();
  } catch {
    // Offline: the next page tries again.
  }
}
