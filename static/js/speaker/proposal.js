// The form of a proposal: questions appear as their conditions are met, and drafts are saved while the speaker types.

import { showByConditions } from "../kit/conditions.js";

const PAUSE_MS = 1200;
const form = document.querySelector("form[enctype='multipart/form-data']");

if (form) {
  showByConditions(form);
  if ("autosave" in form.dataset) saveWhileTyping(form);
}

/** Saves the draft a moment after the last change, one request at a time. */
function saveWhileTyping(form) {
  const status = form.querySelector("[data-saved]");
  let timer = 0;
  let running = null;
  let isChanged = false;
  let isSending = false;

  const save = async () => {
    isChanged = false;
    status.textContent = form.dataset.saving;
    const body = new FormData(form);
    for (const field of form.querySelectorAll("input[type=file]")) body.delete(field.name);
    body.set("action", "autosave");
    try {
      const answer = await fetch(form.getAttribute("action"), { method: "POST", body, headers: { Accept: "application/json" }, redirect: "error" });
      if (!answer.ok && answer.status !== 409) throw new Error(String(answer.status));
      const saved = await answer.json();
      if (!answer.ok) {
        status.textContent = saved.text;
        return;
      }
      form.elements.version.value = saved.version;
      form.setAttribute("action", saved.url); // form.action is the button of that name
      if (location.pathname !== saved.url) history.replaceState(null, "", saved.url);
      status.textContent = saved.text;
    } catch {
      status.textContent = form.dataset.failed;
    }
  };

  const saveSoon = () => {
    isChanged = true;
    clearTimeout(timer);
    timer = setTimeout(async () => {
      if (running || isSending) return;
      running = save();
      await running;
      running = null;
      if (isChanged && !isSending) saveSoon();
    }, PAUSE_MS);
  };

  form.addEventListener("input", saveSoon);
  form.addEventListener("change", saveSoon);
  form.addEventListener("submit", async (event) => {
    isSending = true;
    clearTimeout(timer);
    if (!running) return;
    // A save is under way: the version that it returns must be sent, so wait for it.
    event.preventDefault();
    await running;
    form.requestSubmit(event.submitter);
  });
}
