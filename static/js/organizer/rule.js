// The rule of a checkpoint: the sentence follows each change, and rows are added and removed without a reload.
// A button takes precedence: its answer contains the sentence too, and that of a change would be older.

import { followRowButtons } from "./row_buttons.js";

const form = document.getElementById("rule");
const isAsking = followRowButtons(form);
form.addEventListener("htmx:config:request", (event) => {
  const isChange = event.detail.ctx.sourceElement === form;
  if (isChange && isAsking()) event.preventDefault();
});
