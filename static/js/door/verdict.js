// The verdict: the whole screen in one colour, and the name as large as possible.

import { joinFacts } from "../kit/phrases.js";
import { sound } from "./sounds.js";

// These disappear automatically; the others stay until a tap or the next badge.
const SHOWN_MS = { yes: 1200, out: 1200, unexpected: 2500 };
const ATTENTION_MS = 4000; // long enough to read a note, or to count a group
const SMALLEST_PX = { name: 14, latin: 14, who: 13, ticket: 13, word: 20 };

const panel = document.getElementById("verdict");
const announce = document.getElementById("announce");
const part = (name) => document.getElementById(`verdict-${name}`);
const force = document.getElementById("force");

let timer = 0;
let focusBefore = null;
let onClosed = () => {};

export function whenVerdictCloses(callback) {
  onClosed = callback;
}

export function isVerdictOpen() {
  return !panel.hidden;
}

// Shows the result of a scan; without a sound (`isSilent`) if the server may still turn it in a moment.
export function showVerdict(answer, { isSilent = false } = {}) {
  const { tone } = answer;
  open(tone);
  write(answer);
  force.hidden = !answer.may_force;
  fit(tone);
  if (!isSilent) sound(tone);
  const shownFor = SHOWN_MS[tone] && (answer.attention || answer.party ? ATTENTION_MS : SHOWN_MS[tone]);
  if (shownFor) timer = setTimeout(closeVerdict, shownFor);
  else document.getElementById("next").focus();
}

// Adds what is known by now to the verdict on the screen, which stays as long as it would have.
export function updateVerdict(answer) {
  if (!write(answer)) return;
  force.hidden = !answer.may_force;
  fit(answer.tone);
}

// Shows the owner of a short code, with links to further pages.
export function showPerson(answer) {
  open("ask");
  write(answer);
  fit("ask");
  sound("ask");
  (panel.querySelector("#verdict-links a") ?? document.getElementById("next")).focus();
}

// Shows a notice and advice in amber; `isSilent` suppresses the sound when a notice is repeated.
export function showNotice(word, advice, { isSilent = false } = {}) {
  open("ask");
  write({ word, advice });
  fit("ask");
  if (!isSilent) sound("ask");
}

export function closeVerdict() {
  if (panel.hidden) return;
  clearTimeout(timer);
  panel.hidden = true;
  announce.textContent = "";
  focusBefore?.focus?.();
  onClosed();
}

function open(tone) {
  clearTimeout(timer);
  if (panel.hidden) focusBefore = document.activeElement;
  panel.dataset.tone = tone;
  panel.hidden = false;
  force.hidden = true;
}

// Returns whether any text differs from what was there.
function write({ word, attendee, advice, first, links, attention, party, addOns, age }) {
  const words = {
    word,
    name: attendee?.name,
    latin: attendee?.latin_name !== attendee?.name ? attendee?.latin_name : "",
    who: joinFacts([attendee?.company, attendee?.country]),
    ticket: attendee?.ticket_type,
    "add-ons": addOns,
    advice, first, attention, party, age,
  };
  let differs = false;
  for (const [name, text] of Object.entries(words)) {
    if (part(name).textContent === (text ?? "")) continue;
    part(name).textContent = text ?? "";
    differs = true;
  }
  part("links").replaceChildren(...(links ?? []).map(linkTo));
  const announced = [word, attendee?.name, party, addOns, attention, advice, first, age].filter(Boolean).join(". ");
  if (announce.textContent !== announced) announce.textContent = announced;
  return differs;
}

// Opens in a new tab, so that the camera of this one stays on.
function linkTo({ text, url }) {
  const link = Object.assign(document.createElement("a"), { href: url, target: "_blank", rel: "noopener", textContent: text });
  link.className = "btn btn-lg door-next";
  return link;
}

// Shrinks texts until their longest word fits on one line, and the name until everything fits. All texts are measured in
// one layout, because layouts are what a verdict takes longest for.
function fit(tone) {
  const view = Math.min(window.innerWidth, window.innerHeight);
  part("name").style.fontSize = `${view * (tone === "yes" || tone === "out" ? 0.3 : 0.16)}px`;
  const shown = Object.keys(SMALLEST_PX).filter((name) => part(name).textContent);
  for (const name of shown) if (name !== "name") part(name).style.fontSize = "";
  const sizes = shown.map((name) => sizeThatFits(part(name)));
  shown.forEach((name, place) => resize(name, sizes[place]));
  for (const name of shown) shrink(name, () => part(name).scrollWidth > part(name).clientWidth);
  shrink("name", () => panel.scrollHeight > panel.clientHeight);
}

// A word is as wide as its size says, so the size at which it fits can be computed.
function sizeThatFits(element) {
  const { clientWidth, scrollWidth } = element;
  const size = parseFloat(getComputedStyle(element).fontSize);
  return scrollWidth > clientWidth ? (size * clientWidth) / (scrollWidth + 1) : size;
}

function resize(name, size) {
  part(name).style.fontSize = `${Math.max(size, SMALLEST_PX[name])}px`;
}

// Tries smaller sizes for what cannot be computed: how texts wrap, and rounding.
function shrink(name, isTooLarge) {
  let size = parseFloat(part(name).style.fontSize);
  while (size > SMALLEST_PX[name] && isTooLarge()) {
    size *= 0.92;
    resize(name, size);
  }
}
