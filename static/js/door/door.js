// The door page: a text from the camera, a hand scanner or the keyboard becomes a scan, and its result a verdict.

import { Camera } from "./camera.js";
import { askForReason, isReasonDialogOpen } from "./force.js";
import { calendarDay, dayAtDoor } from "./expo_day.js";
import { listenForHandScanner } from "./hand_scanner.js";
import { ScanQueue } from "./queue.js";
import { NotChecked, SignedOut, lookUp, send } from "./sender.js";
import { sound, switchSounds, unlockSounds } from "./sounds.js";
import { closeVerdict, isVerdictOpen, showNotice, showPerson, showVerdict, whenVerdictCloses } from "./verdict.js";

const REPEAT_MS = 3000;
const SHORT_CODE = 20;

const data = JSON.parse(document.getElementById("door-data").textContent);
const { texts } = data;
const byId = (id) => document.getElementById(id);

localStorage.setItem("door", JSON.stringify({ checkpoint: data.checkpoint, direction: data.direction }));

const queue = new ScanQueue();
const lastSeen = new Map(); // by badge text
let current = null; // the pending scan: { scan, giveUp }
let lastRefused = null;

// A badge held in front of the camera is scanned once; it counts again after three seconds out of view.
function isRepeat(text) {
  const now = performance.now();
  for (const [each, seen] of lastSeen) if (now - seen >= REPEAT_MS) lastSeen.delete(each);
  const repeats = lastSeen.has(text);
  lastSeen.set(text, now);
  return repeats;
}

// Accepts a scanned text. While another scan is pending or a dialog is open, it is queued.
function receive(text, keys = "") {
  if (current?.scan.text === text || !queue.add({ text, keys, made: performance.now() })) return;
  if (current || isReasonDialogOpen()) {
    sound("queued");
    byId("hint").textContent = texts.queued;
    showWaiting();
  } else if (isVerdictOpen()) closeVerdict();
  else checkNext();
}

async function checkNext() {
  if (current || isVerdictOpen() || isReasonDialogOpen()) return;
  const scan = queue.take();
  if (!scan) return;
  const giveUp = new AbortController();
  current = { scan, giveUp };
  byId("hint").textContent = texts.checking;
  showWaiting();
  try {
    if (isShortCode(scan)) showPerson(await lookUp(scan.text, data, giveUp.signal));
    else await check(scan, giveUp.signal);
    showNetwork("online");
  } catch (error) {
    if (error instanceof SignedOut) showNotice(texts.signed_out, texts.signed_out_advice);
    else if (error instanceof NotChecked) showNotice(texts.failed, texts.failed_advice);
    else if (error.name !== "AbortError") throw error;
  } finally {
    current = null;
    lastSeen.set(scan.text, performance.now());
    byId("hint").textContent = texts.ready;
    showNetwork(networkState());
    showWaiting();
    checkNext();
  }
}

async function check({ text, keys, made, force }, signal) {
  const scan = { scan_id: newId(), token: text, keys, checkpoint: data.checkpoint, direction: data.direction, ...force };
  let hasWaited = false;
  const onWaiting = (busySeconds) => {
    showNetwork(busySeconds ? "busy" : "offline");
    const advice = busySeconds ? texts.busy_advice.replace("{time}", formatSeconds(busySeconds)) : texts.not_checked_advice;
    showNotice(texts.not_checked, advice, { isSilent: hasWaited });
    showWaiting();
    hasWaited = true;
  };
  const answer = await send(scan, made, data, onWaiting, signal);
  lastRefused = { text, keys, name: answer.attendee?.name ?? "" };
  showVerdict(answer);
}

function isShortCode({ text, keys }) {
  return text.length < SHORT_CODE && keys.length < SHORT_CODE;
}

// A page that is not served over HTTPS has no crypto.randomUUID.
function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const text = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return text.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}

function networkState() {
  return navigator.onLine ? "online" : "offline";
}

// `state` is online, offline or busy (the server is reachable but asks to wait).
function showNetwork(state) {
  const network = byId("network");
  if (network.dataset.state === state) return;
  network.dataset.state = state;
  byId("network-word").textContent = texts[state];
}

function formatSeconds(seconds) {
  return new Intl.NumberFormat(data.language, { style: "unit", unit: "second", unitDisplay: "long" }).format(seconds);
}

