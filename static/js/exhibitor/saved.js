// The panel after a scan: confirms that the lead was saved, and takes the team's notes.

import { byId, data, fill, joinFacts, texts } from "../door/page_data.js";

const SAVE_MS = 400;

let current = null; // { entry, onChange, onClose }
let timer = 0;

export function isSavedOpen() {
  return current !== null;
}

// Shows the panel of an entry. `onChange(entry)` is called while it is edited, `onClose()` afterwards.
export function openSaved(entry, questions, onChange, onClose) {
  current = { entry, onChange, onClose };
  byId("saved-word").textContent = texts.saved;
  showName("");
  byId("saved-note").value = entry.note ?? "";
  for (const radio of document.querySelectorAll("[name=rating]")) radio.checked = Number(radio.value) === entry.rating;
  byId("saved-questions").replaceChildren(...questions.map((each) => fieldOf(each, entry.answers?.[each.key])));
  byId("saved").hidden = false;
  byId("saved").scrollTop = 0;
  byId("saved-word").focus();
}

// Shows what the server says about the open entry.
export function showAnswer(entry, answer) {
  if (current?.entry.scan_id !== entry.scan_id) return false;
  showName(joinFacts([answer.lead.name, answer.lead.company, answer.lead.country, answer.meeting]));
  if (answer.lead.visits > 1) byId("saved-word").textContent = fill(texts.saved_again, { count: answer.lead.visits.toLocaleString(data.language) });
  return true;
}

export function isShown(entry) {
  return current?.entry.scan_id === entry.scan_id;
}

export function closeSaved() {
  if (!current) return;
  flush();
  const { onClose } = current;
  current = null;
  byId("saved").hidden = true;
  onClose();
}

function showName(words) {
  byId("saved-name").textContent = words;
}

function flush() {
  clearTimeout(timer);
  if (!timer || !current) return;
  timer = 0;
  const form = new FormData(byId("saved-form"));
  const answers = {};
  for (const [name, value] of form) {
    if (name.startsWith("q") && value.trim()) answers[name] = [...(answers[name] ?? []), value.trim()];
  }
  const { entry } = current;
  current.entry = {
    ...entry,
    note: byId("saved-note").value.trim(),
    rating: Number(form.get("rating")) || null,
    answers: Object.keys(answers).length ? answers : null,
  };
  current.onChange(current.entry);
}

// A question as a text field, or as a group of choices.
function fieldOf({ key, kind, label, options }, given = []) {
  if (kind === "text") {
    const field = create("label", "lead-question", label);
    const input = Object.assign(document.createElement("input"), { type: "text", name: key, maxLength: 300, dir: "auto", className: "form-control", value: given[0] ?? "" });
    field.append(input);
    return field;
  }
  const group = create("fieldset", "lead-question");
  group.append(create("legend", "", label), ...options.map((option) => {
    const choice = create("label", "door-choice");
    const input = Object.assign(document.createElement("input"), { type: kind === "single_choice" ? "radio" : "checkbox", name: key, value: option, checked: given.includes(option) });
    const words = create("span", "", option);
    choice.append(input, words);
    return choice;
  }));
  return group;
}

function create(name, className, text = "") {
  const element = Object.assign(document.createElement(name), { className, dir: "auto" });
  if (text) element.append(text);
  return element;
}

byId("saved-form").addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(flush, SAVE_MS);
});
byId("saved-form").addEventListener("submit", (event) => {
  event.preventDefault();
  closeSaved();
});
