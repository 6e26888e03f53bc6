// Checks visitors in to their meetings: a text from the camera, a hand scanner or the keyboard is sent to the server.

import { listenForHandScanner } from "../door/hand_scanner.js";
import { byId, data, texts } from "../door/page_data.js";
import { sound } from "../door/sounds.js";
import { prepareCamera } from "../door/tools.js";

const REPEAT_MS = 3000;

let isSending = false;
let last = { text: "", seen: 0 };

// A badge held in front of the camera is sent once; it counts again after three seconds out of view.
function isRepeat(text) {
  const now = performance.now();
  const repeats = last.text === text && now - last.seen < REPEAT_MS;
  last = { text, seen: now };
  return repeats;
}

async function receive(text) {
  if (isSending || !byId("arrived").hidden) return;
  isSending = true;
  byId("refused").hidden = true;
  try {
    const answer = await fetch(data.url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": data.csrf_token },
      body: JSON.stringify({ badge: text }),
    });
    const body = await answer.json();
    if (answer.ok) welcome(body);
    else refuse(body.message ?? texts.not_sent);
  } catch {
    refuse(texts.not_sent); // no network, or a page to sign in
  } finally {
    isSending = false;
  }
}

function welcome({ name, message, url }) {
  byId("arrived-word").textContent = name;
  byId("arrived-text").textContent = message;
  byId("arrived-link").href = url;
  byId("arrived").hidden = false;
  byId("arrived-next").focus();
  sound("saved");
  byId("announce").textContent = message;
}

function refuse(message) {
  byId("refused-advice").textContent = message;
  byId("refused").hidden = false;
  byId("refused-next").focus();
  sound("ask");
  byId("announce").textContent = message;
}

function next() {
  byId("arrived").hidden = true;
  byId("refused").hidden = true;
}

byId("type").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = byId("typed").value.trim();
  byId("typed").value = "";
  if (text) receive(text);
});
for (const id of ["arrived-next", "refused-next"]) byId(id).addEventListener("click", next);
document.addEventListener("keydown", (event) => { if (event.key === "Escape") next(); });
listenForHandScanner([byId("typed")], ({ text }) => { if (!isRepeat(text)) receive(text); });
prepareCamera((text) => { if (!isRepeat(text)) receive(text); });
document.documentElement.dataset.ready = "yes";
