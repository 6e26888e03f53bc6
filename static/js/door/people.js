// People without their badge, by its short code or by name. In the session of a signed-in person the server's pages answer;
// on a device that nobody is signed in on, the device asks, if it is a supervisor's or the help desk's.

import { Busy, NoAnswer, Rejected } from "./api.js";
import { personOf } from "./describe.js";
import { byId, data, joinFacts, localized, texts } from "./page_data.js";
import { NotChecked, lookUp } from "./sender.js";
import { closeVerdict, showPerson } from "./verdict.js";

const SEARCHING_PROFILES = ["supervisor", "desk"];
const MAX_FOUND = 10;

// Whether this device itself may search.
export function maySearch({ device, session }) {
  return !session && SEARCHING_PROFILES.includes(device?.profile);
}

// Resolves to what to show of the owner of a short code, as far as people at this door may know.
export async function findByCode(text, station, signal) {
  if (station.session || !station.device) return lookUp(text, data, signal);
  if (!maySearch(station)) return notice(texts.short_code, texts.short_code_advice);
  const code = text.normalize("NFKC").toUpperCase().replace(/[^A-Z0-9]/g, "");
  try {
    return describe(await station.api.get(`/attendees/${code || "-"}`));
  } catch (error) {
    if (error instanceof Rejected) return notice(texts.unknown_code, texts.unknown_code_advice);
    throw error instanceof Busy || error instanceof NoAnswer ? new NotChecked() : error;
  }
}

// Connects the search of devices.
export function prepareSearch(station) {
  byId("search-here").addEventListener("click", () => {
    byId("menu-dialog").close();
    byId("search-words").value = "";
    show([], "");
    byId("search-dialog").showModal();
    byId("search-words").focus();
  });
  byId("search-back").addEventListener("click", () => byId("search-dialog").close());
  byId("search-form").addEventListener("submit", (event) => {
    event.preventDefault();
    search(byId("search-words").value.trim(), station);
  });
}

async function search(words, { api }) {
  if (!words) return;
  show([], texts.searching);
  try {
    const { items } = await api.get(`/attendees?${new URLSearchParams({ q: words, limit: MAX_FOUND })}`);
    show(items, items.length ? "" : texts.nobody_found);
  } catch (error) {
    show([], texts.search_failed);
    if (!(error instanceof Busy || error instanceof NoAnswer)) console.error(error);
  }
}

function show(found, status) {
  byId("search-status").textContent = status;
  byId("search-list").replaceChildren(...found.map(lineOf));
}

function lineOf(who) {
  const line = document.createElement("li");
  const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-outline-secondary" });
  const about = joinFacts([who.company, localized(who.ticket_type.name), stateOf(who)]);
  button.append(
    Object.assign(document.createElement("bdi"), { className: "door-line-name", textContent: who.name }),
    Object.assign(document.createElement("bdi"), { textContent: about }),
  );
  button.addEventListener("click", () => {
    byId("search-dialog").close();
    closeVerdict();
    showPerson(describe(who));
  });
  line.append(button);
  return line;
}

function describe(who) {
  return { word: stateOf(who), advice: texts.person_advice, attendee: personOf(who, who.ticket_type), links: [] };
}

function stateOf({ state, is_paid: isPaid }) {
  return joinFacts([data.attendee_states[state] ?? state, isPaid ? "" : texts.not_paid]);
}

function notice(word, advice) {
  return { word, advice, attendee: null, links: [] };
}
