// The questions of a checkpoint: rows are added and removed without a reload.

import { followRowButtons } from "./row_buttons.js";

followRowButtons(document.getElementById("questions"));
