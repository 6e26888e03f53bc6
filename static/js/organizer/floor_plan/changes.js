// Changes of booths: each is shown at once, sent to the server in order, and can be undone. A change says what its author
// saw; if somebody else has changed that booth in the meantime, the server refuses it and says what was done.

import { joinSentences } from "../../kit/phrases.js";
import { changed, currentId, data, editor, load, model, rename, shapeOf, temporaryId, texts, urls } from "./model.js";
import { nearest } from "./geometry.js";

const RETRY = 2_000;
const token = document.querySelector('meta[name="csrf-token"]').content;
const line = document.querySelector("[data-state]");
const queue = [];
let sending = Promise.resolve();
let notice = ""; // what others did
let refusal = ""; // why the last change was refused
let requests = 0;

/** Applies steps, each from `before` to `after`; null means that the booth does not exist then. */
export function apply(steps) {
  if (!steps.length) return;
  model.undo.push(steps);
  model.redo = [];
  perform(steps, steps);
}

export function undo() {
  const steps = model.undo.pop();
  if (!steps) return;
  model.redo.push(steps);
  perform(steps.map(({ before, after, ...rest }) => ({ ...rest, before: after, after: before })), steps);
}

export function redo() {
  const steps = model.redo.pop();
  if (!steps) return;
  model.undo.push(steps);
  perform(steps, steps);
}

/** Changes the outline of the hall; none makes it a rectangle. */
export function drawHall(points) {
  apply([{ isHall: true, before: model.outline, after: points }]);
}

/** Returns steps that place new booths, and selects them. */
export function additions(shapes) {
  const steps = shapes.map((after) => ({ id: temporaryId(), before: null, after: round(after) }));
  model.selection = new Set(steps.map(({ id }) => id));
  return steps;
}

/** Returns steps that change booths by a function of their shape and number. */
export function alterations(booths, alter) {
  return booths.map((booth) => ({ id: booth.id, before: shapeOf(booth), after: round(alter(shapeOf(booth), booth.id)) }));
}

export function removals(booths) {
  return booths.map((booth) => ({ id: booth.id, before: shapeOf(booth), after: null }));
}

function round(shape) {
  const near = (value) => (value === null ? null : nearest(value));
  for (const name of ["x", "y", "width", "depth"]) shape[name] = near(shape[name]);
  shape.polygon = shape.polygon.map((point) => point.map(near));
  return shape;
}

function perform(steps, origin) {
  notice = "";
  queue.push({ steps, origin, request: `${editor}:${++requests}` });
  model.waiting = queue.length;
  show(steps);
  showState(texts.saving);
  changed();
  sending = sending.then(sendNext);
}

/** Shows steps as if they were stored. */
function show(steps) {
  for (const step of steps) {
    if (step.isHall) continue;
    const id = currentId(step.id);
    if (step.after === null) {
      model.booths.delete(id);
      model.selection.delete(id);
    } else {
      const known = model.booths.get(id) ?? { id, version: 0, state: "free", stateText: "", price: "", companies: [] };
      model.booths.set(id, { ...known, ...step.after });
    }
  }
}

async function sendNext() {
  const entry = queue[0];
  if (!entry) return;
  const { response, body } = await (entry.steps[0].isHall ? sendHall(entry) : sendBooths(entry));
  queue.shift();
  model.waiting = queue.length;
  if (!response.ok) return refuse(entry, body);
  if (body.ids) {
    entry.steps.forEach((step, position) => {
      if (step.after !== null) rename(currentId(step.id), body.ids[position]);
    });
  }
  model.latest = body.booths;
  model.mark = body.mark;
  // Later changes are already shown; the state of the server is taken over when the last one is stored.
  if (!model.waiting) {
    takeOver(body);
    showState(texts.saved);
  }
  showNews(body.news);
}

function sendBooths({ steps, request }) {
  const known = new Set((model.latest ?? data.booths).map(({ id }) => id));
  const changes = steps.map((step) => {
    const id = currentId(step.id);
    if (step.after === null) return { id, code: step.before.code, deleted: true, seen: step.before };
    return known.has(id) ? { ...step.after, id, seen: step.before } : { ...step.after, id: null };
  });
  return post(urls.changes, { changes, request_id: request, since: model.mark });
}

