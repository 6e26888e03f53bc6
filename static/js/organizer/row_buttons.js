// Buttons that add and remove the rows of a form: each sends the form, and the answer is the form with that change.
// They take turns, each with the current state of the form, so that nothing done in the meantime is lost.

/** Makes the row buttons of a form take turns, and returns whether one of them is waiting for its answer. */
export function followRowButtons(form) {
  const isAsking = () => form.querySelector("button.htmx-request") !== null;
  let asked = null;
  let waiting = [];
  let isOutdated = false;

  // A button that is pressed while another one waits is pressed again when that one's answer is there.
  form.addEventListener(
    "click",
    (event) => {
      const button = event.target.closest("button[name=rows]");
      if (!button) return;
      const press = { value: button.value, kind: form.elements.new_kind?.value };
      if (isAsking()) {
        event.preventDefault();
        event.stopPropagation();
        waiting.push(press);
      } else {
        asked = press;
        isOutdated = false;
      }
    },
    true,
  );

  // An answer that does not know of a change is not shown: the button asks again.
  form.addEventListener("change", (event) => {
    if (isAsking() && event.target.name !== "new_kind") isOutdated = true;
  });
  form.addEventListener("htmx:before:swap", (event) => {
    if (isOutdated && isOfButton(event)) event.preventDefault();
  });

  // On the document, because the button may be gone with its row.
  document.addEventListener("htmx:finally:request", (event) => {
    if (!isOfButton(event) || !asked) return;
    if (isOutdated) waiting.unshift(asked);
    else if (event.detail.ctx.status === "swapped") waiting = waiting.flatMap((press) => moveUp(press, asked));
    asked = null;
    setTimeout(pressNext);
  });

  function pressNext() {
    const press = waiting.shift();
    const button = press && form.querySelector(`button[name=rows][value="${press.value}"]`);
    if (!button) return;
    if (press.kind) form.elements.new_kind.value = press.kind;
    button.click();
  }

  return isAsking;
}

/** Whether an event of htmx is about the request of a button, not of the form itself. */
function isOfButton(event) {
  return event.detail.ctx.sourceEvent?.type === "click";
}

/** Returns what to press for the same row once another one is removed: nothing if it was that row itself. */
function moveUp(press, removed) {
  const [own, gone] = [press.value, removed.value].map((value) => Number(value.split(":")[1] ?? NaN));
  if (!(own >= gone)) return [press];
  return own === gone ? [] : [{ ...press, value: `remove:${own - 1}` }];
}
