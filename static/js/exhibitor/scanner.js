// The lead scanner: a text from camera, handheld scanner or keyboard becomes a lead, with or without a network.

import { listenForHandheldScanner } from "../door/handheld_scanner.js";
import { byId, data, formatTime, joinFacts, texts } from "../door/page_data.js";
import { sound } from "../door/sounds.js";
import { prepareCamera, rememberRunning } from "../door/tools.js";
import { keepUpdated } from "../door/updates.js";
import { closeSaved, isSavedOpen, isShown, openSaved, showAnswer } from "./saved.js";
import { Station, showRefusal } from "./station.js";

const LISTED = 20;

const station = new Station();
const recent = []; // the last scans of this page, newest first: { entry, words, isRefused }

async function receive(text, keys = "") {
  closeRefused();
  const { problem, ...what } = await station.read(text, keys);
  if (problem) return refuse(problem);
  await begin(what);
}

// Stores a scan before anything is shown, and sends it.
async function begin(what) {
  const entry = station.newEntry(what);
  await station.store.saveEntry(entry);
  recent.unshift({ entry, words: "", isRefused: false });
  recent.splice(LISTED);
  show(entry);
  sound("saved");
  announce(texts.saved);
  await station.sync.now();
}

function show(entry) {
  closeSaved();
  openSaved(entry, station.booth.questions, save, () => {
    showRecent();
    station.sync.now();
  });
  station.showState();
}

// Stores what was noted about a scan; it is sent again as a whole.
function save(entry) {
  entry.changed = station.clock.now();
  const line = recent.find((each) => each.entry.scan_id === entry.scan_id);
  if (line) line.entry = entry;
  station.store.saveEntry(entry).then(() => station.showState());
}

function answered(entry, answer) {
  const line = recent.find((each) => each.entry.scan_id === entry.scan_id);
  if (answer.outcome === "saved") {
    if (line) line.words = joinFacts([answer.lead.name, answer.lead.company]);
    showAnswer(entry, answer);
  } else {
    if (line) Object.assign(line, { words: texts.outcomes[answer.outcome].word, isRefused: true });
    if (isShown(entry)) closeSaved();
    refuse(answer.outcome);
  }
  showRecent();
}

function refuse(outcome) {
  const { word, advice } = texts.outcomes[outcome];
  showRefusal(word, advice, outcome === "forged" || outcome === "revoked" ? "no" : "ask");
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

byId("type").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = byId("typed").value.trim();
  byId("typed").value = "";
  if (text) receive(text);
});
byId("refused-next").addEventListener("click", closeRefused);
document.addEventListener("keydown", (event) => { if (event.key === "Escape") closeRefused(); });
listenForHandheldScanner([byId("typed"), byId("saved-note")], ({ text, keys }) => { if (!station.isRepeat(text)) receive(text, keys); });
prepareCamera((text) => { if (!station.isRepeat(text)) receive(text); });
window.addEventListener("beforeunload", (event) => {
  closeSaved();
  if (!station.store?.isLasting && document.documentElement.dataset.unsent !== "0") event.preventDefault();
});
keepUpdated(() => !isSavedOpen() && byId("refused").hidden, rememberRunning);
station.open({ path: "leads/scan", back: "leads", onAnswer: answered });
