// The camera and the buttons around it: flashlight, sound, the hand that holds the phone.

import { Camera } from "./camera.js";
import { byId, data, scope, texts } from "./page_data.js";
import { switchSounds, unlockSounds } from "./sounds.js";

const RUNNING = "door-running"; // in sessionStorage: an update of the page starts the camera again

let camera = null;

// Prepares the camera, which passes the texts that it reads to `onText`.
export function prepareCamera(onText) {
  // In the scope, so that the service worker also serves what the decoder loads.
  camera = new Camera(byId("video"), { ...data, worker_url: `${scope}worker.js` }, onText, (error) => {
    console.error(error);
    byId("hint").textContent = texts.camera_missing;
  });
  // Also for those who only use a handheld scanner, whose keys count as a touch.
  stayAwake();
  for (const touch of ["pointerdown", "keydown"]) {
    document.addEventListener(touch, () => unlockSounds().catch(() => {}), { once: true });
  }
  if (sessionStorage.getItem(RUNNING)) start();
}

export function rememberRunning() {
  if (camera?.isOpen) sessionStorage.setItem(RUNNING, "yes");
}

async function start() {
  sessionStorage.removeItem(RUNNING);
  byId("start-panel").hidden = true;
  byId("start-panel").classList.add("d-none");
  byId("tools").hidden = false;
  unlockSounds().catch(() => {});
  if (navigator.mediaDevices) await openCamera(localStorage.getItem("door-camera") ?? undefined);
  else byId("hint").textContent = texts.camera_missing;
}

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

// Keeps the screen on; the browser lets it go off whenever another app or tab is shown.
function stayAwake() {
  const request = () => navigator.wakeLock?.request("screen").catch(() => {}); // optional: a touch wakes the phone
  request();
  document.addEventListener("visibilitychange", () => document.hidden || request());
}

function setHand(hand) {
  document.body.dataset.hand = hand;
  byId("hand").setAttribute("aria-pressed", String(hand === "left"));
}

function toggle(button) {
  const isOn = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(isOn));
  return isOn;
}

byId("start").addEventListener("click", start);
byId("torch").addEventListener("click", (event) => camera.light(toggle(event.currentTarget)));
byId("switch-camera").addEventListener("click", async () => {
  localStorage.setItem("door-camera", await camera.openNext());
  byId("torch").hidden = !camera.hasTorch;
});
byId("sound").addEventListener("click", (event) => switchSounds(toggle(event.currentTarget)));
byId("hand").addEventListener("click", (event) => {
  const hand = event.currentTarget.getAttribute("aria-pressed") === "true" ? "right" : "left";
  localStorage.setItem("door-hand", hand);
  setHand(hand);
});
setHand(localStorage.getItem("door-hand") ?? "right");
