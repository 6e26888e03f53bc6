// The camera and the buttons around it: flashlight, sound, the hand that holds the phone.

import { Camera } from "./camera.js";
import { byId, data, scope, texts } from "./page_data.js";
import { switchSounds, unlockSounds } from "./sounds.js";

const RUNNING = "door-running"; // in sessionStorage: an update of the page starts the camera again

let camera = null;

// Prepares the camera, which passes the texts that it reads to `onText`.
export function prepareCamera(onText) {
  // In the scope, so that the service worker also serves what the decoder loads.
  camera = new Camera(byId("video"), { ...data, worker_url: `${scope}worker.js` }, {
    onText,
    onBroken: (error) => {
      console.error(error);
      byId("hint").textContent = texts.camera_missing;
    },
    onEnded: () => offerStart(texts.camera_ended),
  });
  // Also for those who only use a handheld scanner, whose keys count as a touch; and again after a call has silenced the page.
  stayAwake();
  for (const touch of ["pointerdown", "keydown"]) document.addEventListener(touch, () => unlockSounds().catch(() => {}));
  measure("--door-tools", byId("tools"));
  measure("--door-strip", document.querySelector(".door-strip"));
  if (sessionStorage.getItem(RUNNING)) start();
}

// Tells the style sheet how high an element is, so that others keep clear of it however many lines it has.
function measure(property, element) {
  new ResizeObserver(() => document.body.style.setProperty(property, `${element.offsetHeight}px`)).observe(element);
}

export function rememberRunning() {
  if (camera?.isOpen) sessionStorage.setItem(RUNNING, "yes");
}

async function start() {
  sessionStorage.removeItem(RUNNING);
  showStart(false);
  byId("tools").hidden = false;
  unlockSounds().catch(() => {});
  if (navigator.mediaDevices) await openCamera(localStorage.getItem("door-camera") ?? undefined);
  else offerStart(isSecureContext ? texts.camera_missing : texts.camera_insecure);
}

function showStart(isShown) {
  byId("start-panel").hidden = !isShown;
  byId("start-panel").classList.toggle("d-none", !isShown);
}

// Says why there is no picture, and lets people try again once they have done something about it.
function offerStart(words) {
  byId("hint").textContent = words;
  showStart(true);
  showCameraTools();
}

function showCameraTools() {
  byId("torch").hidden = !camera.isOpen || !camera.hasTorch;
  byId("torch").setAttribute("aria-pressed", "false"); // every camera begins without light
  byId("switch-camera").hidden = !camera.isOpen || !camera.hasOthers;
}

const FAULTS = { NotAllowedError: "camera_refused", NotReadableError: "camera_busy", AbortError: "camera_busy" };

async function openCamera(deviceId) {
  byId("hint").textContent = texts.camera_starting;
  try {
    await camera.open(deviceId);
  } catch (error) {
    camera.close();
    return deviceId ? openCamera() : offerStart(texts[FAULTS[error.name] ?? "camera_missing"]);
  }
  byId("hint").textContent = texts.ready;
  showCameraTools();
}

async function openNextCamera() {
  try {
    localStorage.setItem("door-camera", await camera.openNext());
    showCameraTools();
  } catch {
    await openCamera();
  }
}

async function switchLight() {
  const isOn = toggle(byId("torch"));
  try {
    await camera.light(isOn);
  } catch {
    byId("torch").hidden = true;
    byId("hint").textContent = texts.torch_failed;
  }
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
byId("torch").addEventListener("click", switchLight);
byId("switch-camera").addEventListener("click", openNextCamera);
byId("sound").addEventListener("click", (event) => switchSounds(toggle(event.currentTarget)));
byId("hand").addEventListener("click", (event) => {
  const hand = event.currentTarget.getAttribute("aria-pressed") === "true" ? "right" : "left";
  localStorage.setItem("door-hand", hand);
  setHand(hand);
});
setHand(localStorage.getItem("door-hand") ?? "right");
