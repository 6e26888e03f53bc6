// The verdict: the whole screen in one colour, and the name as large as possible.

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

// Shows the result of a scan.
export function showVerdict(answer) {
  const { tone } = answer;
  open(tone);
  write(answer);
  force.hidden = !answer.may_force;
  fit(tone);
  sound(tone);
  const shownFor = SHOWN_MS[tone] && (answer.attention || answer.party ? ATTENTION_MS : SHOWN_MS[tone]);
  if (shownFor) timer = setTimeout(closeVerdict, shownFor);
  else document.getElementById("next").focus();
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

function write({ word, attendee, advice, first, links, attention, party, age }) {
  part("word").textContent = word;
  part("name").textContent = attendee?.name ?? "";
  part("latin").textContent = attendee?.latin_name && attendee.latin_name !== attendee.name ? attendee.latin_name : "";
  part("who").textContent = [attendee?.company, attendee?.country].filter(Boolean).join(" · ");
  part("ticket").textContent = attendee?.ticket_type ?? "";
  part("advice").textContent = advice ?? "";
  part("first").textContent = first ?? "";
  part("attention").textContent = attention ?? "";
  part("party").textContent = party ?? "";
  part("age").textContent = age ?? "";
  part("links").replaceChildren(...(links ?? []).map(linkTo));
  announce.textContent = [word, attendee?.name, party, attention, advice, first, age].filter(Boolean).join(". ");
}

// Opens in a new tab, so that the camera of this one stays on.
function linkTo({ text, url }) {
  const link = Object.assign(document.createElement("a"), { href: url, target: "_blank", rel: "noopener", textContent: text });
  link.className = "btn btn-lg door-next";
  return link;
}

// Shrinks texts until their longest word fits on one line, and the name until everything fits.
function fit(tone) {
  const view = Math.min(window.innerWidth, window.innerHeight);
  part("name").style.fontSize = `${view * (tone === "yes" || tone === "out" ? 0.3 : 0.16)}px`;
  for (const name of ["word", "latin", "who", "ticket"]) {
    part(name).style.fontSize = "";
    shrink(name, () => false);
  }
  shrink("name", () => panel.scrollHeight > panel.clientHeight);
}

function shrink(name, isTooHigh) {
  const element = part(name);
  let size = parseFloat(getComputedStyle(element).fontSize);
  while (size > SMALLEST_PX[name] && (element.scrollWidth > element.clientWidth || isTooHigh())) {
    size = Math.max(size * 0.92, SMALLEST_PX[name]);
    element.style.fontSize = `${size}px`;
  }
}
