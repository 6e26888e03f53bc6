// The registration form: changes steps in place, so that Back, reloading and a discarded tab lose nothing. Input is
// stored in this tab only (sessionStorage), until the order is placed. Without this script the form uses full page
// loads. Also: a badge preview, suggestions for names in Latin letters, and a searchable country field.

// Consent must be given each time, and the token belongs to the page.
const NOT_STORED = new Set(["csrf_token", "step", "go", "accept_terms"]);
const theForm = () => document.getElementById("registration");
const keyOf = (edition) => `expo-registration:${edition}`;
let isBusy = false;

function readDraft() {
  try {
    return JSON.parse(sessionStorage.getItem(keyOf(theForm().dataset.draft)));
  } catch {
    return null;
  }
}

function storeDraft() {
  const stored = [...new FormData(theForm())].filter(([name]) => !NOT_STORED.has(name));
  try {
    sessionStorage.setItem(keyOf(theForm().dataset.draft), JSON.stringify(Object.fromEntries(stored)));
  } catch {
    // No storage available: the form itself still carries all input.
  }
}

/** Submits the fields and shows the response. Returns false if the response is not a page of this form. */
async function send(fields) {
  const answer = await fetch(theForm().action, { method: "POST", body: new URLSearchParams(fields) });
  if (answer.redirected) {
    location.assign(answer.url);
    return true;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const next = page.querySelector("[data-registration]");
  if (!next || !page.getElementById("registration")) return false;
  document.querySelector("[data-registration]").replaceWith(next);
  enhance();
  return true;
}

async function sendStep(event) {
  const form = event.target;
  if (form !== theForm() || form.dataset.plain !== undefined) return;
  event.preventDefault();
  if (isBusy) return;
  isBusy = true;
  const button = event.submitter;
  const before = form.elements.step.value;
  const go = button?.value ?? "next";
  storeDraft();
  try {
    if (await send(new FormData(form, button))) {
      if (theForm().elements.step.value !== before || location.search !== `?step=${before}`) recordStep(before);
      storeDraft();
      moveFocus(go);
      return;
    }
  } catch {
    // Network error: fall back to a full page load, where the browser reports it.
  } finally {
    isBusy = false;
  }
  form.dataset.plain = "";
  form.requestSubmit(button);
}

/** Adds each step to the history, under a URL that contains only the step. */
function recordStep(before) {
  const step = theForm().elements.step.value;
  const address = `${location.pathname}?step=${step}`;
  if (step === before) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
}

/** Shows the step named in the URL, with the draft's input. */
async function showStepOfUrl() {
  const draft = readDraft();
  if (!draft) return;
  const address = new URLSearchParams(location.search);
  if (address.has("ticket")) draft.ticket_type = address.get("ticket");
  const token = theForm().elements.csrf_token.value;
  await send({ ...draft, csrf_token: token, step: address.get("step") ?? "ticket", go: "show" }).catch(() => undefined);
}

function moveFocus(go) {
  const people = document.querySelectorAll("fieldset[id^='person-']");
  const errors = document.getElementById("errors");
  if (errors) errors.focus();
  else if (go === "add" && people.length) {
    people[people.length - 1].scrollIntoView({ behavior: "instant" });
    people[people.length - 1].querySelector("input[name$='-name']").focus({ preventScroll: true });
  } else if (go.startsWith("remove")) document.querySelector("button[value=add]")?.focus();
  else {
    scrollTo({ top: 0, behavior: "instant" });
    document.querySelector("[data-registration] h1").focus({ preventScroll: true });
  }
}

function preview(name, text) {
  const place = document.querySelector(`[data-badge-preview] [data-preview="${name}"]`);
  if (place) place.textContent = text || place.dataset.empty || "";
}

function showTyped(field) {
  const name = field.name?.match(/^attendees-0-(name|latin_name|company)$/)?.[1];
  if (name) preview(name, field.value);
  if (field.name === "attendees-0-country") preview("country", field.value ? field.selectedOptions[0].textContent : "");
}

async function suggestLatinName(field) {
  const latin = field.form?.elements[field.name.replace(/-name$/, "-latin_name")];
  if (!latin || latin === field || (latin.value && latin.dataset.suggested !== latin.value)) return;
  const answer = await fetch(new URL("latin-name", `${location.origin}${location.pathname.replace(/\/$/, "")}/`), {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content },
    body: new URLSearchParams({ name: field.value }),
  });
  if (!answer.ok) return;
  latin.value = latin.dataset.suggested = await answer.text();
  showTyped(latin);
  storeDraft();
}

/** Adds a search field to a long select; the select's value is still what is submitted. */
function makeSearchable(select) {
  const input = document.createElement("input");
  const list = document.createElement("datalist");
  const options = [...select.options].filter((option) => option.value);
  list.id = `${select.id}-list`;
  list.append(...options.map((option) => new Option(option.textContent, option.textContent)));
  input.id = select.id;
  select.id += "-select";
  input.className = "form-control";
  input.autocomplete = "country-name";
  input.placeholder = select.dataset.hint;
  input.required = true;
  input.setAttribute("list", list.id);
  for (const name of ["aria-describedby", "aria-invalid"]) if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
  input.value = select.value ? select.selectedOptions[0].textContent : "";
  select.hidden = true;
  select.before(input, list);
  const choose = (option) => {
    select.value = option?.value ?? "";
    select.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();
  const find = (fits) => options.filter((option) => fits(fold(option.textContent), option.value.toLowerCase()));
  input.addEventListener("input", () => choose(find((name) => name === fold(input.value))[0]));
  input.addEventListener("change", () => {
    const typed = fold(input.value);
    if (!typed) return choose();
    const exact = find((name, code) => name === typed || code === typed);
    const near = exact.length ? exact : find((name) => name.startsWith(typed));
    const found = near.length ? near : find((name) => name.includes(typed));
    // Accept a single match; do not guess among several.
    const meant = found.length === 1 || exact.length ? found[0] : undefined;
    if (meant) input.value = meant.textContent;
    choose(meant);
  });
}

/** Detects text typed on a slow network before this script had loaded, when no event reported it. */
function isTyped(field) {
  return field.value !== field.defaultValue;
}

const isName = (field) => /^attendees-\d+-name$/.test(field.name ?? "");

function enhance() {
  for (const select of document.querySelectorAll("select[data-searchable]")) makeSearchable(select);
}

const registered = document.querySelector("[data-registered]");
if (registered) sessionStorage.removeItem(keyOf(registered.dataset.registered));

if (theForm()) {
  enhance();
  for (const field of theForm().querySelectorAll("input[name^='attendees-']:not([type=hidden])")) {
    if (!isTyped(field)) continue;
    showTyped(field);
    if (isName(field)) suggestLatinName(field);
  }
  document.addEventListener("submit", sendStep);
  document.addEventListener("input", (event) => {
    if (!event.target.closest("#registration")) return;
    showTyped(event.target);
    storeDraft();
  });
  document.addEventListener("change", (event) => {
    if (!event.target.closest("#registration")) return;
    showTyped(event.target);
    if (isName(event.target)) suggestLatinName(event.target);
    storeDraft();
  });
  addEventListener("popstate", showStepOfUrl);
  if (document.querySelector("[data-registration][data-fresh]")) showStepOfUrl();
}
