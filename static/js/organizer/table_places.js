// Puts tables on the plan of a hall: choose a table, press its place. Without this script the distances are typed.

import { nearest } from "./floor_plan/geometry.js";

const NAMESPACE = "http://www.w3.org/2000/svg";
const GRID = 0.5; // metres

const svg = document.querySelector("[data-table-plan]");
const rows = [...document.querySelectorAll("[data-table-row]")].map((row) => {
  const [choice, x, y] = row.querySelectorAll("input");
  return { code: row.dataset.code, choice, x, y };
});

function draw() {
  svg.querySelector("[data-table-marks]").replaceChildren(...rows.filter(({ x, y }) => x.value && y.value).map(markOf));
}

function markOf({ code, choice, x, y }) {
  const mark = document.createElementNS(NAMESPACE, "g");
  const [left, top] = [x, y].map((each) => Number(each.value.replace(",", ".")) || 0);
  mark.setAttribute("class", choice.checked ? "map-table is-chosen" : "map-table");
  mark.setAttribute("transform", `translate(${left} ${top})`);
  const circle = document.createElementNS(NAMESPACE, "circle");
  circle.setAttribute("r", "0.6");
  const text = document.createElementNS(NAMESPACE, "text");
  text.setAttribute("y", "-1.1");
  text.setAttribute("font-size", "0.8");
  text.append(code);
  mark.append(circle, text);
  return mark;
}

svg.addEventListener("click", (event) => {
  const row = rows.find(({ choice }) => choice.checked);
  if (!row) return;
  const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
  row.x.value = String(nearest(Math.max(0, Math.round(point.x / GRID) * GRID)));
  row.y.value = String(nearest(Math.max(0, Math.round(point.y / GRID) * GRID)));
  const next = rows.find(({ x, y }) => !x.value && !y.value);
  if (next) next.choice.checked = true;
  draw();
});
document.querySelector("[data-table-places]").addEventListener("input", draw);
for (const part of document.querySelectorAll("[data-needs-script]")) part.hidden = false;
const first = rows.find(({ x }) => !x.value) ?? rows[0];
if (first) first.choice.checked = true;
draw();
document.documentElement.dataset.tables = "ready";
