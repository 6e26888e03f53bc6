// The texts and settings that the server gives to the pages of scanners: at the door, and of exhibitors.

export { fill, isolate, joinFacts } from "../kit/phrases.js";

export const data = JSON.parse(document.getElementById("door-data").textContent);
export const { texts } = data;
// The path of the scanner's pages, with the language if this page's address has one: where the service worker works.
export const scope = location.pathname.replace(/\/(door|exhibitor)\/.*$/, "/$1/");
export const byId = (id) => document.getElementById(id);

// Returns the text of the page's language, else the English one, else any.
export function localized(names) {
  return names?.[data.language_code] ?? names?.en ?? Object.values(names ?? {})[0] ?? "";
}

// Returns a time of day at the expo; with the date if that is not today.
export function formatTime(milliseconds, timeZone) {
  const moment = new Date(milliseconds);
  const day = (each) => each.toLocaleDateString("en-CA", { timeZone });
  const time = { timeZone, hour: "2-digit", minute: "2-digit" };
  const isToday = day(moment) === day(new Date());
  return moment.toLocaleString(data.language, isToday ? time : { ...time, day: "numeric", month: "short" });
}

// Returns a duration in its largest unit: 40 sec, 5 min, 2 hr.
export function formatAge(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const [value, unit] =
    seconds < 100 ? [seconds, "second"] : seconds < 6000 ? [Math.round(seconds / 60), "minute"] : [Math.round(seconds / 3600), "hour"];
  return new Intl.NumberFormat(data.language, { style: "unit", unit, unitDisplay: "short" }).format(value);
}
