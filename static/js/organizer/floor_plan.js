// The floor plan editor: connects the drawing, pointer, keyboard, panels and server. Without it the table of booths and
// the plain forms remain.

import { enableCompanies, renderCompanies } from "./floor_plan/companies.js";
import { follow } from "./floor_plan/follow.js";
import { enableKeys } from "./floor_plan/keys.js";
import { model, onChange, changed } from "./floor_plan/model.js";
import { enableOutline } from "./floor_plan/outline.js";
import { enablePointer } from "./floor_plan/pointer.js";
import { render } from "./floor_plan/render.js";
import { enableTools, renderTools } from "./floor_plan/tools.js";
import { enableUnplaced, renderUnplaced } from "./floor_plan/unplaced.js";

for (const part of document.querySelectorAll("[data-needs-script]")) part.hidden = false;

onChange(render);
onChange(renderTools);
onChange(renderCompanies);
onChange(renderUnplaced);
enablePointer();
enableOutline();
enableKeys();
enableTools();
enableCompanies();
enableUnplaced();
changed();
document.documentElement.dataset.floorPlan = "saved";
follow();
addEventListener("beforeunload", (event) => {
  if (model.waiting) event.preventDefault();
});
