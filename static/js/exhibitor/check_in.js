// Checks visitors in to their meetings: a text from camera, handheld scanner or keyboard, with or without a network.

import { listenForHandheldScanner } from "../door/handheld_scanner.js";
import { byId, data, formatTime, texts } from "../door/page_data.js";
import { sound } from "../door/sounds.js";
import { prepareCamera, rememberRunning } from "../door/tools.js";
import { keepUpdated } from "../door/updates.js";
import { Station, showRefusal } from "./station.js";

const LATE_MS = 60_000;

const station = new Station();
let shown = null; // the scan whose panel is open

async function receive(text, keys = "") {
  byId("refused").hidden = true;
  const { problem, ...what } = await station.read(text, keys);
  if (problem) return refuse(texts.outcomes[problem].word, texts.outcomes[problem].advice);
  const entry = station.newEntry(what);
  await station.store.saveEntry(entry);
  show(entry);
  await station.sync.now();
  await tellIfWaiting(entry);
}

// Opens the panel of a scan, before it is known whose meeting it is.
function show(entry) {
  shown = entry;
  byId("arrived-word").textContent = texts.scanned;
  byId("arrived-text").textContent = station.isOffline ? texts.waiting : texts.checking;
  byId("arrived-link").hidden = true;
  byId("arrived").hidden = false;
  byId("arrived-next").focus();
  station.showState();
}

async function tellIfWaiting(entry) {
  const unsent = await station.sync.listUnsent();
  if (shown !== entry || !unsent.some((each) => each.scan_id === entry.scan_id)) return;
  byId("arrived-text").textContent = station.sync.problem || texts.waiting;
  sound("queued");
  announce(byId("arrived-text").textContent);
}

function answered(entry, { outcome, name, message, url }) {
  const isShown = shown?.scan_id === entry.scan_id;
  if (outcome === "arrived") {
    if (!isShown) return;
    byId("arrived-word").textContent = name;
    byId("arrived-text").textContent = message;
    byId("arrived-link").href = url;
    byId("arrived-link").hidden = false;
    sound("saved");
    announce(message);
    return;
  }
  if (isShown) close();
  const words = outcome === "invalid" ? texts.outcomes.invalid.advice : message;
  // A scan from when there was no network: the team must know which one.
  const isLate = station.clock.now() - entry.made > LATE_MS;
  refuse(texts.not_checked_in, isLate ? `${formatTime(entry.made, data.time_zone)} – ${words}` : words);
}

function refuse(word, advice) {
  showRefusal(word, advice);
  sound("ask");
  announce(`${word}. ${advice}`);
}

function announce(words) {
  byId("announce").textContent = words;
}

function close() {
  shown = null;
  byId("arrived").hidden = true;
}

function next() {
  close();
  byId("refused").hidden = true;
}

byId("type").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = byId("typed").value.trim();
  byId("typed").value = "";
  if (text) receive(text);
});
for (const id of ["arrived-next", "refused-next"]) byId(id).addEventListener("click", next);
document.addEventListener("keydown", (event) => { if (event.key === "Escape") next(); });
listenForHandheldScanner([byId("typed")], ({ text, keys }) => { if (!station.isRepeat(text)) receive(text, keys); });
prepareCamera((text) => { if (!station.isRepeat(text)) receive(text); });
window.addEventListener("beforeunload", (event) => {
  if (!station.store?.isLasting && document.documentElement.dataset.unsent !== "0") event.preventDefault();
});
keepUpdated(() => shown === null && byId("refused").hidden, rememberRunning);
station.open({ path: "meetings/check-in", back: "meetings", onAnswer: answered });
