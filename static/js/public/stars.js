// Stars before signing in: kept on this device, and merged into the attendee's schedule once they are signed in.

import { joinSentences } from "../kit/phrases.js";
import { prepareReload } from "./device_lists.js";
import { readStars, storeStars } from "./device_stars.js";

const form = document.getElementById("stars");
const { edition } = form.dataset;

if ("onDevice" in form.dataset) starOnDevice();
else if (readStars(edition)?.length) await mergeStars();

function starOnDevice() {
  if (!readStars(edition)) return; // The form leads to the sign-in page.
  mark();
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    const stars = readStars(edition);
    if (!button?.value || !stars) return;
    const isAdded = button.name === "add";
    const changed = isAdded ? [...stars, button.value] : stars.filter((slug) => slug !== button.value);
    if (!storeStars(edition, changed)) return;
    event.preventDefault();
    mark();
    const link = say(isAdded ? form.dataset.added : form.dataset.removed);
    if (isAdded) nameClash(button.value, link);
    document.dispatchEvent(new CustomEvent("expo:stars"));
  });
  document.addEventListener("expo:rendered", mark);
  addEventListener("storage", mark);
}

/** Shows on every star of the page whether its session is starred on this device. */
function mark() {
  const stars = new Set(readStars(edition));
  for (const button of document.querySelectorAll("button[form=stars]")) {
    const isChosen = stars.has(button.value);
    button.name = isChosen ? "remove" : "add";
    if (button.hasAttribute("aria-pressed")) button.setAttribute("aria-pressed", String(isChosen));
    if (!("starButton" in button.dataset)) continue;
    button.classList.toggle("btn-primary", !isChosen);
    button.classList.toggle("btn-quiet", isChosen);
    button.querySelector("[data-star-word]").textContent = isChosen ? button.dataset.wordRemove : button.dataset.wordAdd;
    const use = button.querySelector("use");
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, isChosen ? "#star-off" : "#star"));
  }
}

function say(text, kind = "success") {
  const list = document.querySelector("[data-flashes]");
  const flash = document.createElement("div");
  flash.className = `callout callout-${kind}`;
  flash.dataset.flash = "";
  const link = Object.assign(document.createElement("a"), { href: form.dataset.link, textContent: form.dataset.linkText });
  const line = document.createElement("div");
  line.append(text, " ", link);
  flash.append(line);
  list?.replaceChildren(flash);
  return link;
}

/** Adds to the message what a session overlaps with; the server knows all sessions of this device's schedule. */
async function nameClash(slug, link) {
  const query = new URLSearchParams(readStars(edition).map((each) => ["session", each]));
  try {
    const response = await fetch(`${form.dataset.own}?${query}`);
    if (!response.ok) return;
    const own = new DOMParser().parseFromString(await response.text(), "text/html");
    const clash = own.querySelector(`button[value="${CSS.escape(slug)}"]`)?.closest("li")?.querySelector("[data-clash]");
    if (clash && link.isConnected) say(joinSentences([form.dataset.added, clash.textContent.trim()]), "warning");
  } catch {
    // Offline: the schedule names it later.
  }
}

/** Sends the stars of this device to the server, and forgets exactly those that it stored. */
async function mergeStars() {
  const sent = readStars(edition);
  const reload = prepareReload();
  const body = new FormData();
  body.set("csrf_token", form.elements.csrf_token.value);
  for (const slug of sent) body.append("session", slug);
  try {
    const response = await fetch(form.dataset.merge, { method: "POST", body, redirect: "error" });
    if (!response.ok) return; // Such as an account without a confirmed registration: the stars wait on the device.
    const left = readStars(edition).filter((slug) => !sent.includes(slug));
    storeStars(edition, left);
    const { added } = await response.json();
    document.documentElement.dataset.starsMerged = added;
    if (added) reload();
  } catch {
    // Offline: the next page tries again.
  }
}
