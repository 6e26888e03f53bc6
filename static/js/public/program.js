// Opens the programme at the current time: expands the current hour, scrolls to what is on, and marks the time in the grid.

const MINUTE = 60_000;
// A session that began earlier is not what people look for when they ask what is on now, such as an exhibition.
const RECENT = 90 * MINUTE;
const moment = (element) => Date.parse(element.dataset.begins);

/** Expands the current hour and what is still on, collapses the others, and returns the current one, if it is today. */
function openCurrentHour() {
  const hours = [...document.querySelectorAll("details.hour-block[data-begins]")];
  if (!hours.length) return undefined;
  const now = Date.now();
  const begun = hours.filter((hour) => moment(hour) <= now);
  const isToday = begun.length > 0 && now < moment(hours.at(-1)) + 120 * MINUTE;
  if (!isToday) return undefined;
  for (const hour of hours) hour.open = hour === begun.at(-1) || isStillOn(hour) || moment(hour) > now && hours.length < 6;
  return begun.at(-1);
}

/** Returns whether an hour or a time of the list has a session that began not long ago and has not ended. */
function isStillOn(element) {
  const now = Date.now();
  return [...element.querySelectorAll(".session-card[data-ends]")].some((card) => {
    const begins = Date.parse(card.querySelector("time").dateTime);
    return begins <= now && now < begins + RECENT && now < Date.parse(card.dataset.ends);
  });
}

/** Mutes the sessions of the list that are over. */
function markOver() {
  for (const card of document.querySelectorAll(".session-card[data-ends]")) card.classList.toggle("is-over", Date.parse(card.dataset.ends) <= Date.now());
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
  else ([...document.querySelectorAll(".hour-block[open] .time-block")].find(isStillOn) ?? hour)?.scrollIntoView({ behavior: "instant" });
}

const hour = openCurrentHour();
const line = drawNowLine();
markOver();
setInterval(drawNowLine, MINUTE);
setInterval(markOver, MINUTE);
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
