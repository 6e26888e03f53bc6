// What the editor knows: the booths of the hall, the selection, and the changes that can be undone.

export const data = JSON.parse(document.getElementById("floor-plan-data").textContent);
export const { texts, urls } = data;

export const model = {
  booths: new Map(),
  selection: new Set(),
  companies: [],
  wrong: new Set(),
  tool: "select",
  zoom: 1,
  waiting: 0,
  // In the middle of a gesture, in which nothing is taken over from the server.
  isBusy: false,
  undo: [],
  redo: [],
};

// Which editor this is: a person may have several open.
export const editor = [...crypto.getRandomValues(new Uint8Array(8))].map((each) => each.toString(16).padStart(2, "0")).join("");

const listeners = [];
// Booths that were deleted and drawn again have another number than in older changes.
const renamed = new Map();
let nextId = -1;

load(data);

/** Takes over the state that the server sent. */
export function load({ booths, overlaps, outside, faults, companies, mark, planVersion, outline }) {
  Object.assign(model, { mark, planVersion, outline });
  model.booths = new Map(booths.map((each) => [each.id, each]));
  model.selection = new Set([...model.selection].map(currentId).filter((id) => model.booths.has(id)));
  model.wrong = new Set([...overlaps.flat(), ...outside]);
  model.faults = faults;
  model.companies = companies;
}

export function onChange(listener) {
  listeners.push(listener);
}

/** Shows the model as it is now. */
export function changed() {
  for (const listener of listeners) listener();
}

/** Returns the number by which the server knows a booth now. */
export function currentId(id) {
  while (renamed.has(id)) id = renamed.get(id);
  return id;
}

export function rename(from, to) {
  if (from !== to) renamed.set(from, to);
}

export function temporaryId() {
  return nextId--;
}

export function selected() {
  return [...model.selection].map((id) => model.booths.get(id)).filter(Boolean);
}

export function select(ids) {
  model.selection = new Set(ids);
  changed();
}

/** Returns the part of a booth that a change describes. */
export function shapeOf({ code, x, y, width, depth, rotation, polygon }) {
  return { code, x, y, width, depth, rotation, polygon: polygon?.length ? polygon.map((point) => [...point]) : [] };
}

export const placed = () => [...model.booths.values()].filter((each) => each.x !== null);

export function formatNumber(value) {
  return new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 2 }).format(value);
}
