// The draft as this page knows it: sessions with their places, conflicts, the day shown. A place is
// {room, from, until}: the id of a room or null, and two moments in milliseconds.

const data = JSON.parse(document.getElementById("timetable-data").textContent);
const MINUTE = 60_000;
const STEP = data.step * MINUTE;

export const { texts, urls, rooms, days } = data;
export const storageKey = data.key;
export const sessions = new Map(data.sessions.map((each) => {
  const slot = readSlot(each.slot);
  // `slot` is what is shown, `stored` what the server has.
  return [each.id, { ...each, slot, stored: slot, published: readSlot(each.published) }];
}));
export const model = {
  day: data.day,
  revision: data.revision,
  content: data.content,
  conflicts: data.conflicts,
  history: data.history,
  // What is listed and marked on cards: notes only on request, because there are many.
  severities: new Set(["error", "warning"]),
};
for (const day of days) Object.assign(day, { from: Date.parse(day.from), until: Date.parse(day.until) });

const clock = new Intl.DateTimeFormat(data.language, { timeStyle: "short", timeZone: data.zone });
const dates = new Intl.DateTimeFormat(data.language, { month: "short", day: "numeric", timeZone: data.zone });
const parts = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: data.zone });
const listeners = [];

/** Calls a function after each change of the model. */
export function onChange(listener) {
  listeners.push(listener);
}

/** Shows that the model has changed. */
export function changed() {
  for (const listener of listeners) listener();
}

export function readSlot(stored) {
  return stored && { room: stored.room_id, from: Date.parse(stored.starts_at), until: Date.parse(stored.ends_at) };
}

export function writeSlot(slot) {
  return slot && { room_id: slot.room, starts_at: new Date(slot.from).toISOString(), ends_at: new Date(slot.until).toISOString() };
}

export function isSame(one, other) {
  return one === other || Boolean(one && other && one.room === other.room && one.from === other.from && one.until === other.until);
}

export function currentDay() {
  return days.find((each) => each.date === model.day) ?? days[0];
}

/** The day to which a moment belongs; undefined if the page does not show it. */
export function dayOf(moment) {
  return days.find((each) => each.from <= moment && moment < each.until);
}

/** A moment on the grid's step. */
export function snap(moment) {
  return Math.round(moment / STEP) * STEP;
}

export function step() {
  return STEP;
}

export function timeOf(moment) {
  return clock.format(moment);
}

/** The times of a place, with the date of its end if that is another day, and of its start if it is before a moment. */
export function timesOf(slot, began = -Infinity) {
  const from = slot.from < began ? `${dates.format(slot.from)}, ${timeOf(slot.from)}` : timeOf(slot.from);
  const isLater = dates.format(slot.until) !== dates.format(slot.from);
  return `${from}–${isLater ? `${dates.format(slot.until)}, ` : ""}${timeOf(slot.until)}`;
}

/** Minutes past the hour, for lines on full hours. */
export function minuteOfHour(moment) {
  return Number(parts.formatToParts(moment).find((each) => each.type === "minute").value);
}

export function roomName(id) {
  return rooms.find((each) => each.id === id)?.name ?? texts.noRoom;
}

export function durationOf(session) {
  return session.slot ? session.slot.until - session.slot.from : session.minutes * MINUTE;
}

export function formUrl(session) {
  return urls.form.replace(/-$/, encodeURIComponent(session.slug));
}

/** The number of sessions that publishing the draft would move, add or remove. */
export function countChanges() {
  return [...sessions.values()].filter((each) => !isSame(each.slot, each.published)).length;
}

/** The chosen conflicts by session, the most serious first. */
export function conflictsBySession() {
  const found = new Map();
  for (const conflict of model.conflicts) {
    if (!model.severities.has(conflict.severity)) continue;
    for (const id of conflict.sessions) found.set(id, [...(found.get(id) ?? []), conflict]);
  }
  return found;
}

/** Replaces the conflicts of these sessions by what the server found now; all others remain. */
export function replaceConflicts(ids, conflicts) {
  const kept = model.conflicts.filter((each) => !each.sessions.some((id) => ids.has(id)));
  const order = ["error", "warning", "note"];
  model.conflicts = [...kept, ...conflicts].sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}

/**
 * Takes over what the sessions are now called, who speaks and so on, and returns the titles of those that differ.
 * `isPending` tells whose place is not stored yet: it stays as it is shown.
 */
export function replaceSessions(list, isPending) {
  const edited = [];
  const known = new Set(list.map((each) => each.id));
  for (const id of sessions.keys()) if (!known.has(id)) sessions.delete(id);
  for (const each of list) {
    const stored = readSlot(each.slot);
    const session = sessions.get(each.id) ?? {};
    if (contentOf(session) !== contentOf(each)) edited.push(each.title);
    const slot = isPending(each.id) ? session.slot : stored;
    sessions.set(each.id, Object.assign(session, each, { slot, stored, published: readSlot(each.published) }));
  }
  return edited;
}

/** What is shown of a session besides its place, to compare it. */
export function contentOf({ title, speakers, track, color, language, minutes, allRooms, slot }) {
  // Once it is placed, its duration is part of its place.
  return JSON.stringify([title, speakers, track, color, language, slot ? 0 : minutes, allRooms]);
}

const announcer = document.querySelector("[data-announce]");

/** Says something to people who do not see the page. */
export function announce(text) {
  announcer.textContent = text;
}
