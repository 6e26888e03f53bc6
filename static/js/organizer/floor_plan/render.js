// Draws the booths. Elements are reused, so that moving one booth does not draw a thousand again.

import { fill } from "../../kit/phrases.js";
import { centre, corners } from "./geometry.js";
import { formatNumber, model, selected, texts } from "./model.js";

const NAMESPACE = "http://www.w3.org/2000/svg";
export const svg = document.querySelector("[data-canvas]");
const group = svg.querySelector("[data-booths]");
const overlay = svg.querySelector("[data-overlay]");
const faults = document.querySelector("[data-faults]");
const REACH = 1; // metres between a booth and the handle that turns it
const drawn = new Map();
group.replaceChildren();

export function element(name, attributes = {}) {
  const made = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

export function render() {
  for (const [id, made] of drawn) {
    if (model.booths.get(id)?.x === undefined || model.booths.get(id).x === null) {
      made.remove();
      drawn.delete(id);
    }
  }
  for (const booth of model.booths.values()) if (booth.x !== null) draw(booth);
  drawHandle();
  faults.replaceChildren(...(model.faults.length ? model.faults.slice(0, 100) : [texts.noFaults]).map((text) => {
    return Object.assign(document.createElement("li"), { textContent: text });
  }));
}

function draw(booth) {
  let made = drawn.get(booth.id);
  if (!made) {
    made = element("g", { "data-id": booth.id });
    made.append(element("path"), element("text", { class: "map-number" }), element("title"));
    drawn.set(booth.id, made);
    group.append(made);
  }
  const [path, text, title] = made.children;
  path.setAttribute("d", `M${corners(booth).map((point) => point.join(" ")).join("L")}Z`);
  text.setAttribute("x", booth.x + booth.width / 2);
  text.setAttribute("y", booth.y + booth.depth / 2);
  text.setAttribute("font-size", Math.max(Math.min(0.95, booth.depth * 0.4, booth.width / (booth.code.length * 0.72)), 0.1));
  text.textContent = booth.code;
  title.textContent = [booth.code, booth.stateText, ...booth.companies, booth.price].filter(Boolean).join(" · ");
  made.setAttribute("class", "map-booth");
  made.classList.toggle("is-taken", booth.state === "sold");
  made.classList.toggle("is-held", booth.state === "held");
  made.classList.toggle("is-wrong", model.wrong.has(booth.code));
  made.classList.toggle("is-selected", model.selection.has(booth.id));
}

/** Shows where the size and the angle of a single selected booth are changed, and its figures. */
function drawHandle() {
  overlay.replaceChildren();
  const [booth, ...others] = selected().filter((each) => each.x !== null);
  if (!booth || others.length) return;
  const size = 0.6;
  const [x, y] = centre(booth);
  if (!booth.rotation && !booth.polygon?.length) {
    overlay.append(element("rect", {
      class: "fp-handle", "data-handle": "", x: booth.x + booth.width - size / 2, y: booth.y + booth.depth - size / 2,
      width: size, height: size,
    }));
  }
  const top = Math.min(...corners(booth).map((point) => point[1]));
  overlay.append(
    element("path", { class: "fp-turn-line", d: `M${x} ${top}V${top - REACH}` }),
    element("circle", { class: "fp-turn", "data-turn": "", cx: x, cy: top - REACH, r: size / 2 }),
  );
  const label = element("text", { x, y: top - REACH - 0.6, "font-size": 0.7 });
  const figures = fill(texts.size, { width: formatNumber(booth.width), depth: formatNumber(booth.depth) });
  label.textContent = booth.rotation ? `${figures} · ${formatNumber(booth.rotation)}°` : figures;
  overlay.append(label);
}

export function showLasso(box) {
  overlay.querySelector(".fp-lasso")?.remove();
  if (box) overlay.append(element("rect", { class: "fp-lasso", x: box.x, y: box.y, width: box.width, height: box.depth }));
}

/** Returns a point of the hall in metres for a point of the screen. */
export function toMetres(event) {
  const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
  return [point.x, point.y];
}

export function boothAt(event) {
  const made = document.elementsFromPoint(event.clientX, event.clientY).map((each) => each.closest?.("[data-id]")).find(Boolean);
  return made && model.booths.get(Number(made.dataset.id));
}

export function applyZoom() {
  svg.style.inlineSize = `${model.zoom * 100}%`;
}

export function markTarget(booth) {
  for (const [id, made] of drawn) made.classList.toggle("is-target", id === booth?.id);
}

