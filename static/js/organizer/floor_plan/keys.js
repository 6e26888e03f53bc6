// Keyboard: everything that the pointer does.

import { fill } from "../../kit/phrases.js";
import { alterations, apply, redo, undo } from "./changes.js";
import { moved, turned } from "./geometry.js";
import { data, formatNumber, model, placed, select, selected, texts, urls } from "./model.js";
import { handleOutlineKey, isDrawingOutline } from "./outline.js";
import { svg } from "./render.js";
import { acts } from "./tools.js";

const LEAST = 0.5;
const announcer = document.querySelector("[data-announce]");
// Degrees; the keys beside each other, with Shift for the smallest step.
const TURNS = { ",": -5, ".": 5, "<": -1, ">": 1 };
const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function enableKeys() {
  svg.tabIndex = 0;
  svg.addEventListener("keydown", (event) => {
    if (!handle(event)) return;
    event.preventDefault();
  });
}

function handle(event) {
  const { key } = event;
  if (isDrawingOutline() && !event.ctrlKey && !event.metaKey && handleOutlineKey(event)) return true;
  if (event.ctrlKey || event.metaKey) {
    const act = { z: event.shiftKey ? redo : undo, y: redo, d: acts.duplicate, a: () => select(placed().map(({ id }) => id)) }[key.toLowerCase()];
    act?.();
    return Boolean(act);
  }
  if (key in DIRECTIONS) return moveSelection(DIRECTIONS[key], event);
  if (key === "Tab") return step(event.shiftKey ? -1 : 1);
  if (key === "Delete" || key === "Backspace") return run(acts.remove);
  if (key === "Escape") return model.selection.size > 0 && run(() => select([]));
  if (key === "Enter" && model.selection.size === 1) {
    return run(() => location.assign(urls.booth.replace(/\/0$/, `/${[...model.selection][0]}`)));
  }
  if (key === "r" || key === "R") return run(acts.rotate);
  if (key in TURNS) return turnSelection(TURNS[key]);
  if (key === "+" || key === "=") return run(acts["zoom-in"]);
  if (key === "-") return run(acts["zoom-out"]);
  return false;
}

function run(act) {
  act();
  return true;
}

/** Selects the next booth; past the last one, Tab leaves the plan. */
function step(by) {
  const ids = placed().map(({ id }) => id);
  const at = ids.indexOf([...model.selection].at(-1)) + (model.selection.size ? by : by > 0 ? 1 : ids.length);
  if (!model.selection.size && by < 0) return false;
  if (at < 0 || at >= ids.length) return run(() => select([])) && false;
  select([ids[at]]);
  const booth = model.booths.get(ids[at]);
  say([booth.code, booth.stateText, ...booth.companies].filter(Boolean).join(", "));
  return true;
}

function moveSelection([across, along], event) {
  const chosen = selected().filter((each) => each.x !== null);
  if (!chosen.length) return false;
  const metres = event.shiftKey ? 0.1 : data.grid;
  apply(alterations(chosen, (shape) => {
    if (!event.altKey) return moved(shape, across * metres, along * metres);
    if (shape.polygon.length) return shape;
    return { ...shape, width: Math.max(LEAST, shape.width + across * metres), depth: Math.max(LEAST, shape.depth + along * metres) };
  }));
  const [booth] = selected();
  say(fill(texts.moved, { booth: booth.code, x: formatNumber(booth.x), y: formatNumber(booth.y) }));
  return true;
}

function turnSelection(degrees) {
  const chosen = selected().filter((each) => each.x !== null);
  if (!chosen.length) return false;
  apply(alterations(chosen, (shape) => turned(shape, degrees)));
  const [booth] = selected();
  say(fill(texts.turned, { booth: booth.code, degrees: formatNumber(booth.rotation) }));
  return true;
}

function say(text) {
  announcer.textContent = text;
}
