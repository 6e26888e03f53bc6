// Sends changes one after another and follows those of others. A change is shown at once and kept, also over a reload,
// until the server has it; a repeated request has the same id, so that it counts once.

import { fill, joinSentences } from "../../kit/phrases.js";
import { announce, changed, conflictsBySession, isSame, model, readSlot, replaceConflicts, replaceSessions, roomName, rooms, sessions, storageKey, texts, timeOf, urls, writeSlot } from "./model.js";

const POLL = 1_500;
const RETRY = 2_000;
const MAX_REFUSALS = 2;
const NAMED = 2; // conflicts in one notice

const token = document.querySelector('meta[name="csrf-token"]').content;
const line = document.querySelector("[data-state]");
let queue = restore();
let isSending = false;
let problem = ""; // why nothing can be sent at the moment
let notice = ""; // what somebody has to know: a refused change, a change by another
let isNoticeSerious = false;

/** Places a session, or unplaces it with null. */
export function place(id, slot) {
  const session = sessions.get(id);
  if (isSame(session.slot, slot)) return;
  const last = queue.at(-1);
  // A change that is not on its way yet is sent with its final place.
  if (last?.id === id && !(isSending && queue.length === 1)) {
    last.after = slot;
    if (isSame(last.before, slot)) queue.pop();
  } else {
    queue.push({ id, before: session.slot, after: slot, request: crypto.randomUUID?.() ?? fallbackId() });
  }
  session.slot = slot;
  notice = "";
  queueChanged();
}

/** Undoes or redoes one's own last change. */
export function revert(name) {
  queue.push({ revert: name, request: crypto.randomUUID?.() ?? fallbackId() });
  queueChanged();
}

export function isPending(id) {
  return queue.some((each) => each.id === id);
}

/** Follows the changes of others while the page is visible. */
export function follow() {
  poll();
  addEventListener("online", send);
  addEventListener("beforeunload", (event) => {
    if (queue.length) event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => document.hidden || poll());
  for (const { id, after } of queue) if (sessions.has(id)) sessions.get(id).slot = after;
  queueChanged();
}

// Outside secure contexts there is no randomUUID.
function fallbackId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((each) => each.toString(16).padStart(2, "0")).join("");
}

function restore() {
  try {
    return JSON.parse(sessionStorage.getItem(storageKey) ?? "[]").filter((each) => each.revert || sessions.has(each.id));
  } catch {
    return [];
  }
}

function queueChanged() {
  try {
    sessionStorage.setItem(storageKey, JSON.stringify(queue));
  } catch {
    // Storage is full or forbidden: the changes are kept as long as the page is open.
  }
  showState();
  changed();
  send();
}

function showState() {
  const waiting = queue.length ? texts.saving : texts.saved;
  line.textContent = joinSentences([notice, problem || waiting]);
  line.classList.toggle("is-warning", Boolean(problem) || isNoticeSerious && Boolean(notice));
  document.documentElement.dataset.timetable = queue.length ? "saving" : "saved";
}

async function send() {
  if (isSending || !queue.length) return;
  isSending = true;
  const entry = queue[0];
  const { response, body } = await post(entry);
  isSending = false;
  if (!response || response.status >= 500 || response.status === 429) return waitFor(texts.offline);
  if (response.type === "opaqueredirect" || response.status === 401) return waitFor(texts.signedOut);
  problem = "";
  if (response.ok) accept(entry, body);
  else refuse(entry, body);
  queueChanged();
}

async function post(entry) {
  const { id, revert: name, request } = entry;
  const values = name ? {} : { slug: sessions.get(id).slug, before: writeSlot(entry.before), slot: writeSlot(entry.after) };
  try {
    const response = await fetch(name ? urls[name] : urls.place, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
      body: JSON.stringify({ ...values, request_id: request, since: model.revision }),
      redirect: "manual",
    });
    const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
    return { response, body: isJson ? await response.json() : null };
  } catch {
    return {};
  }
}

function waitFor(text) {
  problem = text;
  showState();
  setTimeout(send, RETRY);
}

