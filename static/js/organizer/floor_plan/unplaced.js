// Booths without a place: dragged onto the plan, or pressed to put them into its upper left corner.

import { alterations, apply } from "./changes.js";
import { data, model, select, texts } from "./model.js";
import { svg, toMetres } from "./render.js";

const SIZE = 3; // metres, for booths without a size
const MOST = 100;
const list = document.querySelector("[data-unplaced]");
let dragged = null;

export function enableUnplaced() {
  list.addEventListener("click", (event) => {
    const booth = boothOf(event);
    if (booth) place(booth, 1, 1);
  });
  list.addEventListener("dragstart", (event) => {
    dragged = boothOf(event);
    event.dataTransfer.setData("text/plain", dragged?.code ?? "");
  });
  svg.addEventListener("dragover", (event) => dragged && event.preventDefault());
  svg.addEventListener("drop", (event) => {
    event.preventDefault();
    if (dragged) place(dragged, ...toMetres(event).map((each) => Math.round(each / data.grid) * data.grid));
  });
  addEventListener("dragend", () => {
    dragged = null;
  });
}

function place(booth, x, y) {
  apply(alterations([booth], (shape) => ({ ...shape, x, y, width: shape.width ?? SIZE, depth: shape.depth ?? SIZE })));
  select([booth.id]);
}

export function renderUnplaced() {
  const booths = [...model.booths.values()].filter((each) => each.x === null);
  const items = booths.slice(0, MOST).map((booth) => {
    const text = [booth.code, ...booth.companies].join(" · ");
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: text, draggable: true, dir: "auto" });
    button.dataset.booth = booth.id;
    const item = document.createElement("li");
    item.append(button);
    return item;
  });
  if (!booths.length) {
    items.push(Object.assign(document.createElement("li"), { className: "muted", textContent: texts.allPlaced }));
  }
  list.replaceChildren(...items);
}

function boothOf(event) {
  return model.booths.get(Number(event.target.closest("[data-booth]")?.dataset.booth));
}
