// Asks for the reason to override a refusal; it is required.

const dialog = document.getElementById("force-dialog");
const form = document.getElementById("force-form");
const note = form.elements.force_note;

let answer = () => {};

export function isReasonDialogOpen() {
  return dialog.open;
}

// Resolves to { force_reason, force_note }, or null if the dialog was closed.
export function askForReason(name) {
  form.reset();
  setNote();
  document.getElementById("force-name").textContent = name;
  dialog.showModal();
  form.querySelector("[name=force_reason]").focus();
  return new Promise((resolve) => { answer = resolve; });
}

// A note is required only if none of the reasons fits.
function setNote() {
  const isOther = form.elements.force_reason.value === form.dataset.other;
  note.required = isOther;
  document.getElementById("force-optional").hidden = isOther;
}

form.addEventListener("change", setNote);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (note.required && !note.value.trim()) {
    note.value = "";
    note.reportValidity();
    return;
  }
  const { force_reason, force_note } = Object.fromEntries(new FormData(form));
  answer({ force_reason, force_note: force_note.trim() });
  dialog.close();
});
document.getElementById("force-back").addEventListener("click", () => dialog.close());
dialog.addEventListener("close", () => {
  answer(null); // no effect if already resolved
});
