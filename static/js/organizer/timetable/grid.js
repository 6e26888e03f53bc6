// The grid of one day: a column per room, a card per session. Cards are changed in place, so that the focus stays.

import { conflictsBySession, contentOf, currentDay, formUrl, minuteOfHour, model, rooms, sessions, texts, timeOf, timesOf } from "./model.js";
import { isPending } from "./sync.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ZOOMS = [0.7, 1.1, 1.7, 2.4, 3.6]; // pixels per minute
const MORNING = 4 * HOUR; // eight o'clock, from the beginning of a day at four
const EVENING = 15 * HOUR;

const region = document.querySelector("[data-grid]");
const icons = document.querySelector("[data-icons]").content;
const cards = new Map();
let columns = new Map(); // room id or null → element
let zoom = Number(localStorage.getItem("timetable-zoom") ?? 2);
let frame = ""; // what the columns and hours were built for
export const view = { from: 0, until: 0, pixels: ZOOMS[2] };

export function severityIcon(severity) {
  return icons.querySelector(`[data-icon="${severity}"]`).firstElementChild.cloneNode(true);
}

export function cardOf(id) {
  return cards.get(id);
}

export function columnsOf() {
  return columns;
}

export function changeZoom(by) {
  zoom = Math.min(Math.max(zoom + by, 0), ZOOMS.length - 1);
  localStorage.setItem("timetable-zoom", zoom);
  renderGrid();
}

/** Draws the day shown. */
export function renderGrid() {
  const day = currentDay();
  const placed = [...sessions.values()].filter(({ slot }) => slot && slot.from < day.until && slot.until > day.from);
  chooseHours(day, placed);
  const focused = region.contains(document.activeElement) ? Number(document.activeElement.dataset.session) : 0;
  buildFrame(placed);
  const conflicts = conflictsBySession();
  const shown = new Set(placed.map((each) => each.id));
  for (const [id, card] of cards) {
    if (!shown.has(id)) {
      card.remove();
      cards.delete(id);
    }
  }
  for (const group of Map.groupBy(placed, (each) => each.slot.room).values()) placeInLanes(group);
  for (const session of placed) drawCard(session, conflicts.get(session.id) ?? []);
  // A card loses the focus when it moves to another column.
  if (focused && document.activeElement !== cards.get(focused)) cards.get(focused)?.focus({ preventScroll: true });
  drawNow();
}

function chooseHours(day, placed) {
  const starts = placed.map(({ slot }) => Math.max(slot.from, day.from));
  const ends = placed.map(({ slot }) => Math.min(slot.until, day.until));
  const from = Math.min(day.from + MORNING, ...starts);
  view.from = from - minuteOfHour(from) * MINUTE;
  view.until = Math.max(day.from + EVENING, ...ends);
  view.pixels = ZOOMS[zoom];
}

function buildFrame(placed) {
  const hasOther = placed.some(({ slot }) => slot.room === null) || [...sessions.values()].some((each) => each.allRooms);
  const wanted = [...(hasOther ? [{ id: null, name: texts.noRoom, hall: "", capacity: null }] : []), ...rooms];
  const length = (view.until - view.from) / MINUTE;
  const key = JSON.stringify([model.day, view.from, view.until, wanted.length]);
  if (key !== frame) {
    frame = key;
    cards.clear();
    const grid = element("div", "tt-grid");
    const corner = element("div", "tt-corner");
    const heads = wanted.map((room) => element("div", "tt-room-head", room.name, detailOf(room)));
    const hours = element("div", "tt-hours");
    for (let moment = view.from; moment < view.until; moment += HOUR) {
      const time = element("time", "", timeOf(moment));
      time.style.setProperty("--from", (moment - view.from) / MINUTE);
      hours.append(time);
    }
    columns = new Map(wanted.map((room) => [room.id, element("div", "tt-column")]));
    grid.append(corner, ...heads, hours, ...columns.values(), element("div", "tt-now"));
    grid.style.setProperty("--rooms", wanted.length);
    grid.style.setProperty("--length", length);
    region.replaceChildren(grid);
  }
  region.firstElementChild.style.setProperty("--minute", `${view.pixels}px`);
}

function detailOf(room) {
  return element("small", "", [room.capacity, room.hall].filter(Boolean).join(" · "));
}

/** Sessions that overlap in a room are shown side by side. */
function placeInLanes(group) {
  group.sort((a, b) => a.slot.from - b.slot.from || a.id - b.id);
  let cluster = [];
  let until = -Infinity;
  const finish = () => cluster.forEach((each) => { each.lanes = 1 + Math.max(...cluster.map((other) => other.lane)); });
  for (const session of group) {
    if (session.slot.from >= until) {
      finish();
      cluster = [];
    }
    const taken = new Set(cluster.filter((each) => each.slot.until > session.slot.from).map((each) => each.lane));
    session.lane = 0;
    while (taken.has(session.lane)) session.lane += 1;
    cluster.push(session);
    until = Math.max(until, session.slot.until);
  }
  finish();
}

function drawCard(session, conflicts) {
  const card = cards.get(session.id) ?? newCard(session);
  const { slot } = session;
  const from = Math.max(slot.from, view.from);
  card.style.setProperty("--from", (from - view.from) / MINUTE);
  card.style.setProperty("--lasts", (Math.min(slot.until, view.until) - from) / MINUTE);
  card.style.setProperty("--lane", session.lane);
  card.style.setProperty("--lanes", session.lanes);
  const column = columns.get(slot.room) ?? columns.values().next().value;
  if (card.parentElement !== column) column.append(card);
  card.classList.toggle("is-pending", isPending(session.id));
  for (const severity of ["error", "warning", "note"]) card.classList.toggle(`is-${severity}`, conflicts[0]?.severity === severity);
  const key = JSON.stringify([slot, contentOf(session), conflicts.map((each) => each.text)]);
  if (card.dataset.key === key) return;
  card.dataset.key = key;
  card.classList.remove(`track-${card.dataset.color}`);
  card.classList.add(`track-${session.color}`);
  card.dataset.color = session.color;
  card.replaceChildren(...partsOf(session, conflicts));
}

function newCard(session) {
  const card = element("a", "tt-card");
  card.href = formUrl(session);
  card.draggable = false;
  card.dataset.session = session.id;
  card.setAttribute("aria-describedby", "tt-keys");
  cards.set(session.id, card);
  return card;
}

function partsOf(session, conflicts) {
  const head = element("span", "");
  if (conflicts.length) {
    const icon = element("span", `tt-${conflicts[0].severity}`);
    icon.append(severityIcon(conflicts[0].severity), " ");
    head.append(icon);
  }
  head.append(element("bdi", "tt-card-title", session.title), " ");
  const people = element("span", "tt-card-people", element("time", "", timesOf(session.slot, currentDay().from)), " ", session.people);
  const reasons = element("span", "visually-hidden", conflicts.map((each) => ` ${each.text}`).join(""));
  const edge = element("span", "tt-resize");
  edge.dataset.resize = "";
  return [element("span", "tt-card-words", head, people), reasons, edge];
}

/** The line at the present moment. */
export function drawNow() {
  const line = region.querySelector(".tt-now");
  if (!line) return;
  const now = Date.now();
  line.hidden = now < view.from || now > view.until;
  line.style.setProperty("--from", (now - view.from) / MINUTE);
}

export function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}
