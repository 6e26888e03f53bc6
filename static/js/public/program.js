// Opens the programme at the current time: expands and scrolls to the current hour, and marks the time in the grid.

const MINUTE = 60_000;
const moment = (element) => Date.parse(element.dataset.begins);

/** Expands the current hour, collapses past ones, and returns the current one; undefined on other days. */
function openCurrentHour() {
  const hours = [...document.querySelectorAll("details.hour-block[data-begins]")];
  if (!hours.length) return undefined;
  const now = Date.now();
  const begun = hours.filter((hour) => moment(hour) <= now);
  const isToday = begun.length > 0 && now < moment(hours.at(-1)) + 120 * MINUTE;
  if (!isToday) return undefined;
  for (const hour of hours) hour.open = hour === begun.at(-1) || moment(hour) > now && hours.length < 6;
  return begun.at(-1);
}

/** Draws the current-time line over the room grid. Row heights vary, so its position is based on the hour labels. */
function drawNowLine() {
  const grid = document.querySelector("[data-now-grid]");
  const hours = [...(grid?.querySelectorAll(".hour[data-begins]") ?? [])];
  const now = Date.now();
  const at = hours.findLastIndex((hour) => moment(hour) <= now);
  const line = grid?.querySelector(".now-line");
  if (at < 0 || now >= moment(hours[at]) + 60 * MINUTE) return line?.remove();
  const top = hours[at].offsetTop;
  const bottom = hours[at + 1]?.offsetTop ?? top + hours[at].offsetHeight;
  const drawn = line ?? grid.appendChild(Object.assign(document.createElement("div"), { className: "now-line" }));
  drawn.style.insetBlockStart = `${top + ((bottom - top) * (now - moment(hours[at]))) / (60 * MINUTE)}px`;
  return drawn;
}

function showNow(hour, line) {
  const scroller = line?.closest(".grid-scroll");
  if (scroller?.offsetParent) scroller.scrollTop = line.offsetTop - scroller.clientHeight / 3;
  else hour?.scrollIntoView();
}

const hour = openCurrentHour();
const line = drawNowLine();
setInterval(drawNowLine, MINUTE);
if (!location.hash && history.scrollRestoration !== "manual" && performance.getEntriesByType("navigation")[0]?.type === "navigate") showNow(hour, line);
document.querySelector("[data-jump-now]")?.addEventListener("click", (event) => {
  // The list of a large day may show another hour, and then the current one is a link.
  const link = document.querySelector(`a.hour-block${event.currentTarget.hash}`);
  const current = hour ?? document.querySelector("details.hour-block");
  if (!current) return;
  event.preventDefault();
  if (link?.offsetParent) return location.assign(link.href);
  current.open = true;
  showNow(hour, drawNowLine());
});
