// What every page does beyond its HTML. Without this file every form and link still works.

import { closeMenusOutside, dismissFlashes, submitOnChange, moveThroughTables, copyOnClick, askBefore } from "./behaviours.js";

closeMenusOutside();
dismissFlashes();
submitOnChange();
moveThroughTables();
copyOnClick();
askBefore();

// Signed out on this page: what `/me` keeps for days without a network is not left to the next one at this device.
if (document.body.hasAttribute("data-nobody") && "caches" in window) await caches.delete("expo-me");

const errors = document.getElementById("errors");
if (errors) errors.focus();

if (document.querySelector("[data-chart]")) {
  const { drawCharts } = await import("./charts.js");
  await drawCharts(document.querySelectorAll("[data-chart]"));
}
