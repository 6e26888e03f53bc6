// Questions that people at the door answer before somebody is admitted.

import { localized, texts } from "./page_data.js";

const dialog = document.getElementById("questions-dialog");
const form = document.getElementById("questions-form");
const fields = document.getElementById("questions-fields");

let finish = () => {};

export function isAsking() {
  return dialog.open;
}

// Resolves to the answers by question id, or null if the dialog was closed.
export function askQuestions(questions, name) {
  document.getElementById("questions-name").textContent = name;
  fields.replaceChildren(...questions.map(fieldOf));
  dialog.showModal();
  fields.querySelector("input")?.focus();
  return new Promise((resolve) => { finish = resolve; });
}

function fieldOf(question) {
  const label = localized(question.text);
  if (question.kind === "confirm") return choice("checkbox", question.id, "yes", label);
  if (question.kind === "choice") {
    const group = document.createElement("fieldset");
    group.className = "door-choices";
    group.append(Object.assign(document.createElement("legend"), { className: "form-legend", textContent: label }));
    group.append(...question.choices.map((each) => choice("radio", question.id, each.id, localized(each.text))));
    return group;
  }
  const field = document.createElement("label");
  field.className = "form-label door-question";
  const input = Object.assign(document.createElement("input"), {
    className: "form-control", name: question.id, required: true, maxLength: 200, dir: "auto",
  });
  field.append(label, input);
  return field;
}

function choice(type, name, value, words) {
  const label = Object.assign(document.createElement("label"), { className: "door-choice" });
  const input = Object.assign(document.createElement("input"), { type, name, value, required: true });
  label.append(input, Object.assign(document.createElement("span"), { textContent: words, dir: "auto" }));
  return label;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const answers = Object.fromEntries(
    [...form.elements].filter((each) => each.name && (each.type !== "radio" || each.checked))
      .map((each) => [each.name, each.type === "checkbox" ? each.checked : each.value.trim()]),
  );
  const empty = [...form.elements].find((each) => each.type === "text" && each.name && !each.value.trim());
  if (empty) {
    empty.setCustomValidity(texts.answer_missing);
    empty.reportValidity();
    empty.addEventListener("input", () => empty.setCustomValidity(""), { once: true });
    return;
  }
  finish(answers);
  dialog.close();
});
document.getElementById("questions-back").addEventListener("click", () => dialog.close());
dialog.addEventListener("close", () => {
  finish(null); // no effect if already resolved
});
