// Enhancements of every page. Without this script every form and link still works.

import { closeMenusOutside, manageFlashes, submitOnChange, refuseLargeFiles, moveThroughTables, copyOnClick, focusConfirmation, deleteOfflineCopiesOnSignOut, leaveDoorOnSignOut, showCurrentTab } from "./behaviours.js";
import { breakBetweenWords } from "./phrases.js";

closeMenusOutside();
manageFlashes();
showCurrentTab();
submitOnChange();
refuseLargeFiles();
moveThroughTables();
copyOnClick();
focusConfirmation();
deleteOfflineCopiesOnSignOut();
leaveDoorOnSignOut();
if (document.documentElement.lang.startsWith("zh")) {
  breakBetweenWords();
  document.addEventListener("htmx:after:swap", () => breakBetweenWords());
}

const errors = document.getElementById("errors");
if (errors) errors.focus();

if (document.querySelector("[data-chart]")) {
  const { drawCharts } = await import("./charts.js");
  await drawCharts(document.querySelectorAll("[data-chart]"));
}