function accept(entry, body) {
  queue.shift();
  apply(body);
  isNoticeSerious = false;
  const id = entry.id ?? body.changes.findLast((each) => each.isOwn)?.session;
  const session = sessions.get(id);
  if (!session) return;
  const conflicts = conflictsBySession().get(id) ?? [];
  const place_ = session.slot ? fill(texts.moved, { room: roomName(session.slot.room), time: timeOf(session.slot.from) }) : texts.unplaced;
  const what = conflicts.length ? joinSentences(conflicts.map((each) => fill(texts.conflict, each))) : texts.noConflict;
  announce(session.slot ? joinSentences([place_, what]) : place_);
}

function refuse(entry, body) {
  if (!body && (entry.refusals = (entry.refusals ?? 0) + 1) < MAX_REFUSALS) {
    // An expired token: the change is sent again after the page is loaded again.
    problem = texts.failed;
    isSending = true;
    return;
  }
  // What was planned on top of a refused change is refused too.
  queue = queue.filter((each) => each !== entry && (entry.revert || each.id !== entry.id));
  if (body) apply(body);
  const session = sessions.get(entry.id);
  if (session) session.slot = session.stored;
  notice = body?.error ?? texts.failed;
  isNoticeSerious = true;
  announce(notice);
}

/** Takes over the changes that the server reports; what is not sent yet stays as it is shown. */
function apply({ revision, changes, conflicts, history }) {
  const ids = new Set(changes.map((each) => each.session));
  const others = [];
  for (const change of changes) {
    const session = sessions.get(change.session);
    if (!session) continue;
    session.stored = readSlot(change.slot);
    if (!isPending(change.session)) session.slot = session.stored;
    if (change.isOwn) continue;
    others.push(change.session);
    notice = fill(texts.otherMoved, { name: change.name || texts.someone, title: session.title });
    isNoticeSerious = false;
  }
  replaceConflicts(ids, conflicts);
  nameConflictsOf(others);
  model.revision = revision;
  if (history) model.history = history;
  if (changes.some((each) => !sessions.has(each.session)) && !queue.length) location.reload();
}

/** Adds to the notice of what somebody else moved which conflicts that session has now. */
function nameConflictsOf(moved) {
  const found = conflictsBySession();
  const named = new Set(moved.flatMap((id) => found.get(id) ?? []).map((each) => each.text));
  if (!named.size) return;
  notice = joinSentences([notice, ...[...named].slice(0, NAMED).map((text) => fill(texts.conflict, { text }))]);
  isNoticeSerious = true;
  announce(notice);
}

function isSameRoom(one, other) {
  return other && one.id === other.id && one.name === other.name && one.hall === other.hall && one.capacity === other.capacity;
}

/** Takes over the whole draft after a session, a speaker or a room was edited. */
function applyContent({ revision, content, rooms: current, sessions: list, conflicts }) {
  if (current.some((each, n) => !isSameRoom(each, rooms[n])) || current.length !== rooms.length) {
    // The columns are drawn once; with changes on their way, the next edit brings them.
    if (!queue.length) return location.reload();
  }
  const edited = replaceSessions(list, isPending);
  queue = queue.filter((each) => each.revert || sessions.has(each.id));
  replaceConflicts(new Set(model.conflicts.flatMap((each) => each.sessions)), conflicts);
  model.revision = revision;
  model.content = content;
  if (!edited.length) return;
  notice = edited.length === 1
    ? fill(texts.otherEdited, { title: edited[0] })
    : fill(texts.otherEditedMany, { count: new Intl.NumberFormat(document.documentElement.lang).format(edited.length) });
  isNoticeSerious = false;
}

let timer = 0;

async function poll() {
  clearTimeout(timer);
  if (!document.hidden && !isSending) await ask();
  clearTimeout(timer);
  timer = setTimeout(poll, POLL);
}

async function ask() {
  const { revision, content } = model;
  const query = new URLSearchParams({ since: revision, content });
  try {
    const response = await fetch(`${urls.changes}?${query}`, { headers: { "If-None-Match": `"${revision}.${content}"` }, cache: "no-store", redirect: "manual" });
    if (problem === texts.offline && (response.ok || response.status === 304)) problem = "";
    // One of our own changes was answered in between, and its answer contained all changes up to it.
    if (response.status === 200 && model.revision === revision) {
      const body = await response.json();
      if (model.revision === revision && !isSending && (body.sessions || body.changes.length)) {
        if (body.sessions) applyContent(body);
        else apply(body);
        changed();
      }
    }
  } catch {
    problem = texts.offline;
  }
  showState();
}
