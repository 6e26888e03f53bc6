// The list of the last scans on this device, with what the server said of them later.

import { byId, fill, formatTime, joinFacts, texts } from "./page_data.js";

const MARKS = { yes: "✓", no: "✕", ask: "?", out: "→", unexpected: "→" };

// Opens the list of scans as stored, newest first.
export function showHistory(entries, timeZone) {
  byId("history-empty").hidden = entries.length > 0;
  byId("history-list").replaceChildren(...entries.map((each) => lineOf(each, timeZone)));
  byId("history-dialog").showModal();
}

function lineOf({ made, tone, word, name, isSent, isUndone, isRejected, corrected }, timeZone) {
  const line = document.createElement("li");
  line.className = "door-line";
  line.dataset.tone = tone;
  const mark = element("span", "door-line-mark", MARKS[tone] ?? "");
  mark.ariaHidden = "true";
  const what = element("span", "door-line-what");
  what.append(Object.assign(element("bdi", "door-line-name", name)), element("span", "", word));
  const notes = [
    isUndone && texts.undone,
    corrected && fill(texts.corrected, { word: corrected }),
    isRejected ? texts.rejected : !isSent && texts.not_sent,
  ].filter(Boolean);
  if (notes.length) what.append(element("span", "door-line-note", joinFacts(notes)));
  line.append(mark, what, element("time", "", formatTime(made, timeZone)));
  return line;
}

function element(tag, className, textContent = "") {
  return Object.assign(document.createElement(tag), { className, textContent });
}

byId("history-close").addEventListener("click", () => byId("history-dialog").close());
