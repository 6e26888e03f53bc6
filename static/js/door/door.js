// The door's page: a text from the camera, a hand scanner or the keyboard becomes a scan, and its answer a verdict.

import { Camera } from "./camera.js";
import { calendarDay, dayAtDoor } from "./expo_day.js";
import { listenForHandScanner } from "./hand_scanner.js";
import { NotChecked, SignedOut, send } from "./sender.js";
import { switchSounds, unlockSounds } from "./sounds.js";
import { closeVerdict, isVerdictOpen, showNotice, showVerdict, whenVerdictCloses } from "./verdict.js";

const REPEAT_MS = 3000;
const SHORT_CODE = 20;

const data = JSON.parse(document.getElementById("door-data").textContent);
const { texts } = data;
const byId = (id) => document.getElementById(id);

localStorage.setItem("door", JSON.stringify({ checkpoint: data.checkpoint, direction: data.direction }));

let current = null; // the scan that has no answer yet
let lastRefused = null;
let lastText = "";
let lastSeen = 0;

// One badge held before the camera is one scan: it counts again only after it was away for three seconds.
function isRepeat(text) {
  const now = performance.now();
  const repeats = text === lastText && now - lastSeen < REPEAT_MS;
  lastText = text;
  lastSeen = now;
  return repeats;
}

async function check(text, { keys = "", forced = false } = {}) {
  if (current) return;
  if (!forced && text.length < SHORT_CODE && keys.length < SHORT_CODE) {
    showNotice(texts.short_code, texts.short_code_advice);
    return;
  }
  current = new AbortController();
  const scan = { scan_id: newId(), token: text, keys, checkpoint: data.checkpoint, direction: data.direction, forced };
  byId("hint").textContent = texts.checking;
  let hasWaited = false;
  const onWaiting = () => {
    tellNetwork(false);
    showNotice(texts.not_checked, texts.not_checked_advice, { isSilent: hasWaited });
    hasWaited = true;
  };
  try {
    const answer = await send(scan, data, onWaiting, current.signal);
    lastRefused = { text, keys };
    showVerdict(answer);
    tellNetwork(true);
  } catch (error) {
    if (error instanceof SignedOut) showNotice(texts.signed_out, texts.signed_out_advice);
    else if (error instanceof NotChecked) showNotice(texts.failed, texts.failed_advice);
    else if (error.name !== "AbortError") throw error;
  } finally {
    current = null;
    lastSeen = performance.now();
    byId("hint").textContent = texts.ready;
    tellNetwork(navigator.onLine);
  }
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

function tellNetwork(isOnline) {
  const network = byId("network");
  const state = isOnline ? "online" : "offline";
  const waiting = current && !isOnline ? texts.waiting.replace("{count}", "1") : "";
  if (network.dataset.state === state && byId("waiting").textContent === waiting) return;
  network.dataset.state = state;
  byId("network-word").textContent = isOnline ? texts.online : texts.offline;
  byId("waiting").textContent = waiting;
}

function tellTime() {
  const now = new Date();
  const time = now.toLocaleTimeString(data.language, { hour: "2-digit", minute: "2-digit", timeZone: data.time_zone });
  const day = dayAtDoor(now, data);
  const isLate = day !== calendarDay(now, data.time_zone); // after midnight the door still counts the day before
  const words = isLate && new Date(day).toLocaleDateString(data.language, { month: "short", day: "numeric", timeZone: "UTC" });
  byId("clock").textContent = words ? `${words} · ${time}` : time;
  byId("clock").dateTime = now.toISOString();
}

// Tapping a verdict away gives up a scan that still waits for the network: nobody was admitted by it here.
function next() {
  current?.abort();
  closeVerdict();
}

const camera = new Camera(
  byId("video"),
  data,
  (text) => { if (!isRepeat(text)) check(text); },
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
  navigator.wakeLock?.request("screen").catch(() => {}); // a phone that sleeps is woken by a touch
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
  if (text) check(text);
});

byId("next").addEventListener("click", next);
byId("force").addEventListener("click", () => {
  const { text, keys } = lastRefused;
  closeVerdict();
  check(text, { keys, forced: true });
});
byId("verdict").addEventListener("click", (event) => {
  if (!event.target.closest("button")) next();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && isVerdictOpen()) next();
});
whenVerdictCloses(() => { lastRefused = null; });

listenForHandScanner(byId("typed"), ({ text, keys }) => {
  if (current) return;
  if (!isRepeat(text)) check(text, { keys });
});

window.addEventListener("online", () => tellNetwork(true));
window.addEventListener("offline", () => tellNetwork(false));
tellNetwork(navigator.onLine);
tellTime();
setInterval(tellTime, 5000);
document.documentElement.dataset.door = "ready";
