// Changes of booths: each is shown at once, sent to the server in order, and can be undone. A change that the server
// refuses, because somebody else was faster, reloads the plan and says so.

import { changed, currentId, data, load, model, rename, shapeOf, temporaryId, texts, urls } from "./model.js";

const RETRY = 2_000;
const token = document.querySelector('meta[name="csrf-token"]').content;
const line = document.querySelector("[data-state]");
let chain = Promise.resolve();

/** Applies steps, each from `before` to `after`; null means that the booth does not exist then. */
export function apply(steps) {
  if (!steps.length) return;
  model.undo.push(steps);
  model.redo = [];
  perform(steps);
}

export function undo() {
  const steps = model.undo.pop();
  if (!steps) return;
  model.redo.push(steps);
  perform(steps.map(({ id, before, after }) => ({ id, before: after, after: before })));
}

export function redo() {
  const steps = model.redo.pop();
  if (!steps) return;
  model.undo.push(steps);
  perform(steps);
}

/** Returns steps that place new booths, and selects them. */
export function additions(shapes) {
  const steps = shapes.map((after) => ({ id: temporaryId(), before: null, after }));
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
  const near = (value) => (value === null ? null : Math.round(value * 100) / 100);
  for (const name of ["x", "y", "width", "depth"]) shape[name] = near(shape[name]);
  shape.polygon = shape.polygon.map((point) => point.map(near));
  return shape;
}

function perform(steps) {
  for (const step of steps) {
    const id = currentId(step.id);
    if (step.after === null) {
      model.booths.delete(id);
      model.selection.delete(id);
    } else {
      const known = model.booths.get(id) ?? { id, version: 0, state: "free", stateText: "", price: "", companies: [] };
      model.booths.set(id, { ...known, ...step.after });
    }
  }
  model.waiting += 1;
  showState(texts.saving);
  changed();
  chain = chain.then(() => send(steps));
}

async function send(steps) {
  const versions = new Map((model.latest ?? data.booths).map(({ id, version }) => [id, version]));
  const changes = steps.map((step) => {
    const id = currentId(step.id);
    const isKnown = versions.has(id);
    if (step.after === null) return { id, version: versions.get(id), code: step.before.code, deleted: true };
    return { ...step.after, id: isKnown ? id : null, version: versions.get(id) ?? 0 };
  });
  const { response, body } = await post(urls.changes, { changes });
  model.waiting -= 1;
  if (!response.ok) return refuse(body.error);
  steps.forEach((step, position) => {
    if (step.after !== null) rename(currentId(step.id), body.ids[position]);
  });
  model.latest = body.booths;
  // Later changes are already shown; the state of the server is taken over when the last one is stored.
  if (!model.waiting) {
    load(body);
    showState(texts.saved);
    changed();
  }
}

/** Sells a booth to a company. */
export async function sell(booth, company) {
  await chain;
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

async function refuse(error) {
  model.undo = [];
  model.redo = [];
  await reload();
  showState(`${error ?? ""} ${texts.conflict}`, true);
}

async function reload() {
  const response = await fetch(urls.state, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!response?.ok) return;
  const state = await response.json();
  model.latest = state.booths;
  load(state);
  changed();
}

export function showState(text, isWarning = false) {
  line.textContent = text;
  line.classList.toggle("is-warning", isWarning);
  document.documentElement.dataset.floorPlan = model.waiting ? "saving" : isWarning ? "warning" : "saved";
}
