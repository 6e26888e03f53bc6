// Beside the grid: sessions that are not placed, conflicts with a filter, and the rooms as lists for phones and paper.

import { fill } from "../../kit/phrases.js";
import { cardOf, element, severityIcon } from "./grid.js";
import { changed, contentOf, currentDay, dayOf, formUrl, model, rooms, sessions, texts, timesOf } from "./model.js";

const LISTED = 300; // conflicts at once
const SEVERITIES = { error: texts.errors, warning: texts.warnings, note: texts.notes };

const unplaced = document.querySelector("[data-unplaced-list]");
const unplacedCount = document.querySelector("[data-unplaced-count]");
const search = document.querySelector("[data-search]");
const conflictList = document.querySelector("[data-conflict-list]");
const conflictCount = document.querySelector("[data-conflict-count]");
const severities = document.querySelector("[data-severities]");
const roomLists = document.querySelector("[data-rooms]");
const number = new Intl.NumberFormat(document.documentElement.lang);

/** Draws the lists. */
export function renderPanel() {
  renderUnplaced();
  renderConflicts();
  if (roomLists.checkVisibility()) renderRooms();
}

/** Searches while somebody types, filters conflicts, and completes the lists before printing. */
export function enablePanel() {
  search.addEventListener("input", renderUnplaced);
  addEventListener("beforeprint", renderRooms);
  severities.addEventListener("click", (event) => {
    const { severity } = event.target.closest("[data-severity]")?.dataset ?? {};
    if (!severity) return;
    if (!model.severities.delete(severity)) model.severities.add(severity);
    changed();
  });
  conflictList.addEventListener("click", (event) => {
    const { show } = event.target.closest("[data-show]")?.dataset ?? {};
    if (!show || event.ctrlKey || event.metaKey || !cardIsHere(Number(show))) return;
    event.preventDefault();
    showSession(Number(show));
  });
}

function cardIsHere(id) {
  const { slot } = sessions.get(id);
  return Boolean(slot && dayOf(slot.from));
}

/** Shows the day of a session, and focuses its card. */
function showSession(id) {
  const day = dayOf(sessions.get(id).slot.from);
  if (day.date !== model.day) {
    model.day = day.date;
    changed();
  }
  const card = cardOf(id);
  card?.scrollIntoView({ block: "center", inline: "center" });
  card?.focus({ preventScroll: true });
}

function renderUnplaced() {
  const open = [...sessions.values()].filter((each) => !each.slot).sort((a, b) => a.title.localeCompare(b.title));
  const words = search.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const found = open.filter((each) => {
    const text = [each.title, each.track, ...each.speakers].join(" ").toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  });
  unplacedCount.textContent = number.format(open.length);
  const focused = document.activeElement?.dataset?.session;
  const key = JSON.stringify(found.map((each) => [each.id, contentOf(each)]));
  if (unplaced.dataset.key === key) return;
  unplaced.dataset.key = key;
  const empty = element("li", "muted", open.length ? texts.noMatches : texts.noUnplaced);
  unplaced.replaceChildren(...(found.length ? found.map(itemOf) : [empty]));
  if (focused) unplaced.querySelector(`[data-session="${focused}"]`)?.focus();
}

function itemOf(session) {
  const link = element("a", `tt-item track-${session.color}`, element("bdi", "", session.title));
  link.href = formUrl(session);
  link.draggable = false;
  link.dataset.session = session.id;
  const details = [fill(texts.minutes, { count: number.format(session.minutes) }), session.track, session.people];
  link.append(element("small", "", details.filter(Boolean).join(" · ")));
  return element("li", "", link);
}

function renderConflicts() {
  conflictCount.textContent = number.format(model.conflicts.length);
  for (const [severity, text] of Object.entries(SEVERITIES)) {
    let chip = severities.querySelector(`[data-severity="${severity}"]`);
    if (!chip) {
      chip = element("button", "chip");
      chip.type = "button";
      chip.dataset.severity = severity;
      severities.append(chip);
    }
    const count = model.conflicts.filter((each) => each.severity === severity).length;
    const label = `${text} ${number.format(count)}`;
    if (chip.textContent !== label) chip.replaceChildren(label);
    chip.setAttribute("aria-pressed", model.severities.has(severity));
  }
  const shown = model.conflicts.filter((each) => model.severities.has(each.severity)).slice(0, LISTED);
  const key = JSON.stringify(shown);
  if (conflictList.dataset.key === key) return;
  conflictList.dataset.key = key;
  conflictList.replaceChildren(...(shown.length ? shown.map(conflictOf) : [element("li", "muted", texts.noConflicts)]));
}

function conflictOf(conflict) {
  const text = element("bdi", "", ...withLinks(conflict));
  return element("li", `tt-${conflict.severity}`, severityIcon(conflict.severity), element("span", "", text));
}

/** The text of a conflict, in which the titles lead to their cards. */
function withLinks({ text, sessions: ids }) {
  let pieces = [text];
  for (const id of ids) {
    const title = sessions.get(id)?.title;
    if (!title) continue;
    const at = pieces.findIndex((each) => typeof each === "string" && each.includes(title));
    const link = element("a", "", title);
    link.href = formUrl(sessions.get(id));
    link.dataset.show = id;
    if (at < 0) {
      pieces.push(" ", link);
      continue;
    }
    const [before, ...after] = pieces[at].split(title);
    pieces = [...pieces.slice(0, at), before, link, after.join(title), ...pieces.slice(at + 1)];
  }
  return pieces;
}

function renderRooms() {
  const day = currentDay();
  const placed = [...sessions.values()].filter(({ slot }) => slot && slot.until > day.from && slot.from < day.until);
  placed.sort((a, b) => a.slot.from - b.slot.from);
  const inRooms = Map.groupBy(placed, (each) => each.slot.room);
  const all = [...rooms, ...(inRooms.has(null) ? [{ id: null, name: texts.noRoom }] : [])];
  const title = element("h2", "tt-print-day", day.label);
  roomLists.replaceChildren(title, ...all.map((room) => {
    const items = (inRooms.get(room.id) ?? []).map((each) => {
      const link = element("a", "", element("bdi", "", each.title));
      link.href = formUrl(each);
      return element("li", "", element("time", "", timesOf(each.slot, day.from)), link);
    });
    const list = element("ul", "tt-items", ...(items.length ? items : [element("li", "muted", texts.emptyRoom)]));
    return element("section", "panel tt-room", element("h3", "h6", element("bdi", "", room.name)), list);
  }));
}
