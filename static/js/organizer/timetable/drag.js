// Dragging with mouse, pen and finger: into the grid, within it, back to the list, and by the lower edge. A finger
// drags only after a short hold, so that it can still scroll.

import { cardOf, columnsOf, element, view } from "./grid.js";
import { durationOf, sessions, snap, step, timesOf } from "./model.js";
import { place } from "./sync.js";

const MINUTE = 60_000;
const SLACK = 5; // pixels that a pointer may move in a click
const HOLD = 350; // milliseconds until a finger drags
const EDGE = 48; // pixels at the edge of the grid in which it scrolls
const SPEED = 14;
const HEADER = 64; // of the page, which covers what is above it

const region = document.querySelector("[data-grid]");
const list = document.querySelector("[data-unplaced]");
const ghost = element("div", "tt-ghost");
let drag = null;

/** Starts to listen. */
export function enableDragging() {
  document.addEventListener("pointerdown", press);
  document.addEventListener("pointermove", move);
  document.addEventListener("pointerup", release);
  document.addEventListener("pointercancel", cancelDrag);
  document.addEventListener("keydown", (event) => event.key === "Escape" && cancelDrag());
  // While a finger drags, nothing scrolls; its events must not be passive for that.
  document.addEventListener("touchmove", (event) => drag?.isActive && event.preventDefault(), { passive: false });
  document.addEventListener("contextmenu", (event) => drag?.isTouch && event.preventDefault());
  document.addEventListener("dragstart", (event) => event.target.closest?.("[data-session]") && event.preventDefault());
}

function press(event) {
  const source = event.target.closest("[data-session]");
  if (!source || event.button !== 0 || !event.isPrimary) return;
  const session = sessions.get(Number(source.dataset.session));
  const isTouch = event.pointerType === "touch";
  const isResize = event.target.closest("[data-resize]") !== null;
  const grip = session.slot ? event.clientY - source.getBoundingClientRect().top : 0;
  drag = { session, source, isTouch, isResize, grip, x: event.clientX, y: event.clientY, pointer: event.pointerId, slot: undefined };
  if (isTouch) drag.timer = setTimeout(start, isResize ? 0 : HOLD);
}

function start() {
  if (!drag) return;
  drag.isActive = true;
  drag.source.classList.add("is-dragged");
  drag.scroll = setInterval(scrollAtEdge, 16);
}

function move(event) {
  if (!drag || event.pointerId !== drag.pointer) return;
  const far = Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > SLACK;
  if (!drag.isActive) {
    if (!far) return;
    if (drag.isTouch) return cancelDrag();
    start();
  }
  drag.atX = event.clientX;
  drag.atY = event.clientY;
  aim();
}

function aim() {
  const { session, atX, atY, isResize } = drag;
  if (atX === undefined) return;
  const target = isResize ? session.slot.room : columnAt(atX, atY);
  drag.slot = undefined;
  list.classList.toggle("is-target", target === undefined && Boolean(session.slot) && isWithin(list, atX, atY));
  for (const [room, column] of columnsOf()) column.classList.toggle("is-target", room === target);
  if (target === undefined) return ghost.remove();
  const column = columnsOf().get(target);
  const moment = view.from + (atY - column.getBoundingClientRect().top - (isResize ? 0 : drag.grip)) / view.pixels * MINUTE;
  if (isResize) {
    drag.slot = { ...session.slot, until: Math.max(snap(moment), session.slot.from + step()) };
  } else {
    // The card of a session that began on an earlier day begins where the grid does.
    const hidden = session.slot ? Math.max(view.from - session.slot.from, 0) : 0;
    const from = Math.max(snap(moment), view.from) - hidden;
    drag.slot = { room: target, from, until: from + durationOf(session) };
  }
  ghost.textContent = timesOf(drag.slot);
  const from = Math.max(drag.slot.from, view.from);
  ghost.style.setProperty("--from", (from - view.from) / MINUTE);
  ghost.style.setProperty("--lasts", (Math.min(drag.slot.until, view.until) - from) / MINUTE);
  column.append(ghost);
}

function columnAt(x, y) {
  if (!isWithin(region, x, y)) return undefined;
  for (const [room, column] of columnsOf()) {
    const { left, right } = column.getBoundingClientRect();
    if (left <= x && x < right) return room;
  }
  return undefined;
}

function isWithin(container, x, y) {
  const { left, right, top, bottom } = container.getBoundingClientRect();
  return left <= x && x < right && top <= y && y < bottom;
}

function scrollAtEdge() {
  if (!drag || drag.atX === undefined) return;
  const { left, right, top, bottom } = region.getBoundingClientRect();
  const { scrollLeft, scrollTop } = region;
  if (isWithin(region, drag.atX, drag.atY)) {
    const across = drag.atX < left + EDGE ? -SPEED : drag.atX > right - EDGE ? SPEED : 0;
    const along = drag.atY < top + EDGE || drag.atY < EDGE ? -SPEED : drag.atY > Math.min(bottom, innerHeight) - EDGE ? SPEED : 0;
    region.scrollBy(drag.isResize ? 0 : across, along);
  }
  const hasScrolled = region.scrollLeft !== scrollLeft || region.scrollTop !== scrollTop;
  if (!hasScrolled && !scrollPage()) return;
  aim();
}

/** On phones the grid and the list are below each other: at the edge of the window the page scrolls to the other one. */
function scrollPage() {
  const before = scrollY;
  if (drag.atY < EDGE && region.getBoundingClientRect().top < HEADER) scrollBy({ top: -SPEED, behavior: "instant" });
  const bottom = drag.isResize ? region.getBoundingClientRect().bottom : list.getBoundingClientRect().bottom;
  if (drag.atY > innerHeight - EDGE && bottom > innerHeight) scrollBy({ top: SPEED, behavior: "instant" });
  return scrollY !== before;
}

function release(event) {
  if (!drag || event.pointerId !== drag.pointer) return;
  const { isActive, session, slot, atX, atY } = drag;
  const isRemoved = isActive && !slot && session.slot && atX !== undefined && isWithin(list, atX, atY);
  cancelDrag();
  if (!isActive) return;
  swallowClick();
  if (isRemoved) place(session.id, null);
  else if (slot) {
    place(session.id, slot);
    cardOf(session.id)?.focus({ preventScroll: true });
  }
}

/** The click that may follow a drag would open the form. */
function swallowClick() {
  const swallow = (click) => {
    click.preventDefault();
    click.stopPropagation();
  };
  addEventListener("click", swallow, { capture: true });
  setTimeout(() => removeEventListener("click", swallow, { capture: true }), 50);
}

function cancelDrag() {
  if (!drag) return;
  clearTimeout(drag.timer);
  clearInterval(drag.scroll);
  drag.source.classList.remove("is-dragged");
  list.classList.remove("is-target");
  for (const column of columnsOf().values()) column.classList.remove("is-target");
  ghost.remove();
  drag = null;
}
