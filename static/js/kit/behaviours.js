// Small behaviours of the components, each bound once to the document.

/** Closes open menus on a click elsewhere and on Escape, which also returns the focus to the menu's button. */
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

/** Takes good news away after a while; warnings and errors stay until they are clicked. */
export function dismissFlashes() {
  const list = document.querySelector("[data-flashes]");
  if (!list) return;
  const leaveSoon = () => {
    for (const flash of list.querySelectorAll(":is(.callout-success, .callout-info):not([data-leaving])")) {
      flash.dataset.leaving = "";
      setTimeout(() => flash.remove(), 7000);
    }
  };
  leaveSoon();
  new MutationObserver(leaveSoon).observe(list, { childList: true });
  list.addEventListener("click", (event) => event.target.closest("[data-flash]")?.remove());
}

/** Sends a form with data-autosubmit as soon as a choice in it changes. */
export function submitOnChange() {
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-autosubmit]");
    if (form && event.target.matches("select, input[type=checkbox], input[type=radio], input[type=date]")) form.requestSubmit();
  });
}

/** Arrow keys move through the rows of a data table whose row links have the focus. */
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

/** Copies the text named by data-copy. */
export function copyOnClick() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(button.dataset.copy);
    button.setAttribute("data-copied", "");
  });
}

/** Puts the focus on the answer when a question opens. */
export function askBefore() {
  document.addEventListener(
    "toggle",
    (event) => {
      if (event.target.matches?.("details[data-confirm][open]")) event.target.querySelector("form button")?.focus();
    },
    true,
  );
}

/** Signed out, or about to sign in: what `/me` keeps on this device is not left to the next one at it. */
export function forgetWhenSignedOut() {
  if (document.body.hasAttribute("data-nobody")) forgetKept();
  document.addEventListener("submit", (event) => {
    if (event.target.matches("form[action$='/sign-out']")) forgetKept();
  });
}

/** Deletes what `/me` keeps for days without a network, but for the caches whose names begin with `spared`. */
export async function forgetKept(spared) {
  if (!("caches" in window)) return;
  const names = (await caches.keys()).filter((name) => name.startsWith("expo-me") && !(spared && name.startsWith(spared)));
  await Promise.all(names.map((name) => caches.delete(name)));
}
