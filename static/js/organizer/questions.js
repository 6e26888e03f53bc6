// The conditions of a question: only the answers of the chosen question are offered. Without it, all of them are.

const UNARY = new Set(["is_answered", "is_empty"]);
const ORDERED = new Set(["is_at_least", "is_at_most"]);

for (const row of document.querySelectorAll("[data-condition]")) {
  const [question, operator] = row.querySelectorAll("select");
  const update = () => offerAnswers(row, question, operator.value);
  question.addEventListener("change", update);
  operator.addEventListener("change", update);
  update();
}

function offerAnswers(row, question, operator) {
  const chosen = question.selectedOptions[0];
  const isTyped = ORDERED.has(operator) || (chosen && "typed" in chosen.dataset);
  const answer = row.querySelector("[data-answer]");
  const value = row.querySelector("[data-value]");
  answer.hidden = UNARY.has(operator) || (isTyped && value !== null);
  if (value) value.hidden = UNARY.has(operator) || !isTyped;
  const select = answer.querySelector("select");
  for (const group of select.querySelectorAll("optgroup")) {
    group.hidden = group.disabled = question.value !== "" && group.dataset.question !== question.value;
  }
  // A disabled option would not be sent, so an answer to another question is dropped.
  if (select.selectedOptions[0]?.parentElement.disabled) select.value = "";
}