// Shows how many badges are waiting: the queued ones and the pending one.
function showWaiting() {
  const isStuck = current && byId("network").dataset.state !== "online";
  const count = queue.length + (isStuck ? 1 : 0);
  const words = count ? texts.waiting.replace("{count}", String(count)) : "";
  for (const id of ["waiting", "verdict-waiting"]) {
    if (byId(id).textContent !== words) byId(id).textContent = words;
  }
}

function showTime() {
  const now = new Date();
  const time = now.toLocaleTimeString(data.language, { hour: "2-digit", minute: "2-digit", timeZone: data.time_zone });
  const day = dayAtDoor(now, data);
  const isLate = day !== calendarDay(now, data.time_zone); // after midnight the previous expo day still applies
  const words = isLate && new Date(day).toLocaleDateString(data.language, { month: "short", day: "numeric", timeZone: "UTC" });
  byId("clock").textContent = words ? `${words} · ${time}` : time;
  byId("clock").dateTime = now.toISOString();
}

// Dismissing a verdict cancels a scan that is still waiting for the network: nobody was admitted by it.
function next() {
  current?.giveUp.abort();
  closeVerdict();
}

const camera = new Camera(
  byId("video"),
  data,
  (text) => { if (!isRepeat(text)) receive(text); },
  (error) => { console.error(error); byId("hint").textContent = texts.camera_missing; },
);

async function openCamera(deviceId) {
  byId("hint").textContent = texts.camera_starting;
  try {
    await camera.open(deviceId);
    byId("hint").textContent = texts.ready;
  } catch (error) {
    if (deviceId) return openCamera();
    byId("hint").textContent = error.name === "NotAllowedError" ? texts.camera_refused : texts.camera_missing;
  }
  byId("torch").hidden = !camera.isOpen || !camera.hasTorch;
  byId("switch-camera").hidden = !camera.isOpen || !camera.hasOthers;
}

byId("start").addEventListener("click", async () => {
  byId("start-panel").hidden = true;
  byId("start-panel").classList.add("d-none");
  byId("tools").hidden = false;
  await unlockSounds();
  if (navigator.mediaDevices) await openCamera(localStorage.getItem("door-camera") ?? undefined);
  else byId("hint").textContent = texts.camera_missing;
  navigator.wakeLock?.request("screen").catch(() => {}); // optional: a touch wakes the phone
});

byId("torch").addEventListener("click", async (event) => {
  const isOn = event.currentTarget.getAttribute("aria-pressed") !== "true";
  event.currentTarget.setAttribute("aria-pressed", String(isOn));
  await camera.light(isOn);
});

byId("switch-camera").addEventListener("click", async () => {
  localStorage.setItem("door-camera", await camera.openNext());
  byId("torch").hidden = !camera.hasTorch;
});

byId("sound").addEventListener("click", (event) => {
  const isOn = event.currentTarget.getAttribute("aria-pressed") !== "true";
  event.currentTarget.setAttribute("aria-pressed", String(isOn));
  switchSounds(isOn);
});

byId("type").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = byId("typed").value.trim();
  byId("typed").value = "";
  if (text) receive(text);
});

byId("next").addEventListener("click", next);
byId("force").addEventListener("click", async () => {
  const { text, keys, name } = lastRefused;
  const why = await askForReason(name);
  if (why) {
    queue.addFirst({ text, keys, made: performance.now(), force: { forced: true, ...why } });
    closeVerdict();
  }
});
byId("verdict").addEventListener("click", (event) => {
  if (!event.target.closest("a, button")) next();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && isVerdictOpen() && !isReasonDialogOpen()) next();
});
whenVerdictCloses(() => {
  lastRefused = null;
  checkNext();
});

listenForHandScanner([byId("typed"), byId("force-note")], ({ text, keys }) => {
  if (!isRepeat(text)) receive(text, keys);
});

window.addEventListener("beforeunload", (event) => {
  if (current || queue.length) event.preventDefault(); // pending scans would be lost
});
for (const state of ["online", "offline"]) {
  window.addEventListener(state, () => {
    showNetwork(networkState());
    showWaiting();
  });
}
showNetwork(networkState());
showTime();
setInterval(showTime, 5000);
document.documentElement.dataset.door = "ready";
