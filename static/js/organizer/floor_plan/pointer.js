// Pointer: press a booth to select it, drag to move the selection, drag its corner to resize and the knob above it to turn
// it, drag the floor to select several or, with the drawing tool, to draw a booth.

import { additions, alterations, apply } from "./changes.js";
import { centre, moved, nearest, turned } from "./geometry.js";
import { changed, model, placed, select, selected, shapeOf } from "./model.js";
import { nextNumber } from "./numbers.js";
import { isDrawingOutline, pressOutline } from "./outline.js";
import { boothAt, render, showLasso, svg, toMetres } from "./render.js";
import { snapEdge, snapShift } from "./snap.js";

const LEAST = 0.5;
const STEP = 5; // degrees
let gesture = null;

export function enablePointer() {
  svg.addEventListener("pointerdown", start);
  svg.addEventListener("pointermove", move);
  svg.addEventListener("pointerup", end);
  svg.addEventListener("pointercancel", cancel);
  addEventListener("keydown", (event) => event.key === "Escape" && cancel());
}

function start(event) {
  if (event.button) return;
  svg.focus();
  if (isDrawingOutline()) return pressOutline(event);
  svg.setPointerCapture(event.pointerId);
  const from = toMetres(event);
  const booth = boothAt(event);
  if (model.tool === "draw") gesture = { kind: "draw", from, box: null };
  else if (event.target.closest("[data-turn]")) gesture = { kind: "turn", from, before: selected().map(copy) };
  else if (event.target.closest("[data-handle]")) gesture = { kind: "resize", from, before: selected().map(copy) };
  else if (booth) {
    if (event.shiftKey || event.ctrlKey || event.metaKey) {
      if (model.selection.has(booth.id)) model.selection.delete(booth.id);
      else model.selection.add(booth.id);
    } else if (!model.selection.has(booth.id)) model.selection = new Set([booth.id]);
    changed();
    gesture = { kind: "move", from, before: selected().filter((each) => each.x !== null).map(copy) };
  } else {
    gesture = { kind: "lasso", from, kept: event.shiftKey ? [...model.selection] : [] };
    select(gesture.kept);
  }
  model.isBusy = true;
}

const copy = (booth) => ({ ...booth, ...shapeOf(booth) });

function move(event) {
  if (!gesture) return;
  const at = toMetres(event);
  const [dx, dy] = [at[0] - gesture.from[0], at[1] - gesture.from[1]];
  if (gesture.kind === "move") shiftTo(dx, dy);
  else if (gesture.kind === "resize") resizeTo(at);
  else if (gesture.kind === "turn") turnTo(at, event.shiftKey ? 1 : STEP);
  else {
    const box = gesture.kind === "draw" ? snappedBox(gesture.from, at) : boxOf(gesture.from, at);
    gesture.box = box;
    showLasso(box);
  }
}

function shiftTo(dx, dy) {
  if (!gesture.before.length) return;
  const [first] = gesture.before;
  const [sx, sy] = snapShift({ ...first, x: first.x + dx, y: first.y + dy });
  for (const each of gesture.before) model.booths.set(each.id, { ...each, ...moved(shapeOf(each), dx + sx, dy + sy) });
  render();
}

function resizeTo([x, y]) {
  const [booth] = gesture.before;
  const width = Math.max(LEAST, snapEdge(x, "x") - booth.x);
  const depth = Math.max(LEAST, snapEdge(y, "y") - booth.y);
  model.booths.set(booth.id, { ...booth, width, depth });
  render();
}

/** Turns the booth so that its handle points at a place, in steps of some degrees. */
function turnTo([x, y], degrees) {
  const [booth] = gesture.before;
  const [cx, cy] = centre(booth);
  const angle = Math.atan2(y - cy, x - cx) * 180 / Math.PI + 90;
  const shape = shapeOf(booth);
  // A polygon has no angle of its own: it is turned from where it is now.
  const already = shape.polygon.length ? 0 : shape.rotation;
  const after = turned(shape, Math.round(angle / degrees) * degrees - already);
  model.booths.set(booth.id, { ...booth, ...after });
  render();
}

function end(event) {
  if (!gesture) return;
  const done = gesture;
  gesture = null;
  model.isBusy = false;
  showLasso(null);
  if (done.kind === "lasso") return selectWithin(done, event);
  if (done.kind === "draw") return finishDrawing(done);
  const after = new Map(done.before.map(({ id }) => [id, shapeOf(model.booths.get(id))]));
  for (const each of done.before) model.booths.set(each.id, each);
  const hasChanged = done.before.some((each) => JSON.stringify(shapeOf(each)) !== JSON.stringify(after.get(each.id)));
  if (hasChanged) apply(alterations(done.before, (_shape, id) => after.get(id)));
  else render();
}

function selectWithin({ box, kept }) {
  if (!box) return;
  const inside = placed().filter((each) => {
    return each.x < box.x + box.width && each.x + each.width > box.x && each.y < box.y + box.depth && each.y + each.depth > box.y;
  });
  select([...kept, ...inside.map(({ id }) => id)]);
}

function finishDrawing({ box }) {
  if (!box || box.width < LEAST || box.depth < LEAST) return;
  apply(additions([{ code: nextNumber(), ...box, rotation: 0, polygon: [] }]));
}

function cancel() {
  if (!gesture) return;
  for (const each of gesture.before ?? []) model.booths.set(each.id, each);
  gesture = null;
  model.isBusy = false;
  showLasso(null);
  render();
}

function boxOf(from, to) {
  const [x, y] = [Math.min(from[0], to[0]), Math.min(from[1], to[1])];
  return { x, y, width: Math.abs(to[0] - from[0]), depth: Math.abs(to[1] - from[1]) };
}

function snappedBox(from, to) {
  const box = boxOf(from, to);
  const [x, y] = [snapEdge(box.x, "x"), snapEdge(box.y, "y")];
  const [right, bottom] = [snapEdge(box.x + box.width, "x"), snapEdge(box.y + box.depth, "y")];
  return { x: nearest(x), y: nearest(y), width: nearest(right - x), depth: nearest(bottom - y) };
}
