// Draws the booths. Elements are reused, so that moving one booth does not draw a thousand again.

import { data, fill, formatNumber, model, selected, texts } from "./model.js";

const NAMESPACE = "http://www.w3.org/2000/svg";
export const svg = document.querySelector("[data-canvas]");
const group = svg.querySelector("[data-booths]");
const overlay = svg.querySelector("[data-overlay]");
const faults = document.querySelector("[data-faults]");
const drawn = new Map();
group.replaceChildren();

export function element(name, attributes = {}) {
  const made = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

export function corners({ x, y, width, depth, rotation, polygon }) {
  if (polygon?.length) return polygon;
  const points = [[x, y], [x + width, y], [x + width, y + depth], [x, y + depth]];
  if (!rotation) return points;
  const [cx, cy] = [x + width / 2, y + depth / 2];
  const [cosine, sine] = [Math.cos(rotation * Math.PI / 180), Math.sin(rotation * Math.PI / 180)];
  return points.map(([px, py]) => [cx + (px - cx) * cosine - (py - cy) * sine, cy + (px - cx) * sine + (py - cy) * cosine]);
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
  text.setAttribute("font-size", Math.max(Math.min(0.95, booth.depth * 0.4, booth.width / (booth.code.length * 0.62)), 0.1));
  text.textContent = booth.code;
  title.textContent = [booth.code, booth.stateText, ...booth.companies, booth.price].filter(Boolean).join(" · ");
  made.setAttribute("class", "map-booth");
  made.classList.toggle("is-taken", booth.state === "sold");
  made.classList.toggle("is-held", booth.state === "held");
  made.classList.toggle("is-wrong", model.wrong.has(booth.code));
  made.classList.toggle("is-selected", model.selection.has(booth.id));
}

/** Shows where the size of a single selected booth is changed, and its figures. */
function drawHandle() {
  overlay.replaceChildren();
  const [booth, ...others] = selected().filter((each) => each.x !== null);
  if (!booth || others.length || booth.rotation || booth.polygon?.length) return;
  const size = 0.6;
  overlay.append(element("rect", {
    class: "fp-handle", "data-handle": "", x: booth.x + booth.width - size / 2, y: booth.y + booth.depth - size / 2,
    width: size, height: size,
  }));
  const label = element("text", { x: booth.x + booth.width / 2, y: booth.y - 0.5, "font-size": 0.7 });
  label.textContent = fill(texts.size, { width: formatNumber(booth.width), depth: formatNumber(booth.depth) });
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

export const hallSize = () => [data.width, data.depth];
