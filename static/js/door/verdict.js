// The verdict: the whole screen in one colour, the name as large as it fits.

import { sound } from "./sounds.js";

const TONES = { admitted: "yes", refused: "no", needs_answers: "ask" };
const YES_MS = 1200;
const SMALLEST_PX = 24;

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

// Shows an answer. Green goes by itself; red and amber stay until a tap or the next badge.
export function showVerdict(answer) {
  const tone = TONES[answer.verdict];
  const who = answer.attendee;
  open(tone);
  part("word").textContent = answer.word;
  part("name").textContent = who?.name ?? "";
  part("latin").textContent = who?.latin_name && who.latin_name !== who.name ? who.latin_name : "";
  part("who").textContent = [who?.company, who?.country].filter(Boolean).join(" · ");
  part("ticket").textContent = who?.ticket_type ?? "";
  part("ticket").className = "door-ticket";
  part("advice").textContent = answer.advice ?? "";
  part("first").textContent = answer.first ?? "";
  force.hidden = !answer.may_force;
  fitName(tone);
  announce.textContent = [answer.word, who?.name, answer.advice, answer.first].filter(Boolean).join(". ");
  sound(tone);
  if (tone === "yes") timer = setTimeout(closeVerdict, YES_MS);
  else document.getElementById("next").focus();
}

// Shows an amber word and advice, without a sound of its own where it only goes on.
export function showNotice(word, advice, { isSilent = false } = {}) {
  open("ask");
  for (const name of ["name", "latin", "who", "ticket", "first"]) part(name).textContent = "";
  part("word").textContent = word;
  part("advice").textContent = advice;
  force.hidden = true;
  announce.textContent = `${word}. ${advice}`;
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
}

function fitName(tone) {
  const name = part("name");
  let size = Math.min(window.innerWidth, window.innerHeight) * (tone === "yes" ? 0.3 : 0.16);
  const fits = () => panel.scrollHeight <= panel.clientHeight && name.scrollWidth <= name.clientWidth && !breaksWords(name, size);
  name.style.fontSize = `${size}px`;
  while (!fits() && size > SMALLEST_PX) {
    size *= 0.92;
    name.style.fontSize = `${size}px`;
  }
}

// A word that is broken over two lines is a name too large: measured by the longest word on one line.
function breaksWords(element, size) {
  const context = document.createElement("canvas").getContext("2d");
  const style = getComputedStyle(element);
  context.font = `${style.fontWeight} ${size}px ${style.fontFamily}`;
  return element.textContent.split(/\s+/).some((word) => context.measureText(word).width > element.clientWidth);
}
