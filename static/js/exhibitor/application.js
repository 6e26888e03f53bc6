// The application form: the organizer's questions appear as their conditions are met.

import { showByConditions } from "../kit/conditions.js";

const form = document.querySelector("form[data-application]");
if (form) showByConditions(form);
