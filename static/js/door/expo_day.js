// The expo day of a moment at a checkpoint: before the turn-over hour it is the previous day, if that is an expo day.
// The same rule as expo/pure/door_days.py; tests/pure/door_days.json verifies both.

const TURN_OVER_HOUR = 4;

// Returns a day as YYYY-MM-DD.
export function dayAtDoor(moment, { time_zone, starts_on, ends_on }) {
  const { day, hour } = here(moment, time_zone);
  const before = dayBefore(day);
  return hour < TURN_OVER_HOUR && starts_on <= before && before <= ends_on ? before : day;
}

export function calendarDay(moment, timeZone) {
  return here(moment, timeZone).day;
}

function here(moment, timeZone) {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone, calendar: "gregory", numberingSystem: "latn",
    year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", hourCycle: "h23",
  });
  const part = Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, value]));
  return { day: `${part.year}-${part.month}-${part.day}`, hour: Number(part.hour) };
}

function dayBefore(day) {
  const moment = new Date(`${day}T12:00:00Z`);
  moment.setUTCDate(moment.getUTCDate() - 1);
  return moment.toISOString().slice(0, 10);
}
