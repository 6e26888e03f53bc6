// Outlines drawn corner by corner: of a booth that is not a rectangle, or of the hall. Pointer: press each corner, and
// the first one again to close. Keyboard: arrow keys move the cross, Space sets a corner, Enter closes, Backspace
// removes the last corner, Escape cancels.

import { fill } from "../../kit/phrases.js";
import { additions, apply, drawHall, showState } from "./changes.js";
import { boxAround, nearest } from "./geometry.js";
import { changed, data, formatNumber, model, texts } from "./model.js";
import { nextNumber } from "./numbers.js";
import { element, svg, toMetres } from "./render.js";
import { snapEdge } from "./snap.js";

const CLOSE = 0.6; // metres from the first corner at which an outline is closed
const MOST = 40;
const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const announcer = document.querySelector("[data-announce]");
const layer = element("g", { class: "fp-outline" });
let points = [];
let cross = null;

export const isDrawingOutline = () => model.tool === "outline" || model.tool === "hall";

export function enableOutline() {
  svg.append(layer);
  svg.addEventListener("pointermove", (event) => {
    if (!isDrawingOutline()) return;
    cross = snapped(event);
    show();
  });
}

/** Sets a corner where the pointer is, or closes the outline at its first corner. */
export function pressOutline(event) {
  setCorner(snapped(event));
}

/** Handles a key while an outline is drawn, and returns whether it did. */
export function handleOutlineKey(event) {
  if (event.key in DIRECTIONS) return moveCross(DIRECTIONS[event.key], event.shiftKey ? 0.1 : data.grid);
  if (event.key === " ") return done(() => setCorner(cross ?? [0, 0]));
  if (event.key === "Enter") return done(close);
  if (event.key === "Backspace" || event.key === "Delete") return done(() => points.pop());
  if (event.key === "Escape") return done(giveUp);
  return false;
}

/** Discards an unfinished outline. */
export function clearOutline() {
  points = [];
  cross = null;
  show();
}

function done(act) {
  act();
  show();
  return true;
}

function giveUp() {
  clearOutline();
  model.tool = "select";
  changed();
}

function snapped(event) {
  const [x, y] = toMetres(event);
  const within = (value, most) => Math.min(Math.max(value, 0), most);
  return [within(nearest(snapEdge(x, "x")), data.width), within(nearest(snapEdge(y, "y")), data.depth)];
}

function moveCross([across, along], metres) {
  const [x, y] = cross ?? points.at(-1) ?? [0, 0];
  const within = (value, most) => nearest(Math.min(Math.max(value, 0), most));
  cross = [within(x + across * metres, data.width), within(y + along * metres, data.depth)];
  say(texts.cross, { x: formatNumber(cross[0]), y: formatNumber(cross[1]) });
  show();
  return true;
}

function setCorner(point) {
  const [first] = points;
  if (points.length > 2 && Math.hypot(point[0] - first[0], point[1] - first[1]) < CLOSE) return close();
  const last = points.at(-1);
  if (points.length >= MOST || (last && last[0] === point[0] && last[1] === point[1])) return;
  points.push(point);
  cross = point;
  say(texts.corner, { number: points.length, x: formatNumber(point[0]), y: formatNumber(point[1]) });
  showState(texts.outline);
  show();
}

function close() {
  if (points.length < 3) return showState(texts.crossing, true);
  const polygon = points;
  const isHall = model.tool === "hall";
  clearOutline();
  if (isHall) drawHall(polygon);
  else apply(additions([{ code: nextNumber(), ...boxAround(polygon), rotation: 0, polygon }]));
  model.tool = "select";
  changed();
}

function show() {
  const line = cross && points.length ? [...points, cross] : points;
  const parts = [];
  if (line.length) parts.push(element("path", { class: "fp-lasso", d: `M${line.map((point) => point.join(" ")).join("L")}` }));
  for (const [x, y] of points) parts.push(element("circle", { class: "fp-corner", cx: x, cy: y, r: 0.25 }));
  if (cross && isDrawingOutline()) {
    const [x, y] = cross;
    parts.push(element("path", { class: "fp-cross", d: `M${x - 0.6} ${y}H${x + 0.6}M${x} ${y - 0.6}V${y + 0.6}` }));
  }
  layer.replaceChildren(...parts);
}

function say(text, values) {
  announcer.textContent = fill(text, values);
}
