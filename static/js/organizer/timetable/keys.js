// The keyboard: arrow keys move a card or change its duration. The move is shown at once and stored after a pause, on
// Enter or when the card loses the focus; Escape reverts it.

import { fill } from "../../kit/phrases.js";
import { cardOf, columnsOf, renderGrid } from "./grid.js";
import { announce, changed, currentDay, durationOf, isSame, model, roomName, sessions, step, texts, timesOf } from "./model.js";
import { isPending, place, revert } from "./sync.js";

const PAUSE = 900;
const NINE = 5 * 3_600_000; // from the beginning of a day at four
const ARROWS = new Set(["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"]);
const isMirrored = document.dir === "rtl";
let moving = null;

/** Starts to listen. */
export function enableKeys() {
  document.addEventListener("keydown", press);
  document.addEventListener("focusout", (event) => {
    // A card that moves to another column loses the focus for an instant.
    if (moving && event.target.dataset?.session === String(moving.id)) setTimeout(() => {
      if (moving && document.activeElement !== cardOf(moving.id)) store();
    });
  });
}

function press(event) {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !isField(event.target)) return pressCombined(event);
  const id = Number(event.target.dataset?.session);
  if (!id || event.altKey) return;
  const session = sessions.get(id);
  if (!session.slot) {
    if (event.key === " ") {
      event.preventDefault();
      placeFirst(session);
    }
    return;
  }
  if (ARROWS.has(event.key)) {
    event.preventDefault();
    move(session, event.key, event.shiftKey);
  } else if (event.key === "Escape" && moving) {
    event.preventDefault();
    cancel();
  } else if (event.key === "Enter" && moving) {
    event.preventDefault();
    store();
  } else if (event.key === "Delete") {
    event.preventDefault();
    cancel();
    place(id, null);
  }
}

function pressCombined(event) {
  const key = event.key.toLowerCase();
  const name = key === "y" || (key === "z" && event.shiftKey) ? "redo" : key === "z" ? "undo" : "";
  if (!name) return;
  event.preventDefault();
  if (moving) cancel();
  else if (model.history[name]) revert(name);
}

function isField(target) {
  return target.closest?.("input, select, textarea") !== null;
}

function move(session, key, isResize) {
  if (moving && moving.id !== session.id) store();
  moving ??= { id: session.id, before: session.slot };
  const slot = isResize ? resized(session.slot, key) : moved(session.slot, key);
  if (!slot) return;
  session.slot = slot;
  clearTimeout(moving.timer);
  moving.timer = setTimeout(store, PAUSE);
  renderGrid();
  const card = cardOf(session.id);
  card.classList.add("is-moving");
  card.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
  announce(fill(texts.moving, { room: roomName(slot.room), time: timesOf(slot) }));
}

function moved(slot, key) {
  if (key === "ArrowUp" || key === "ArrowDown") {
    const by = key === "ArrowUp" ? -step() : step();
    const day = currentDay();
    const from = slot.from + by;
    const until = slot.until + by;
    // A session that began on an earlier day stays on this one as long as it does not end before it.
    const isOnDay = (from >= day.from || slot.from < day.from) && until > day.from && from < day.until;
    return isOnDay ? { ...slot, from, until } : null;
  }
  const order = [...columnsOf().keys()];
  const isForward = (key === "ArrowRight") !== isMirrored;
  const room = order[order.indexOf(slot.room) + (isForward ? 1 : -1)];
  return room === undefined ? null : { ...slot, room };
}

function resized(slot, key) {
  const isLonger = key === "ArrowDown" || (key === "ArrowRight") !== isMirrored && key !== "ArrowUp" && key !== "ArrowLeft";
  const until = slot.until + (isLonger ? step() : -step());
  return until - slot.from >= step() ? { ...slot, until } : null;
}

function store() {
  const { id, before, timer } = moving;
  clearTimeout(timer);
  moving = null;
  const session = sessions.get(id);
  if (!session) return; // cancelled or deleted by somebody else
  const wanted = session.slot;
  cardOf(id)?.classList.remove("is-moving");
  // Somebody else may have changed the place in the meantime: what counts is the place from which it was moved.
  session.slot = before;
  if (isSame(before, wanted)) changed();
  else place(id, wanted);
}

function cancel() {
  if (!moving) return;
  clearTimeout(moving.timer);
  const session = sessions.get(moving.id);
  if (!session) return void (moving = null);
  session.slot = isPending(moving.id) ? moving.before : session.stored;
  cardOf(moving.id)?.classList.remove("is-moving");
  moving = null;
  changed();
  announce(fill(texts.moved, { room: roomName(session.slot.room), time: timesOf(session.slot) }));
}

/** Places a session in the first room that is free long enough on the day shown, from nine o'clock on. */
function placeFirst(session) {
  const day = currentDay();
  const lasts = durationOf(session);
  const placed = [...sessions.values()].filter((each) => each.slot);
  for (let from = day.from + NINE; from + lasts <= day.until; from += step()) {
    for (const room of columnsOf().keys()) {
      const isTaken = placed.some(({ slot, allRooms }) => (allRooms || slot.room === room) && slot.from < from + lasts && from < slot.until);
      if (room === null || isTaken) continue;
      place(session.id, { room, from, until: from + lasts });
      cardOf(session.id)?.focus();
      return;
    }
  }
  announce(texts.noFreeSlot);
}
