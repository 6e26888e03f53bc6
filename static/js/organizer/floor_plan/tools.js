// The buttons above the plan, which the keyboard uses too.

import { fill } from "../../kit/phrases.js";
import { additions, alterations, apply, redo, removals, showRefusal, undo } from "./changes.js";
import { moved, turned, turnedRight } from "./geometry.js";
import { changed, model, selected, shapeOf, texts } from "./model.js";
import { freeNumbers } from "./numbers.js";
import { clearOutline } from "./outline.js";
import { applyZoom, svg } from "./render.js";

const ZOOM_STEP = 1.4;
const MAX_ZOOM = 8;
const angle = document.querySelector("[data-angle]");

export const acts = {
  undo,
  redo,
  duplicate,
  rotate,
  remove,
  "zoom-in": () => zoom(ZOOM_STEP),
  "zoom-out": () => zoom(1 / ZOOM_STEP),
};

export function enableTools() {
  document.querySelectorAll("[data-action]").forEach((button) => {
    button.addEventListener("click", () => acts[button.dataset.action]());
  });
  document.querySelectorAll("[data-tool]").forEach((button) => {
    button.addEventListener("click", () => {
      model.tool = button.dataset.tool;
      clearOutline();
      changed();
      if (model.tool !== "select") svg.focus();
    });
  });
  angle.addEventListener("change", () => {
    const degrees = Number(angle.value);
    if (!Number.isFinite(degrees)) return;
    // A polygon has no angle of its own: it is turned by what is entered.
    apply(alterations(selected().filter((each) => each.x !== null), (shape) => {
      return turned(shape, shape.polygon.length ? degrees : degrees - shape.rotation);
    }));
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
  for (const button of document.querySelectorAll("[data-action]")) button.disabled = isOff[button.dataset.action] ?? false;
  for (const button of document.querySelectorAll("[data-tool]")) {
    button.setAttribute("aria-pressed", String(button.dataset.tool === model.tool));
  }
  svg.classList.toggle("is-drawing", model.tool !== "select");
  angle.disabled = !chosen.length;
  if (document.activeElement !== angle) angle.value = chosen.length === 1 && !chosen[0].polygon?.length ? chosen[0].rotation : "";
}

/** Deletes the free booths selected. If none of them is free, says what has to be done first. */
function remove() {
  const chosen = selected();
  const free = chosen.filter(({ state }) => state === "free");
  if (free.length) apply(removals(free));
  else if (chosen.length) showRefusal(fill(texts.occupied, { booth: chosen[0].code }));
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
  apply(alterations(selected().filter((each) => each.x !== null), turnedRight));
}

function zoom(factor) {
  model.zoom = Math.min(Math.max(model.zoom * factor, 1), MAX_ZOOM);
  applyZoom();
}
