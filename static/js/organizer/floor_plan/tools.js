// The buttons above the plan, which the keyboard uses too.

import { additions, alterations, apply, redo, removals, undo } from "./changes.js";
import { changed, model, selected, shapeOf } from "./model.js";
import { freeNumbers } from "./numbers.js";
import { moved } from "./pointer.js";
import { applyZoom, svg } from "./render.js";

const ZOOM_STEP = 1.4;
const MOST_ZOOM = 8;

export const acts = {
  undo,
  redo,
  duplicate,
  rotate,
  remove: () => apply(removals(selected().filter(({ state }) => state === "free"))),
  "zoom-in": () => zoom(ZOOM_STEP),
  "zoom-out": () => zoom(1 / ZOOM_STEP),
};

export function enableTools() {
  document.querySelectorAll("[data-act]").forEach((button) => {
    button.addEventListener("click", () => acts[button.dataset.act]());
  });
  document.querySelectorAll("[data-tool]").forEach((button) => {
    button.addEventListener("click", () => {
      model.tool = button.dataset.tool;
      changed();
    });
  });
}

export function renderTools() {
  const chosen = selected().filter((each) => each.x !== null);
  const isOff = {
    undo: !model.undo.length,
    redo: !model.redo.length,
    duplicate: !chosen.length,
    rotate: !chosen.length,
    remove: !chosen.some(({ state }) => state === "free"),
  };
  for (const button of document.querySelectorAll("[data-act]")) button.disabled = isOff[button.dataset.act] ?? false;
  for (const button of document.querySelectorAll("[data-tool]")) {
    button.setAttribute("aria-pressed", String(button.dataset.tool === model.tool));
  }
  svg.classList.toggle("is-drawing", model.tool === "draw");
}

/** Repeats the selection below itself, with the numbers that follow. */
function duplicate() {
  const chosen = selected().filter((each) => each.x !== null);
  if (!chosen.length) return;
  const height = Math.max(...chosen.map((each) => each.y + each.depth)) - Math.min(...chosen.map((each) => each.y));
  const codes = freeNumbers(chosen.at(-1).code, chosen.length);
  apply(additions(chosen.map((each, at) => ({ ...moved(shapeOf(each), 0, height), code: codes[at] }))));
}

function rotate() {
  const chosen = selected().filter((each) => each.x !== null && !each.polygon?.length);
  apply(alterations(chosen, (shape) => {
    const [cx, cy] = [shape.x + shape.width / 2, shape.y + shape.depth / 2];
    return { ...shape, x: cx - shape.depth / 2, y: cy - shape.width / 2, width: shape.depth, depth: shape.width };
  }));
}

function zoom(factor) {
  model.zoom = Math.min(Math.max(model.zoom * factor, 1), MOST_ZOOM);
  applyZoom();
}
