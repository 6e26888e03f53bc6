// The lead scanner: a text from the camera, a hand scanner or the keyboard becomes a lead, with or without a network.

import { Clock } from "../door/clock.js";
import { Connection } from "../door/connection.js";
import { listenForHandScanner } from "../door/hand_scanner.js";
import { tokenReadings } from "../door/keyboards.js";
import { byId, data, fill, formatTime, scope, texts } from "../door/page_data.js";
import { newId } from "../door/scan.js";
import { sound } from "../door/sounds.js";
import { showStatus } from "../door/strip.js";
import { trustText } from "../door/token.js";
import { prepareCamera, rememberRunning } from "../door/tools.js";
import { keepUpdated } from "../door/updates.js";
import { closeSaved, isSavedOpen, isShown, openSaved, showAnswer } from "./saved.js";
import { openStore } from "./store.js";
import { Sync } from "./sync.js";

const REPEAT_MS = 3000;
const SHORT_CODE = 20;
const LISTED = 20;

const company = decodeURIComponent(location.pathname.slice(scope.length).split("/")[0]);
const clock = new Clock();
const connection = new Connection(() => showState());
const lastSeen = new Map(); // by badge text
const recent = []; // the last scans of this page, newest first: { entry, words, isRefused }
let sync = null;
let store = null;
let layouts = [];

// A badge held in front of the camera is scanned once; it counts again after three seconds out of view.
function isRepeat(text) {
  const now = performance.now();
  for (const [each, seen] of lastSeen) if (now - seen >= REPEAT_MS) lastSeen.delete(each);
  const repeats = lastSeen.has(text);
  lastSeen.set(text, now);
  return repeats;
}

async function receive(text, keys = "") {
  closeRefused();
  if (!sync?.booth) return refuse("not_ready");
  if (text.length < SHORT_CODE && keys.length < SHORT_CODE) return receiveCode(text);
  const { token, distrust } = await verify(text, keys);
  if (distrust) return refuse(distrust);
  await begin({ token });
}

// A short code has no signature: only the server knows it.
async function receiveCode(code) {
  if (!navigator.onLine || connection.state === "offline") return refuse("code_offline");
  await begin({ code });
}

// Resolves to { token } as its badge has it, or { distrust } with the reason.
async function verify(text, keys) {
  const { keys: publicKeys, edition } = sync.booth;
  const first = await trustText(text, publicKeys, edition);
  if (first.token) return { token: text.trim().toUpperCase() };
  for (const typed of [keys, text]) {
    for (const reading of tokenReadings(typed, layouts)) {
      const read = await trustText(reading, publicKeys, edition);
      if (read.token) return { token: reading };
      if (read.distrust === "wrong_edition") return { distrust: "other_edition" };
    }
  }
  return { distrust: { unknown_token: "unreadable", bad_signature: "forged", wrong_edition: "other_edition" }[first.distrust] };
}

// Stores a scan before anything is shown, and sends it.
async function begin(what) {
  const made = clock.now();
  const entry = { scan_id: newId(), company, owner: sync.booth.owner, made, changed: made, note: null, rating: null, answers: null, ...what };
  await store.saveEntry(entry);
  recent.unshift({ entry, words: "", isRefused: false });
  recent.splice(LISTED);
  show(entry);
  sound("saved");
  announce(texts.saved);
  await sync.now();
}

function show(entry) {
  closeSaved();
  openSaved(entry, sync.booth.questions, save, () => {
    showRecent();
    sync.now();
  });
  showState();
}

// Stores what was noted about a scan; it is sent again as a whole.
function save(entry) {
  entry.changed = clock.now();
  const line = recent.find((each) => each.entry.scan_id === entry.scan_id);
  if (line) line.entry = entry;
  store.saveEntry(entry).then(showState);
}

function answered(entry, answer) {
  const line = recent.find((each) => each.entry.scan_id === entry.scan_id);
  if (answer.outcome === "saved") {
    if (line) line.words = [answer.lead.name, answer.lead.company].filter(Boolean).join(" · ");
    showAnswer(entry, answer);
  } else {
    if (line) Object.assign(line, { words: texts.outcomes[answer.outcome].word, isRefused: true });
    if (isShown(entry)) closeSaved();
    refuse(answer.outcome);
  }
  showRecent();
}

// Says clearly that nothing was saved, and why.
function refuse(outcome) {
  const { word, advice } = texts.outcomes[outcome];
  byId("refused").dataset.tone = outcome === "forged" || outcome === "revoked" ? "no" : "ask";
  byId("refused-word").textContent = word;
  byId("refused-advice").textContent = advice;
  byId("refused").hidden = false;
  byId("refused-next").focus();
  sound("ask");
  announce(`${word}. ${advice}`);
}

function closeRefused() {
  byId("refused").hidden = true;
}

function announce(words) {
  byId("announce").textContent = words;
}

function showRecent() {
  byId("recent").hidden = !recent.length;
  byId("recent-list").replaceChildren(...recent.map(({ entry, words, isRefused }) => {
    const line = document.createElement("li");
    const button = Object.assign(document.createElement("button"), { type: "button", className: "lead-line", disabled: isRefused, dir: "auto" });
    button.append(`${formatTime(entry.made, data.time_zone)} ${words || texts.badge}`);
    button.addEventListener("click", () => {
      byId("recent").open = false;
      show(entry);
    });
    line.append(button);
    return line;
  }));
}

async function showState() {
  if (!sync) return;
  const unsent = (await sync.listUnsent()).length;
  const problems = [];
  if (sync.isSignedOut) problems.push(texts.signed_out);
  if (sync.problem) problems.push(sync.problem);
  if (!store.isLasting) problems.push(texts.online_only);
  showStatus({ state: connection.state, age: null, unsent, problems, corrections: 0, skewMs: clock.isWrong ? clock.skewMs : 0 });
  byId("place-name").textContent = sync.booth?.name ?? "";
  document.documentElement.dataset.unsent = String(unsent);
  if (sync.booth) document.documentElement.dataset.booth = "ready";
}

function showTime() {
  byId("clock").textContent = new Date(clock.now()).toLocaleTimeString(data.language, { hour: "2-digit", minute: "2-digit", timeZone: data.time_zone });
}

async function open() {
  store = await openStore();
  navigator.storage?.persist?.().catch(() => {});
  sync = new Sync({
    company, url: `${scope}${encodeURIComponent(company)}/leads/scan`, store, clock, connection,
    events: { onChange: showState, onAnswer: answered },
  });
  layouts = await fetch(data.layouts_url).then((answer) => answer.json(), () => []);
  await sync.open();
}

byId("type").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = byId("typed").value.trim();
  byId("typed").value = "";
  if (text) receive(text);
});
byId("refused-next").addEventListener("click", closeRefused);
document.addEventListener("keydown", (event) => { if (event.key === "Escape") closeRefused(); });
listenForHandScanner([byId("typed"), byId("saved-note")], ({ text, keys }) => { if (!isRepeat(text)) receive(text, keys); });
prepareCamera((text) => { if (!isRepeat(text)) receive(text); });
byId("back").href = `${scope}${encodeURIComponent(company)}/leads`;
window.addEventListener("beforeunload", (event) => {
  closeSaved();
  if (!store?.isLasting && document.documentElement.dataset.unsent !== "0") event.preventDefault();
});
document.addEventListener("visibilitychange", () => document.hidden && showState());
setInterval(showTime, 5000);
showTime();
keepUpdated(() => !isSavedOpen() && byId("refused").hidden, rememberRunning);
open();
