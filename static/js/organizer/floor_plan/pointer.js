// Pointer: press a booth to select it, drag to move the selection, drag its corner to resize, drag the floor to select
// several or, with the drawing tool, to draw a booth.

import { additions, alterations, apply } from "./changes.js";
import { changed, model, placed, select, selected, shapeOf } from "./model.js";
import { nextNumber } from "./numbers.js";
import { boothAt, render, showLasso, svg, toMetres } from "./render.js";
import { snapEdge, snapShift } from "./snap.js";

const LEAST = 0.5;
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
  svg.setPointerCapture(event.pointerId);
  const from = toMetres(event);
  const booth = boothAt(event);
  if (model.tool === "draw") gesture = { kind: "draw", from, box: null };
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
}

const copy = (booth) => ({ ...booth, ...shapeOf(booth) });

function move(event) {
  if (!gesture) return;
  const at = toMetres(event);
  const [dx, dy] = [at[0] - gesture.from[0], at[1] - gesture.from[1]];
  if (gesture.kind === "move") shiftTo(dx, dy);
  else if (gesture.kind === "resize") resizeTo(at);
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

/** Returns a shape moved by some metres. */
export function moved(shape, dx, dy) {
  const polygon = shape.polygon.map(([x, y]) => [x + dx, y + dy]);
  return { ...shape, x: shape.x + dx, y: shape.y + dy, polygon };
}

function resizeTo([x, y]) {
  const [booth] = gesture.before;
  const width = Math.max(LEAST, snapEdge(x, "x") - booth.x);
  const depth = Math.max(LEAST, snapEdge(y, "y") - booth.y);
  model.booths.set(booth.id, { ...booth, width, depth });
  render();
}

function end(event) {
  if (!gesture) return;
  const done = gesture;
  gesture = null;
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
  const near = (value) => Math.round(value * 100) / 100;
  return { x: near(x), y: near(y), width: near(snapEdge(box.x + box.width, "x") - x), depth: near(snapEdge(box.y + box.depth, "y") - y) };
}
