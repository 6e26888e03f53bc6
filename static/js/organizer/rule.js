// The rule of a checkpoint: the sentence follows each change, and rows are added and removed without a reload.
// What a button does has the last word: its answer has the sentence too, and that of a change would be older.

import { followRowButtons } from "./row_buttons.js";

const form = document.getElementById("rule");
const isAsking = followRowButtons(form);
form.addEventListener("htmx:config:request", (event) => {
  const isChange = event.detail.ctx.sourceElement === form;
  if (isChange && isAsking()) event.preventDefault();
});
