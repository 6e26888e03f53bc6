// The preview of a call's questions: they appear as their conditions are met.

import { showByConditions } from "../kit/conditions.js";

const form = document.querySelector("form[data-preview]");
if (form) showByConditions(form);