function sendHall({ steps: [step] }) {
  return post(urls.outline, { points: step.after, version: model.planVersion });
}

/** Shows the state of the server. */
export function takeOver(state) {
  const isOther = state.planVersion !== model.planVersion;
  model.latest = state.booths;
  load(state);
  if (isOther) redrawHall();
  changed();
}

/** Fetches the walls and the size of the hall, which the server draws. */
async function redrawHall() {
  const response = await fetch(location.href).catch(() => null);
  if (!response?.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const [there, here] = [page, document].map((each) => each.querySelector("[data-canvas]"));
  if (!there) return;
  here.setAttribute("viewBox", there.getAttribute("viewBox"));
  here.querySelector("[data-hall]").replaceWith(document.adoptNode(there.querySelector("[data-hall]")));
  const found = JSON.parse(page.getElementById("floor-plan-data").textContent);
  [data.width, data.depth] = [found.width, found.depth];
}

/** Sells a booth to a company. */
export async function sell(booth, company) {
  await sending;
  const body = new URLSearchParams({ slug: company.slug, csrf_token: token });
  const url = urls.sell.replace("/0/", `/${currentId(booth.id)}/`);
  const headers = { Accept: "application/json" };
  const response = await fetch(url, { method: "POST", body, headers, redirect: "error" }).catch(() => null);
  const answer = await response?.json().catch(() => ({}));
  await reload();
  showState(answer?.error ?? answer?.done ?? texts.offline, !response?.ok);
  return Boolean(response?.ok);
}

async function post(url, values) {
  for (;;) {
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
        body: JSON.stringify(values),
        redirect: "manual",
      });
      if (response.type === "opaqueredirect" || response.status === 401) showState(texts.signedOut, true);
      else if (response.status < 500) return { response, body: await response.json().catch(() => ({})) };
    } catch {
      showState(texts.offline, true);
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY));
  }
}

/** Takes back a refused change and what was planned on top of it; other changes stay, and so does the way to repeat it. */
async function refuse({ steps, origin }, { error, code }) {
  const refused = new Set(steps.map(({ id }) => currentId(id)));
  for (const entry of queue) entry.steps = entry.steps.filter(({ id }) => !refused.has(currentId(id)));
  for (const entry of [...queue]) if (!entry.steps.length) queue.splice(queue.indexOf(entry), 1);
  model.waiting = queue.length;
  for (const stack of [model.undo, model.redo]) if (stack.includes(origin)) stack.splice(stack.indexOf(origin), 1);
  await reload();
  const again = code === "booth_changed" ? steps.map(rebased).filter(Boolean) : [];
  if (again.length) model.redo.push(again);
  for (const entry of queue) show(entry.steps);
  changed();
  showRefusal(joinSentences([error, again.length && texts.repeat]));
}

/** Returns a step that leads to the same place from where the booth is now; one that was deleted is drawn again. */
function rebased(step) {
  const booth = model.booths.get(currentId(step.id));
  if (!booth && step.after === null) return null;
  return { ...step, before: booth ? shapeOf(booth) : null };
}

async function reload() {
  const query = new URLSearchParams({ editor });
  const response = await fetch(`${urls.state}?${query}`, { headers: { Accept: "application/json" } }).catch(() => null);
  if (response?.ok) takeOver(await response.json());
}

/** Says what others did, until the next change made here. */
export function showNews(news) {
  if (!news?.length) return;
  notice = joinSentences(news);
  showState(model.waiting ? texts.saving : texts.saved);
}

export function showRefusal(text) {
  showState(text, true);
  refusal = text;
}

/** Says whether the server can be reached, without taking back that a change was refused. */
export function showConnection(isOffline) {
  const said = refusal;
  if (isOffline) showState(joinSentences([said, texts.offline]), true);
  else showState(said || texts.saved, Boolean(said));
  refusal = said;
}

export function showState(text, isWarning = false) {
  refusal = "";
  line.textContent = joinSentences([!isWarning && notice, text]);
  line.classList.toggle("is-warning", isWarning);
  document.documentElement.dataset.floorPlan = model.waiting ? "saving" : isWarning ? "warning" : "saved";
}
