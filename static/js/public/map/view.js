// Moves and zooms the plan. The SVG is drawn once; a gesture only changes its transform, at most once per frame, so that
// a thousand booths stay fluid on a phone. Labels appear by level, when a metre is large enough for them.

import { enableLabels } from "./labels.js";

const LARGEST = 60; // pixels per metre
const MARGIN = 40; // pixels of the hall that stay visible
const LEVELS = [9, 26]; // pixels per metre from which numbers and names are shown
const TAP = 6; // pixels that a finger may move in a tap
const STEP = 80;

/** Makes the view live and returns how to bring a booth into it. */
export function enableView(frame) {
  const view = frame.querySelector("[data-map-view]");
  const svg = view.querySelector("svg");
  const [left, top, width, depth] = svg.getAttribute("viewBox").split(" ").map(Number);
  view.classList.add("is-live");
  let base = 1; // pixels per metre without zoom
  let scale = 1;
  let x = 0;
  let y = 0;
  let waiting = 0;
  let hasMoved = false;
  const fingers = new Map();
  const showLabels = enableLabels(svg);

  function measure() {
    base = view.clientWidth / width;
    svg.setAttribute("width", view.clientWidth);
    svg.setAttribute("height", base * depth);
  }

  const smallest = () => Math.min(1, view.clientHeight / (base * depth));

  function clamp() {
    scale = Math.min(Math.max(scale, smallest()), Math.max(LARGEST / base, 1));
    const [w, h] = [base * width * scale, base * depth * scale];
    const [vw, vh] = [view.clientWidth, view.clientHeight];
    x = w <= vw ? (vw - w) / 2 : Math.min(Math.max(x, vw - w - MARGIN), MARGIN);
    y = h <= vh ? (vh - h) / 2 : Math.min(Math.max(y, vh - h - MARGIN), MARGIN);
  }

  function draw() {
    waiting = 0;
    clamp();
    svg.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
    const level = LEVELS.filter((each) => base * scale >= each).length;
    if (svg.dataset.level !== String(level)) svg.dataset.level = String(level);
    const metres = 1 / (base * scale);
    showLabels(level, left - x * metres, top - y * metres, view.clientWidth * metres, view.clientHeight * metres);
  }

  function drawSoon() {
    waiting ||= requestAnimationFrame(draw);
  }

  function zoom(factor, centreX = view.clientWidth / 2, centreY = view.clientHeight / 2) {
    const before = scale;
    scale *= factor;
    scale = Math.min(Math.max(scale, smallest()), Math.max(LARGEST / base, 1));
    x = centreX - (centreX - x) * scale / before;
    y = centreY - (centreY - y) * scale / before;
    drawSoon();
  }

  function glide(act) {
    svg.classList.add("is-gliding");
    act();
    setTimeout(() => svg.classList.remove("is-gliding"), 250);
  }

  function showAll() {
    scale = smallest();
    x = y = 0;
    drawSoon();
  }

  /** Brings a point of the hall, in metres, into the middle. */
  function showPoint(px, py, pixels = 30) {
    scale = Math.max(scale, pixels / base);
    x = view.clientWidth / 2 - (px - left) * base * scale;
    y = view.clientHeight / 2 - (py - top) * base * scale;
    drawSoon();
  }

  function place(event) {
    const box = view.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  view.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    if (!fingers.size) hasMoved = false;
    fingers.set(event.pointerId, place(event));
  });
  view.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const now = place(event);
    if (!hasMoved && Math.hypot(now[0] - before[0], now[1] - before[1]) < TAP && fingers.size === 1) return;
    if (!hasMoved) view.setPointerCapture(event.pointerId);
    hasMoved = true;
    if (fingers.size === 1) {
      x += now[0] - before[0];
      y += now[1] - before[1];
    } else {
      const other = [...fingers].find(([id]) => id !== event.pointerId)[1];
      const spread = (point) => Math.hypot(point[0] - other[0], point[1] - other[1]);
      x += (now[0] - before[0]) / 2;
      y += (now[1] - before[1]) / 2;
      zoom(spread(now) / (spread(before) || 1), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
    }
    fingers.set(event.pointerId, now);
    drawSoon();
  });
  for (const name of ["pointerup", "pointercancel"]) addEventListener(name, (event) => fingers.delete(event.pointerId));
  // A drag that ends on a booth is not a tap on it.
  view.addEventListener("click", (event) => {
    if (hasMoved) {
      event.preventDefault();
      event.stopPropagation();
    }
    hasMoved = false;
  }, true);
  view.addEventListener("dragstart", (event) => event.preventDefault());
  view.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.002)), ...place(event));
  }, { passive: false });
  view.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const moves = { ArrowLeft: [STEP, 0], ArrowRight: [-STEP, 0], ArrowUp: [0, STEP], ArrowDown: [0, -STEP] };
    const move = moves[event.key];
    if (move) [x, y] = [x + move[0], y + move[1]];
    else if (event.key === "+" || event.key === "=") zoom(1.5);
    else if (event.key === "-") zoom(1 / 1.5);
    else if (event.key === "0") showAll();
    else return;
    event.preventDefault();
    drawSoon();
  });
  frame.querySelectorAll("[data-zoom]").forEach((button) => {
    button.addEventListener("click", () => glide(() => zoom(Number(button.dataset.zoom))));
  });
  frame.querySelector("[data-zoom-all]")?.addEventListener("click", () => glide(showAll));
  new ResizeObserver(() => {
    measure();
    draw();
  }).observe(view);

  measure();
  showAll();
  draw();
  return { showPoint };
}
