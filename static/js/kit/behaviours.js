// Small component behaviours, each bound to the document once.

/** Closes open menus on an outside click and on Escape, which also returns the focus to the menu's button. */
export function closeMenusOutside() {
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}

/**
 * Lets messages be closed. Those of the page stay above it; those that a script adds appear over it, without moving it,
 * and leave once they can have been read, except for warnings and errors.
 */
export function manageFlashes() {
  const list = document.querySelector("[data-flashes]");
  if (!list) return;
  let room = list.offsetHeight;
  for (const flash of list.querySelectorAll("[data-flash]")) addCloseButton(flash, list.dataset.close);
  setTimeout(() => (list.dataset.read = ""), readingTime(list));
  new MutationObserver((changes) => {
    const added = changes.flatMap((change) => [...change.addedNodes]).filter((node) => node.matches?.("[data-flash]"));
    if (added.length && !("live" in list.dataset)) {
      list.style.setProperty("--flow", `${room}px`);
      list.dataset.live = "";
    }
    for (const flash of added) {
      addCloseButton(flash, list.dataset.close);
      if (flash.matches(".callout-success, .callout-info")) leaveWhenRead(flash);
    }
  }).observe(list, { childList: true });
  list.addEventListener("click", (event) => {
    const button = event.target.closest(".flash-close");
    if (!button) return;
    button.closest("[data-flash]").remove();
    document.getElementById("main")?.focus({ preventScroll: true });
    if (!("live" in list.dataset)) room = list.offsetHeight;
  });
}

function addCloseButton(flash, label) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "flash-close", textContent: "×" });
  button.setAttribute("aria-label", label);
  flash.append(button);
}

/** Removes a message after its reading time, which begins again whenever pointer and focus leave it. */
function leaveWhenRead(flash) {
  let timer;
  const stop = () => clearTimeout(timer);
  const start = () => {
    stop();
    timer = setTimeout(() => flash.remove(), readingTime(flash));
  };
  for (const kind of ["pointerenter", "focusin"]) flash.addEventListener(kind, stop);
  for (const kind of ["pointerleave", "focusout"]) flash.addEventListener(kind, start);
  start();
}

function readingTime(element) {
  return Math.max(8000, 4000 + 120 * element.textContent.trim().length);
}

/** Scrolls the tab of this page into view: on a phone a row of tabs is wider than the screen. */
export function showCurrentTab() {
  const current = document.querySelector(".tabs [aria-current]");
  const row = current?.closest(".tabs");
  if (!row || row.scrollWidth <= row.clientWidth) return;
  const tab = current.getBoundingClientRect();
  const whole = row.getBoundingClientRect();
  row.scrollBy({ left: tab.left + tab.width / 2 - whole.left - whole.width / 2 });
}

/** Submits a form with data-autosubmit when a choice in it changes. */
export function submitOnChange() {
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-autosubmit]");
    if (form && event.target.matches("select, input[type=checkbox], input[type=radio], input[type=date]")) form.requestSubmit();
  });
}

/** Refuses a file that is too large before it is sent: what else was typed into its form would be lost. */
export function refuseLargeFiles() {
  document.addEventListener("change", (event) => {
    if (event.target.matches("input[data-max-bytes]")) checkSize(event.target);
  });
  document.addEventListener(
    "submit",
    (event) => {
      const tooLarge = [...event.target.querySelectorAll("input[data-max-bytes]")].filter((input) => !checkSize(input));
      if (!tooLarge.length) return;
      event.preventDefault();
      event.stopPropagation();
      tooLarge[0].focus();
    },
    true,
  );
}

function checkSize(input) {
  const isTooLarge = [...input.files].some((file) => file.size > Number(input.dataset.maxBytes));
  const note = document.getElementById(`${input.id}-too-large`);
  if (isTooLarge && !note) {
    const error = Object.assign(document.createElement("div"), { id: `${input.id}-too-large`, className: "form-error", textContent: input.dataset.tooLarge });
    error.setAttribute("role", "alert");
    input.after(error);
    input.setAttribute("aria-invalid", "true");
  } else if (!isTooLarge && note) {
    note.remove();
    input.removeAttribute("aria-invalid");
  }
  return !isTooLarge;
}

/** Lets arrow keys move between the row links of a data table. */
export function moveThroughTables() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const row = event.target.closest?.("table[data-table] tbody tr");
    if (!row || event.target.matches("input, select, textarea")) return;
    const next = event.key === "ArrowDown" ? row.nextElementSibling : row.previousElementSibling;
    const link = next?.querySelector("a, button");
    if (!link) return;
    event.preventDefault();
    link.focus();
  });
}

/** Copies the text in data-copy. */
export function copyOnClick() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(button.dataset.copy);
    button.setAttribute("data-copied", "");
  });
}

/** Focuses the confirm button when a confirmation opens. */
export function focusConfirmation() {
  document.addEventListener(
    "toggle",
    (event) => {
      if (event.target.matches?.("details[data-confirm][open]")) event.target.querySelector("form button")?.focus();
    },
    true,
  );
}

/** Deletes the offline copies of `/me` when nobody is signed in, so that the device's next user cannot see them. */
export function deleteOfflineCopiesOnSignOut() {
  if (document.body.hasAttribute("data-nobody")) deleteOfflineCopies();
  document.addEventListener("submit", (event) => {
    if (event.target.matches("form[action$='/sign-out']")) deleteOfflineCopies();
  });
}

/** Empties the scanner on this device when its steward signs out; `door-device` is set if there is one. */
export function leaveDoorOnSignOut() {
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("form[action$='/sign-out']") || !localStorage.getItem("door-device")) return;
    event.preventDefault();
    const { leaveDoor } = await import("../door/leave.js");
    if (await leaveDoor()) form.submit();
  });
}

/** Deletes the offline copies of `/me`, except in caches whose names start with `spared`. */
export async function deleteOfflineCopies(spared) {
  if (!("caches" in window)) return;
  const names = (await caches.keys()).filter((name) => name.startsWith("expo-me") && !(spared && name.startsWith(spared)));
  await Promise.all(names.map((name) => caches.delete(name)));
}
